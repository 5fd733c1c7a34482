"""How long a call may stay in each kind of step."""

import math

import pytest

from ivr.proofs.staying import Lengths, Stay, asking, stay
from tests.ivr.factories import END, make_document, make_step, option

SOUNDS = {"five": 5.0, "two": 2.0, "ten": 10.0}
TEXTS = {
    "five": {"en-US": {"audio": "five"}, "es-US": {"audio": "two"}},
    "two": {"en-US": {"audio": "two"}, "es-US": {"audio": "two"}},
    "ten": {"en-US": {"audio": "ten"}, "es-US": {"audio": "ten"}},
}


def stayed(kind, exit_="", *, waits=None, **more):
    document = make_document({"it": make_step(kind, **more), "bye": END}, texts=TEXTS)
    return stay(document.steps["it"], exit_, Lengths(document.script, SOUNDS, waits or {}))


def test_a_message_lasts_as_long_as_its_longest_language():
    assert stayed("message", "next", prompts={"message": "five"}) == Stay(5, 1, 5)


def test_what_says_nothing_takes_no_time():
    assert stayed("hours", "open", schedule="1") == Stay(0, 0, 0)


def test_a_menu_asks_again_after_each_silence_and_each_wrong_answer():
    prompts = {"greeting": "ten", "no_input": "two", "wrong": "five"}

    found = stayed(
        "menu",
        prompts=prompts,
        options=[option("A", "1")],
        settings={"timeout": 5, "max_silences": 2, "max_mistakes": 2},
    )

    # asked, silent, asked, wrong, asked
    assert found == Stay((10 + 5) + (2 + 10 + 5) + (5 + 10 + 5), 5, 10)


def test_keys_of_several_digits_take_their_time_and_doubtful_words_a_question_more():
    plain = stayed("menu", prompts={"greeting": "ten"}, options=[option("A", "12")], settings=ONCE)
    doubtful = stayed(
        "menu", prompts={"greeting": "ten", "confirm": "two"}, options=[option("A", "1", "ann")], settings=ONCE
    )

    assert plain == Stay(10 + 2 * 5, 1, 10)
    assert doubtful == Stay(10 + 5 + 2 + 5, 2, 10)


ONCE = {"timeout": 5, "max_silences": 1, "max_mistakes": 1}


def test_digits_are_waited_for_one_by_one():
    found = stayed("collect", prompts={"question": "ten"}, settings=ONCE | {"max_length": 4})

    assert found == Stay(10 + 4 * 5, 1, 10)
    assert found.seconds == asking_of("collect", prompts={"question": "ten"}, settings=ONCE | {"max_length": 4})


def asking_of(kind, **more):
    document = make_document({"it": make_step(kind, **more), "bye": END}, texts=TEXTS)
    return asking(document.steps["it"], Lengths(document.script, SOUNDS))


def test_a_choice_of_languages_is_said_in_each():
    found = stayed(
        "language",
        prompts={"greeting": "five", "wrong": "two"},
        options=[option("English", "1", language="en-US")],
        settings={"timeout": 5, "max_tries": 2},
    )

    assert found == Stay((7 + 5) + (4 + 7 + 5), 3, 7)


@pytest.mark.parametrize(
    ("settings", "waits", "exit_", "seconds"),
    [
        ({"longest": 60}, {"7": 300}, "timed_out", 60),
        ({}, {"7": 300}, "answered", 300),
        ({}, {"7": None}, "answered", math.inf),
        ({"longest": 60}, {}, "full", 0),
        ({"longest": 60}, {}, "unstaffed", 60),
        ({"longest": 60, "unstaffed": "arriving"}, {}, "unstaffed", 0),
    ],
)
def test_a_wait_is_as_long_as_the_step_or_the_queue_allows(settings, waits, exit_, seconds):
    wait = [{"kind": "message", "prompt": "ten", "seconds": 0}, {"kind": "pause", "prompt": "", "seconds": 9}]

    assert stayed("queue", exit_, waits=waits, queue="7", settings=settings, wait=wait).seconds == seconds


@pytest.mark.parametrize(("order", "seconds"), [("together", 20), ("in_turn", 60)])
def test_people_are_rung_together_or_in_turn(order, seconds):
    targets = ["client:ann", "client:bob", "client:cid"]

    assert stayed("ring", "nobody", settings={"targets": targets, "seconds": 20, "order": order}).seconds == seconds


@pytest.mark.parametrize(
    ("kind", "more", "expected"),
    [
        ("look_up", {"prompts": {"message": "five"}, "settings": {"seconds": 4}}, Stay(5 + 4 + 3, 1, 5)),
        ("consent", {}, Stay(24, 2, 12)),
        ("voicemail", {"prompts": {"greeting": "five"}, "settings": {"max_length": 60}}, Stay(65, 1, 5)),
        (
            "conference_room",
            {"prompts": {"pin": "five", "wrong": "two"}, "settings": {"timeout": 1, "max_tries": 2}},
            Stay((5 + 12) + (2 + 5 + 12), 3, 5),
        ),
        (
            "call_back",
            {"prompts": {"confirm": "five", "key_in": "two"}, "settings": {"timeout": 1, "max_tries": 1}},
            Stay((2 + 12) + (5 + 6 + 1), 2, 11),
        ),
    ],
)
def test_each_kind_that_waits_is_bounded_by_its_own_limits(kind, more, expected):
    assert stayed(kind, **more) == expected
