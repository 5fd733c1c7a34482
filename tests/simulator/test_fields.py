"""Our fields beside those of recorded requests: the names must be the same."""

import json
from pathlib import Path

import pytest

from tests.simulator.world import ANN, world

PAYLOADS = Path(__file__).parents[1] / "payloads"

# Fields that a recorded request of this kind does not have because of its age or its account.
NEWER = {"CallToken", "StirVerstat"}


def recorded(name: str) -> set[str]:
    return set(json.loads((PAYLOADS / f"{name}.json").read_text())["params"])


def names(fields: dict[str, str]) -> set[str]:
    return set(fields) - NEWER


def outbound(answers: str) -> list[dict[str, str]]:
    w = world()
    w.phone(ANN, answers)
    noun = f"<Number statusCallback='/child' statusCallbackEvent='initiated ringing answered completed'>{ANN}</Number>"
    w.page("/over", "")
    w.call(f"<Dial timeLimit='5' action='/over' record='record-from-answer'>{noun}</Dial>")
    w.sim.advance(90)
    return w.app.asked("/child") + w.app.asked("/over")


def test_an_incoming_call():
    w = world()
    w.call("<Say>Hello</Say>")

    assert names(w.app.asked("/voice")[0]) == recorded("voice-inbound-us") | {"AccountSid"}


def test_the_end_of_an_incoming_call():
    w = world()
    w.call("<Say>Hello</Say>")
    w.sim.run_until_idle()

    assert names(w.app.asked("/status")[0]) == recorded("status-completed-inbound")


@pytest.mark.parametrize(
    ("answers", "which", "payload"), [("answers", 0, "status-initiated"), ("busy", 2, "status-busy-486")]
)
def test_the_news_of_an_outgoing_leg(answers, which, payload):
    assert names(outbound(answers)[which]) - {"ParentCallSid"} == recorded(payload)


def test_pressed_keys():
    w = world()
    w.page("/got", "")
    leg = w.call("<Gather action='/got'/>")
    w.sim.press(leg.sid, "174422#")

    assert names(w.app.asked("/got")[0]) == recorded("gather-digits-hash")


@pytest.mark.parametrize(
    ("answers", "payload"), [("ignores", "dial-no-answer"), ("answers", "dial-completed-recorded")]
)
def test_the_end_of_a_dial(answers, payload):
    assert names(outbound(answers)[-1]) == recorded(payload) | {"DialBridged"}


def test_a_finished_recording():
    w = world()
    w.page("/done", "")
    leg = w.call("<Record action='/done' recordingStatusCallback='/rec'/>")
    w.sim.advance(1)
    w.sim.speak(leg.sid, "Hello")
    w.sim.run_until_idle()

    assert names(w.app.asked("/rec")[0]) == recorded("recording-recordverb") | {"RecordingTrack"}


def test_a_client_has_no_geography():
    w = world()
    w.page("/voice", "<Say>Hello</Say>")
    w.call(caller="client:ann")

    assert not [name for name in w.app.asked("/voice")[0] if name.startswith(("From", "Caller")) and name[-1] in "yep"]
