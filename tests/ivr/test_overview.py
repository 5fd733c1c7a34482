"""Documents in words, and their differences."""

from ivr import overview
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


def test_steps_come_as_callers_meet_them_and_those_that_nothing_leads_to_last():
    rows = overview.rows(make_document(STEPS))

    assert [(row.name, row.reached) for row in rows] == [
        ("Menu", True),
        ("Ring", True),
        ("Bye", True),
        ("Lost", False),
    ]
    assert [row.name for row in rows if row.is_first] == ["Menu"]


def test_a_step_tells_what_takes_each_way_and_where_it_leads():
    row = overview.rows(make_document(STEPS))[0]

    assert [(way.label, way.detail, way.target_name) for way in row.ways] == [
        ("Sales", "key 1 or “sales”, “buy”", "Ring"),
        ("Help", "“help”", "Bye"),
        ("No input", "", "Bye"),
        ("Wrong input", "", ""),
    ]


def test_a_step_tells_what_callers_hear_without_its_markup():
    texts = {"hello": wordings("Hello <break time='1s'/> there.")}

    menu_row, ring_row, *_ = overview.rows(make_document(STEPS, texts=texts))

    assert menu_row.says == "Hello there."
    assert ring_row.says == "ringing at +15005550110"


def test_a_sound_is_told_by_its_name():
    texts = {"hello": {"en-US": {"audio": "ab" * 32}}}

    assert overview.rows(make_document(STEPS, texts=texts))[0].says == "sound “hello”"


def test_the_same_document_has_no_difference():
    assert overview.difference(make_document(STEPS), make_document(STEPS)) == []


def test_without_an_old_document_everything_is_new():
    changes = overview.difference(None, make_document(STEPS))

    assert {(change.what, change.subject) for change in changes} == {("added", name) for name in STEPS}


def test_a_difference_is_told_step_by_step():
    new = {
        "Menu": menu(settings={"timeout": 9}) | {"exits": {"Sales": "Bye", "Help": "Bye", "no_input": "Bye"}},
        "Bye": END,
        "Ring": ring(),
        "More": END,
    }

    changes = overview.difference(
        make_document(STEPS), make_document(new, texts={"hello": wordings("Good morning.", "hello in Spanish.")})
    )

    assert [(change.what, change.subject) for change in changes] == [
        ("changed", "Menu"),
        ("added", "More"),
        ("removed", "Lost"),
    ]
    assert changes[0].lines == (
        "Seconds to wait for the caller: 9, was 5",
        "Greeting, en-US: “Good morning.”, was “hello in English.”",
        "After “Sales”: Bye (key 1 or “sales”, “buy”), was Ring (key 1 or “sales”, “buy”)",
    )


def test_a_difference_tells_languages_and_the_first_step():
    old = make_document(STEPS)
    new = make_document(STEPS, first="Ring", languages=(("en-US", "Polly.Matthew-Neural"),))

    assert overview.difference(old, new)[0].lines == (
        "First step: Ring, was Menu",
        "Languages: en-US (Polly.Matthew-Neural), was en-US (Polly.Joanna-Neural), es-US (Polly.Lupe-Neural)",
    )


def test_what_is_new_or_gone_within_a_step_is_told_as_such():
    bare = make_step("menu", options=[option("Sales", "1")], exits={"Sales": "Bye"})
    told = make_step("menu", prompts={"greeting": "hello"}, options=[], exits={})

    lines = overview.difference(make_document({"M": bare, "Bye": END}), make_document({"M": told, "Bye": END}))[0].lines

    assert "Greeting, en-US: now “hello in English.”" in lines
    assert "After “Sales”: no longer Bye (key 1)" in lines
