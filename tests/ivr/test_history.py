import pytest

from ivr import history
from ivr.kinds.base import Dialed, Keys, Queued, Recorded, Silence, Speech
from ivr.kinds.collect import Collect
from ivr.kinds.sent import Referred, Unreached
from telephony.twiml import Client, Conference, Dial, Gather, Number, Pause, Play, Redirect, Say, Sip, Written

OPEN, SECRET = Collect("4", "Digits", {}, {}), Collect("4", "Digits", {}, {}, secret=True)


def test_what_is_said_and_played_is_told_and_what_is_silent_is_not():
    said = Say("Hello.", voice="man", language="en-US")
    verbs = (said, Pause(3), Gather("https://x.example", (Play("https://x.example/p/abc"),)), Redirect("https://x"))

    assert list(history.sent(verbs, media="https://x.example/p/")) == [
        ("heard", {"text": "Hello.", "language": "en-US", "voice": "man"}),
        ("heard", {"audio": "abc"}),
    ]


def test_what_written_twiml_says_and_rings_is_told():
    written = Written("<Gather action='/x'><Say>Press 1.</Say></Gather><Dial>+15005550110</Dial>")

    assert list(history.sent((written,), media="")) == [
        ("heard", {"text": "Press 1.", "language": None, "voice": None}),
        ("rang", {"targets": ["+15005550110"]}),
    ]


def test_everybody_who_is_rung_is_told():
    dial = Dial([Number("+15005550110"), Client("ann"), Sip("sip:a@b.example"), Conference("7f")])

    assert list(history.sent((dial,), media="")) == [
        ("rang", {"targets": ["+15005550110", "client:ann", "sip:a@b.example", "7f"]})
    ]


@pytest.mark.parametrize(
    ("heard", "told"),
    [
        (Keys("12"), [("pressed", {"step": "4", "digits": "12"})]),
        (Speech("yes", 0.5), [("spoke", {"step": "4", "text": "yes", "confidence": 0.5})]),
        (Silence(), [("silent", {"step": "4"})]),
        (Dialed("busy"), [("dialed", {"step": "4", "status": "busy", "bridged": None, "leg": "", "seconds": None})]),
        (Recorded("RE1", 9), []),
        (Queued("leave"), []),
        (
            Referred("busy", "202", "486"),
            [("sent-away", {"step": "4", "outcome": "busy", "code": "486"})],
        ),
        (Unreached("11200"), [("sent-away", {"step": "4", "outcome": "unreached", "code": "11200"})]),
    ],
)
def test_what_the_caller_did_is_told(heard, told):
    assert list(history.heard(heard, OPEN)) == told


@pytest.mark.parametrize("heard", [Keys("471147"), Speech("four seven", 0.9)])
def test_what_is_secret_is_dots(heard):
    ((_, data),) = history.heard(heard, SECRET)

    assert history.DOTS in data.values()
    assert "47" not in str(data)
