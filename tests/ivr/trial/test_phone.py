from typing import Any

import pytest

from ivr.trial.conditions import HangUp, Press, StaySilent, Wait
from ivr.trial.phone import HungUp, Phone, Stopped, flattened, taken
from ivr.trial.told import Expects
from telephony.twiml import Gather, Pause, Play, Redirect, Say

ACTION = "https://example.com/1"
EXPECTS = Expects("answer")


def phone(*inputs: Any) -> Phone:
    return Phone(inputs, sounds={"ab": 3.5}, media="https://example.com/prompts/", talk=30)


@pytest.mark.parametrize(
    ("keys", "given", "expected"),
    [
        ("123", {"num_digits": 2}, ("12", "", True)),
        ("12", {"num_digits": 3}, ("12", "", False)),
        ("12#3", {}, ("12", "#", True)),
        ("1*", {"finish_on_key": "*"}, ("1", "*", True)),
        ("1#", {"finish_on_key": ""}, ("1#", "", False)),
        ("#", {}, ("", "#", True)),
    ],
)
def test_the_keys_that_a_question_takes(keys: str, given: dict[str, Any], expected: tuple[str, str, bool]) -> None:
    assert taken(keys, Gather(ACTION, **given)) == expected


@pytest.mark.parametrize(
    ("verb", "seconds"),
    [
        (Pause(4), 4),
        (Play("https://example.com/prompts/ab"), 3.5),
        (Play("https://example.com/prompts/ab", loop=2), 7),
        (Play("https://example.com/music"), 10),
        (Play(digits="ww12"), 1),
    ],
)
def test_how_long_something_is_heard(verb: Any, seconds: float) -> None:
    assert phone().length(verb) == seconds


def test_a_longer_text_takes_longer() -> None:
    assert phone().length(Say("Hello.")) < phone().length(Say("Hello. " * 9))


def test_a_talk_lasts_until_the_other_side_hangs_up() -> None:
    waited = phone(Wait(40), Press("1"), StaySilent())

    assert phone(StaySilent()).talk(EXPECTS) == 30
    assert waited.talk(EXPECTS) == 40
    assert [moment.what for moment in waited.diary.moments] == ["pressed"]
    with pytest.raises(HungUp):
        phone(HangUp()).talk(EXPECTS)
    with pytest.raises(Stopped):
        phone().talk(EXPECTS)


def test_a_wait_document_is_what_is_heard_and_whether_keys_count() -> None:
    gather = Gather(ACTION, (Say("Hello."),), timeout=1)

    assert flattened((gather, Pause(9), Redirect(ACTION))) == [
        (Say("Hello."), True),
        (Pause(1), True),
        (Pause(9), False),
    ]
