import json
from typing import Any

import pytest

from ivr.kinds.base import Dialed
from tests.ivr.factories import Walk, make_document, make_step


def make_question(**settings: Any) -> Walk:
    steps = {
        "ask": make_step(
            "collect",
            settings={"variable": "account", "min_length": 2, "max_length": 4, **settings},
            prompts={"question": "question", "no_input": "nothing", "wrong": "wrong"},
            exits={"collected": "next", "no_input": "silent", "wrong_input": "wrong"},
        ),
        **{name: make_step("collect", prompts={"question": "other"}) for name in ("next", "silent", "wrong")},
    }
    return Walk(make_document(steps))


def test_digits_are_asked_for_with_their_length_and_end_key():
    gather = make_question(end_key="*", timeout=7).gather

    assert (gather.num_digits, gather.finish_on_key, gather.timeout, gather.input) == (4, "*", 7, "dtmf")


def test_without_an_end_key_twilio_is_told_so():
    assert make_question(end_key="").gather.finish_on_key == ""


@pytest.mark.parametrize("digits", ["12", "1234"])
def test_digits_of_the_right_length_are_kept_under_their_name(digits):
    walk = make_question().press(digits)

    assert walk.step == "next"
    assert walk.position.variables == {"account": digits}
    assert walk.events("pressed") == [{"step": "ask", "digits": digits}]


@pytest.mark.parametrize("digits", ["1", "12345", "1*3", "٣٤"])
def test_other_input_is_wrong(digits):
    walk = make_question(max_mistakes=2).press(digits)

    assert walk.said == ["wrong in English.", "question in English."]
    assert walk.press(digits).step == "wrong"
    assert walk.position.variables == {}


@pytest.mark.parametrize(
    "nothing", [lambda walk: walk.be_silent(), lambda walk: walk.press(""), lambda walk: walk.hear(Dialed("busy"))]
)
def test_silence_has_its_own_words_and_exit(nothing):
    walk = nothing(make_question(max_silences=2))

    assert walk.said == ["nothing in English.", "question in English."]
    assert nothing(walk).step == "silent"


def test_a_secret_is_kept_nowhere():
    walk = make_question(secret=True, max_mistakes=5)
    assert walk.document.steps["ask"].hides_input

    kept = []
    for digits in ("98765", "9876"):
        walk.press(digits)
        kept.append(json.dumps([walk.position.to_json(), walk.outcome.events, repr(walk.outcome)]))
    walk = make_question(secret=True).speak("nine eight seven six", 0.9)
    kept.append(json.dumps([walk.position.to_json(), walk.outcome.events, repr(walk.outcome)]))

    assert not any("987" in text or "eight" in text for text in kept)
    assert walk.events("spoke") == [{"step": "ask", "text": "•••", "confidence": 0.9}]


def test_the_dots_of_a_secret_do_not_tell_its_length():
    events = [make_question(secret=True).press(digits).events("pressed") for digits in ("12", "1234", "123456")]

    assert events == [[{"step": "ask", "digits": "•••"}]] * 3
