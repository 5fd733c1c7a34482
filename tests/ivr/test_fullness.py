import pytest

from ivr.fullness import MOST_BYTES, is_too_much
from telephony.twiml import Gather, Hangup, Say, Verb


@pytest.mark.parametrize(
    ("verbs", "too_much"),
    [
        ((), False),
        ((Say("Hello."), Hangup()), False),
        ((Say("a" * (MOST_BYTES - 200)),), False),
        ((Say("a" * MOST_BYTES),), True),
        ((Say("&" * (MOST_BYTES // 5)), Hangup()), True),
        ((Gather("https://example.com", (Say("a" * MOST_BYTES),)),), True),
    ],
)
def test_an_answer_holds_so_much(verbs: tuple[Verb, ...], too_much: bool) -> None:
    assert is_too_much(verbs) is too_much
