"""Whoever is asked whether they may be recorded: nothing is, before they have agreed, on whatever way they come."""

import pytest

from compliance.models import Consent
from compliance.states import Mode
from recordings.models import Recorder, Recording
from tests.scenarios.desk import Desk
from tests.scenarios.people import Company
from tests.scenarios.recorded import ASKED, TOLD, Watch, policy


def answers() -> list[str]:
    return [f"{one.party} {one.answer}" for one in Consent.objects.order_by("at", "pk")]


def test_a_conversation_is_recorded_after_the_customer_was_told(desk: Desk) -> None:
    policy(Mode.ANNOUNCE)
    company, watch = Company(desk), Watch(desk, Mode.ANNOUNCE)
    ann = company.agent("Ann")
    caller = company.caller()
    phone = ann.rings().answers()

    caller.hears(TOLD)
    assert not watch.tapes()
    desk.wait(6)
    assert watch.runs(caller)
    phone.says("How can I help?")
    caller.says("My bicycle has a flat tire").waits(8)
    caller.hangs_up()

    assert answers() == ["customer told"]
    (tape,) = watch.tapes()
    assert (tape.wish.channels, tape.status) == (2, "completed")
    recording = Recording.objects.get()
    assert (recording.subject, recording.channels, recording.speakers) == ("conversation", 2, ["customer", "Ann"])
    assert (recording.call, recording.queue) == (caller.row, company.queue)
    assert recording.agent is not None
    assert recording.agent.name == "Ann"
    assert Recorder.objects.get().state == "stopped"
    assert watch.wrong == []


@pytest.mark.parametrize(("key", "expected"), [("1", "customer agreed"), ("2", "customer refused"), ("", "customer silent")])
def test_who_is_asked_is_recorded_only_after_a_yes_and_the_call_goes_on(desk: Desk, key: str, expected: str) -> None:
    policy(Mode.ASK_ONE)
    company, watch = Company(desk), Watch(desk, Mode.ASK_ONE)
    ann = company.agent("Ann")
    caller = company.caller()
    phone = ann.rings().answers()
    caller.hears(ASKED)
    if key:
        caller.press(key)
    else:
        caller.hears(ASKED).waits(12)
    desk.wait(4)

    phone.says("How can I help?")
    caller.hears("How can I help?")
    desk.wait(2)
    assert answers() == [expected]
    assert watch.runs(caller) == (key == "1")
    assert bool(desk.twilio.recordings) == (key == "1")
    caller.hangs_up()
    assert watch.wrong == []
