"""Whoever is asked whether they may be recorded: nothing is, before they have agreed, on whatever way they come."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from agents.states import EndpointKind
from compliance.actions import consent
from compliance.models import Consent, Scope
from compliance.states import Answer, Mode
from conferences import actions as conferences
from conferences.actions import Place, Target
from conferences.models import Conference
from recordings.actions import recorders
from recordings.models import Recorder, Recording
from recordings.recorder import PauseReason
from tests.scenarios.desk import CALLER, Desk, Phone
from tests.scenarios.line import SCREENING, Line
from tests.scenarios.people import Company, Person
from tests.scenarios.recorded import ASKED, TOLD, Obliging, Watch, policy


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


@pytest.mark.parametrize(
    ("key", "expected"), [("1", "customer agreed"), ("2", "customer refused"), ("", "customer silent")]
)
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


# ---- every policy on every way into a conversation

Way = Callable[[Company, Conference, Phone, Person], None]
NUMBER = "+14155550188"


def offered(_company: Company, _conference: Conference, _caller: Phone, _ann: Person) -> None:
    """Nothing more happens than that an agent has taken the call."""


def consults_a_colleague(company: Company, _conference: Conference, _caller: Phone, ann: Person) -> None:
    ben = company.agent("Ben", member=False)
    ann.does("consult", agent=ben.agent.pk)
    ben.rings().answers()
    company.desk.wait(10)
    ann.does("complete")


def hands_over(company: Company, _conference: Conference, _caller: Phone, ann: Person) -> None:
    ben = company.agent("Ben", member=False)
    ann.does("hand-over", agent=ben.agent.pk)
    ben.rings().answers()


def merges_with_a_number(company: Company, conference: Conference, _caller: Phone, ann: Person) -> None:
    company.desk.phone(NUMBER, "asks")
    place = Target(place=Place(EndpointKind.NUMBER, NUMBER), name="The workshop")
    company.floor.do(conferences.consult, conference.pk, place, by_agent=ann.agent)
    company.desk.rings(NUMBER).answers().hears("Press 1").press("1")
    company.desk.wait(20)
    ann.does("merge")


def adds_a_number(company: Company, conference: Conference, _caller: Phone, ann: Person) -> None:
    company.desk.phone(NUMBER, "asks")
    place = Target(place=Place(EndpointKind.NUMBER, NUMBER), name="The workshop")
    company.floor.do(conferences.add, conference.pk, place, by_agent=ann.agent)
    company.desk.rings(NUMBER).answers().hears("Press 1").press("1")


def a_supervisor_barges_in(company: Company, conference: Conference, _caller: Phone, _ann: Person) -> None:
    sue = company.agent("Sue", member=False, role="Supervisor")
    sue.supervises("barge", conference)
    sue.rings().answers()


def a_supervisor_takes_over(company: Company, conference: Conference, _caller: Phone, _ann: Person) -> None:
    sue = company.agent("Sue", member=False, role="Supervisor")
    sue.supervises("listen", conference)
    sue.rings().answers()
    company.desk.wait(10)
    sue.supervises("take-over", conference)


def breaks_off_and_rejoins(company: Company, _conference: Conference, _caller: Phone, ann: Person) -> None:
    ann.closes_the_page()
    company.desk.wait(5)
    ann.comes_back()
    ann.does("rejoin", kind="browser")
    ann.rings().answers()


def is_sent_to_the_queue_again(company: Company, _conference: Conference, _caller: Phone, ann: Person) -> None:
    ben = company.agent("Ben")
    ann.closes_the_page()
    company.desk.wait(40)
    ben.rings().answers()


WAYS: list[Way] = [
    offered,
    consults_a_colleague,
    hands_over,
    merges_with_a_number,
    adds_a_number,
    a_supervisor_barges_in,
    a_supervisor_takes_over,
    breaks_off_and_rejoins,
    is_sent_to_the_queue_again,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("subject", ["conversation", "agent"])
@pytest.mark.parametrize("mode", [mode.value for mode in Mode])
def test_whatever_the_way_and_the_policy_a_recorder_runs_only_after_its_consent(
    desk: Desk, mode: str, subject: str, way: Way
) -> None:
    policy(mode, subject=subject)
    company, watch = Company(desk), Watch(desk, mode)
    Obliging(desk)
    ann = company.agent("Ann")
    conference, caller, _phone = company.talk(ann)
    desk.wait(12)

    way(company, conference, caller, ann)
    desk.wait(25)

    assert watch.wrong == []
    assert watch.runs(), "everybody has agreed, and nothing is recorded"
    caller.hangs_up()
    company.goes_home()
    assert not watch.runs()
    assert not Recorder.objects.live().exists()


@pytest.mark.parametrize("way", [adds_a_number, merges_with_a_number], ids=lambda way: way.__name__)
def test_while_somebody_is_there_who_has_not_agreed_nothing_is_recorded(desk: Desk, way: Way) -> None:
    policy(Mode.ASK_EVERY)
    company, watch = Company(desk), Watch(desk, Mode.ASK_EVERY)
    Obliging(desk, **{NUMBER.lstrip("+"): "2"})
    ann = company.agent("Ann")
    conference, caller, _phone = company.talk(ann)
    desk.wait(12)
    assert watch.runs(caller)

    way(company, conference, caller, ann)
    desk.wait(25)

    assert "outside refused" in answers()
    assert not watch.runs()
    guest = conference.participants.get(role="guest")
    ann.does("remove", participant=guest.pk)
    desk.wait(10)
    assert watch.runs(caller)
    assert len(watch.tapes()) == 1
    assert len(Recorder.objects.get().pauses.filter(reason="asking", until__isnull=False)) == 1
    caller.hangs_up()
    company.goes_home()


@pytest.mark.parametrize("mode", [mode.value for mode in Mode])
def test_who_is_called_back_is_recorded_only_after_consent(desk: Desk, mode: str) -> None:
    line = Line(desk)
    policy(mode, direction="outbound")
    watch = Watch(desk, mode)
    Obliging(desk)
    callback = line.asks()
    ann = line.agent()
    line.takes(ann)
    desk.wait(4)
    rung = desk.rings(CALLER).answers().hears(SCREENING).press("1")
    desk.wait(15)

    assert callback.pk
    customer = Phone(desk, desk.twilio.legs(CALLER)[-1].sid)
    assert watch.runs(customer)
    assert watch.wrong == []
    assert Scope.objects.get(call=customer.row).direction == "outbound"
    rung.hangs_up()
    line.passes(10)
    assert not watch.runs()


# ---- pauses


def test_what_the_customer_hears_on_hold_is_not_recorded(desk: Desk) -> None:
    policy(Mode.NONE)
    company, watch = Company(desk), Watch(desk, Mode.NONE)
    ann = company.agent("Ann")
    _conference, caller, _phone = company.talk(ann)
    desk.wait(5)
    assert watch.runs(caller)

    ann.does("hold")
    desk.wait(3)
    assert watch.tapes()[0].status == "paused"
    ann.does("unhold")
    desk.wait(3)

    assert watch.runs(caller)
    pause = Recorder.objects.get().pauses.get()
    assert (pause.reason, pause.until is not None) == ("hold", True)
    caller.hangs_up()
    company.goes_home()


def test_a_pause_that_is_forgotten_ends_by_itself(desk: Desk) -> None:
    policy(Mode.NONE, pause_limit=30)
    company, watch = Company(desk), Watch(desk, Mode.NONE)
    ann = company.agent("Ann")
    _conference, caller, _phone = company.talk(ann)
    desk.wait(5)

    with desk.commits():
        assert recorders.pause(caller.row.pk, PauseReason.AGENT, by=ann.agent.user, at=timezone.now())
    desk.wait(3)
    assert watch.tapes()[0].status == "paused"
    desk.wait(40)

    assert watch.runs(caller)
    pause = Recorder.objects.get().pauses.get()
    assert (pause.reason, pause.ran_out, pause.by) == ("agent", True, ann.agent.user)
    caller.hangs_up()
    company.goes_home()


def test_who_takes_consent_back_is_recorded_no_more_until_they_agree_again(desk: Desk) -> None:
    made = policy(Mode.ASK_ONE)
    company, watch = Company(desk), Watch(desk, Mode.ASK_ONE)
    Obliging(desk)
    ann = company.agent("Ann")
    _conference, caller, _phone = company.talk(ann)
    desk.wait(15)
    assert watch.runs(caller)

    who = consent.customer(caller.leg.from_, leg=caller.sid)
    with desk.commits():
        consent.note_said(caller.row, [made], who, Answer.WITHDRAWN, by=ann.agent.user, at=timezone.now())
    desk.wait(3)
    assert not watch.runs()
    desk.wait(20)
    assert not watch.runs()

    with desk.commits():
        consent.note_said(caller.row, [made], who, Answer.AGREED, by=ann.agent.user, at=timezone.now())
    desk.wait(12)
    assert watch.runs(caller)
    assert [one.status for one in watch.tapes()] == ["completed", "in-progress"]
    caller.hangs_up()
    company.goes_home()


def test_an_agents_own_line_is_recorded_with_the_consultation(desk: Desk) -> None:
    policy(Mode.NONE, subject="agent")
    company, watch = Company(desk), Watch(desk, Mode.NONE)
    ann, ben = company.agent("Ann"), company.agent("Ben", member=False)
    _conference, caller, phone = company.talk(ann)
    desk.wait(3)

    ann.does("consult", agent=ben.agent.pk)
    second = ben.rings().answers()
    desk.wait(5)

    assert watch.runs(phone)
    assert watch.runs(second)
    assert not watch.tapes(caller)
    ann.does("complete")
    desk.wait(8)
    assert not watch.runs(phone)
    assert watch.runs(second)
    caller.hangs_up()
    company.goes_home()
    assert sorted(str(one.speakers[0]) for one in Recorder.objects.all()) == ["Ann", "Ben"]
