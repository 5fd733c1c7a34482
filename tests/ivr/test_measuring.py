"""How long an answer is: measured only where it could matter."""

import pytest

from ivr.measuring import MOST_BYTES, is_too_long
from telephony.twiml import Dial, Gather, Number, Pause, Redirect, Say, Verb, render


@pytest.mark.parametrize(
    ("verbs", "too_long"),
    [
        ([], False),
        ([Say("Hello.")], False),
        ([Say("x" * 59_000)], False),
        ([Say("x" * 60_001)], True),
        ([Say("&" * 13_000)], True),
        ([Gather("https://a.example", [Say("x" * 30_000)] * 2)], True),
        ([Dial([Number("+15005550100", url="https://a.example")] * 10), Pause(), Redirect("https://a.example")], False),
    ],
)
def test_an_answer_may_take_so_many_bytes(verbs: list[Verb], too_long: bool):
    assert is_too_long(verbs) is too_long
    assert (len(render(verbs).encode()) > MOST_BYTES) is too_long
