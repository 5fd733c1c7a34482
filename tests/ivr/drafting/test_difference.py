"""How two documents differ, in the words that a person reads."""

import pytest

from ivr.drafting.difference import Names, Piece, difference, marks, pieces
from ivr.kinds import KINDS
from tests.ivr.factories import END, make_document, make_step, option, wordings


def menu(**more):
    return make_step(
        "menu",
        prompts={"greeting": "hello"},
        options=[option("Sales", "1", "sales", "buy"), option("Help", "", "help")],
        exits={"Sales": "Ring", "Help": "Bye", "no_input": "Bye"},
        **more,
    )


def ring(**settings):
    return make_step(
        "ring",
        settings={"targets": ["+15005550110"], **settings},
        prompts={"whisper": "whisper"},
        exits={"answered": "Bye", "nobody": "Bye"},
    )


STEPS = {"Menu": menu(), "Lost": END, "Bye": END, "Ring": ring()}


def lines(old, new, *, names=None, texts=None, before=None):
    """Tell how one step differs, in a flow that has it and an end."""
    found = difference(
        make_document({"Step": old, "Bye": END}, texts=before),
        make_document({"Step": new, "Bye": END}, texts=texts),
        names=names,
    )
    return [str(line) for change in found for line in change.lines]


def test_the_same_document_has_no_difference():
    assert difference(make_document(STEPS), make_document(STEPS)) == ()


def test_without_an_old_document_everything_is_new_and_told():
    changes = difference(None, make_document(STEPS))

    assert [(change.what, change.subject) for change in changes] == [
        ("added", name) for name in ("Menu", "Ring", "Bye", "Lost")
    ]
    assert [str(line) for line in changes[1].lines] == [
        "Kind: now Ring people",
        "Whisper to whoever answers, prompt: now “whisper”",
        "Whisper to whoever answers in English (United States): now “whisper in English.”",
        "Whisper to whoever answers in Spanish (United States): now “whisper in Spanish.”",
        "Whom to ring: now +15005550110",
        "After “Answered”: now Bye",
        "After “Nobody answered”: now Bye",
    ]


def test_a_difference_is_told_step_by_step_as_callers_meet_it():
    new = {
        "Menu": menu(settings={"timeout": 9}) | {"exits": {"Sales": "Bye", "Help": "Bye", "no_input": "Bye"}},
        "Bye": END,
        "Ring": ring(),
        "More": END,
    }

    changes = difference(
        make_document(STEPS), make_document(new, texts={"hello": wordings("Good morning.", "hello in Spanish.")})
    )

    assert [(change.what, change.subject, change.step) for change in changes] == [
        ("changed", "Menu", "Menu"),
        ("added", "More", "More"),
        ("removed", "Lost", "Lost"),
    ]
    assert [str(line) for line in changes[0].lines] == [
        "Greeting in English (United States): “Good morning.”, was “hello in English.”",
        "Seconds to wait for the caller: 9, was 5",
        "After “Sales”: Bye, was Ring",
    ]


def test_a_difference_tells_languages_and_the_first_step():
    old = make_document(STEPS)
    new = make_document(STEPS, first="Ring", languages=(("en-US", "Polly.Matthew-Neural"),))

    assert [str(line) for line in difference(old, new)[0].lines] == [
        "First step: Ring, was Menu",
        (
            "Languages: English (United States) with the voice Polly.Matthew-Neural, was"
            " English (United States) with the voice Polly.Joanna-Neural,"
            " then Spanish (United States) with the voice Polly.Lupe-Neural"
        ),
    ]


def test_a_text_is_compared_word_by_word():
    assert pieces("We are open until five today.", "We are open until six today.") == (
        Piece("We are open until "),
        Piece("five ", "removed"),
        Piece("six ", "added"),
        Piece("today."),
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [("Hello there.", "Please hold the line for us."), ("word " * 2000, "word " * 2001), ("", "New."), ("Old.", "")],
)
def test_texts_that_have_little_in_common_or_are_long_are_told_whole(before, after):
    assert [piece.what for piece in pieces(before, after) if piece.text] == [
        *(["removed"] if before else []),
        *(["added"] if after else []),
    ]


def test_nothing_of_a_text_is_lost_whatever_changes():
    old, new = "One  two\nthree <break time='1s'/> four.", "One two\nthree and four, five."

    found = pieces(old, new)

    assert "".join(piece.text for piece in found if piece.what != "added").split() == old.split()
    assert "".join(piece.text for piece in found if piece.what != "removed").split() == new.split()


def test_what_a_step_refers_to_is_told_by_its_name():
    def told(queue):
        ways = dict.fromkeys(("answered", "timed_out", "full", "unstaffed"), "Bye")
        return make_step("queue", queue=queue, exits=ways, wait=[{"kind": "music", "prompt": "", "seconds": 10}])

    names = Names(things={("queue", "7"): "Sales", ("queue", "8"): "Service"})

    assert lines(told("7"), told("8"), names=names) == ["Queue: Service, was Sales"]
    assert lines(told("7"), told("9"), names=names) == ["Queue: something that is gone, was Sales"]


def test_a_sound_is_told_by_its_name_and_by_its_hash_where_two_have_the_same():
    step = make_step("message", prompts={"message": "hello"}, exits={"next": "Bye"})
    first, second = ({"hello": {"en-US": {"audio": one * 32}}} for one in ("ab", "cd"))
    names = {"ab" * 32: "Chime", "cd" * 32: "Bell"}

    told = lines(step, step, before=first, texts=second, names=Names(sounds=names))
    alike = lines(step, step, before=first, texts=second, names=Names(sounds=dict.fromkeys(names, "Chime")))

    assert told == ["Message in English (United States): the sound “Bell”, was the sound “Chime”"]
    assert alike == [
        "Message in English (United States): the sound “Chime” (cdcdcdcd), was the sound “Chime” (abababab)"
    ]


def test_what_is_heard_while_waiting_is_one_list_so_that_a_new_item_moves_no_other():
    def told(*items):
        wait = [{"kind": kind, "prompt": prompt, "seconds": seconds} for kind, prompt, seconds in items]
        return make_step("queue", queue="7", exits={"answered": "Bye"}, wait=wait)

    before = make_document({"Step": told(("music", "", 10)), "Bye": END})
    after = make_document({"Step": told(("pause", "", 5), ("music", "", 10)), "Bye": END})

    (line,) = difference(before, after)[0].lines

    assert line.pieces == (Piece("silence: 5 seconds; then ", "added"), Piece("music: the house's own"))


def test_choices_and_switches_are_told_as_the_form_shows_them():
    assert lines(ring() | {"exits": {}}, ring(order="in_turn", screening=True) | {"exits": {}}) == [
        "Ring: One after the other, was All at once",
        "Whoever answers must press 1: yes, was no",
    ]


def test_options_are_told_with_what_takes_them_and_in_their_order():
    one = make_step("menu", options=[option("A", "1"), option("B", "2")], exits={"A": "Bye", "B": "Bye"})
    other = make_step("menu", options=[option("B", "3", "bee"), option("A", "1")], exits={"B": "Bye"})

    assert lines(one, other) == [
        "Option “B”: key 3 or “bee”, was key 2",
        "Order of the options: B, A, was A, B",
        "After “A”: not decided, was Bye",
    ]


def test_a_step_with_a_new_name_is_the_same_one_and_what_leads_to_it_has_not_changed():
    new = make_document(STEPS)
    renamed = make_document({**STEPS, "Bye": END | {"name": "Goodbye"}})

    assert [(change.what, change.subject) for change in difference(new, renamed)] == [("changed", "Goodbye")]
    assert [str(line) for line in difference(new, renamed)[0].lines] == ["Name: Goodbye, was Bye"]


def test_a_step_that_was_made_anew_under_its_old_name_is_the_same_one():
    old = make_document({"1": menu() | {"name": "Menu", "exits": {"no_input": "2"}}, "2": END | {"name": "Bye"}})
    new = make_document({"8": menu() | {"name": "Menu", "exits": {"no_input": "9"}}, "9": END | {"name": "Bye"}})

    assert difference(old, new) == ()


def test_a_picture_marks_steps_and_ways_out():
    new = {
        "Menu": menu() | {"exits": {"Sales": "Bye", "wrong_input": "Bye", "Help": "Bye"}},
        "Bye": END,
        "More": make_step("message", exits={"next": "Bye"}),
    }

    found = marks(difference(make_document(STEPS), make_document(new)))

    assert found.steps == {"Menu": "changed", "More": "added", "Lost": "removed", "Ring": "removed"}
    assert {way: what for way, what in found.exits.items() if way[0] in ("Menu", "More")} == {
        ("Menu", "Sales"): "changed",
        ("Menu", "wrong_input"): "added",
        ("Menu", "no_input"): "removed",
        ("More", "next"): "added",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_no_setting_of_any_kind_changes_untold(kind):
    for name, setting in KINDS[kind].settings().items():
        other = {
            bool: lambda row: not row.default,
            int: lambda row: int(row.maximum if row.default != row.maximum else row.minimum),
            float: lambda row: row.maximum if row.default != row.maximum else row.minimum,
            str: lambda row: next((key for key, _ in row.choices if key != row.default), "other"),
            tuple: lambda _row: ["+15005550199"],
        }[setting.kind](setting)
        old, new = make_step(kind), make_step(kind, settings={name: other})
        if setting.pattern:
            continue

        (told,) = lines(old, new)

        assert told.startswith(f"{setting.label}: ")
