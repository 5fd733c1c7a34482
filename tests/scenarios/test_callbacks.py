"""Call me back, as whole calls: the place is kept, an agent is rung first, then the person, who has to press 1."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agents.models import Agent
from calls.models import Call, CallEvent
from queues.models import Callback, Entry, Handling
from tests.scenarios.desk import CALLER, COMPANY, MONDAY, Desk, Phone
from tests.scenarios.line import SCREENING, Line


@pytest.fixture
def line(desk: Desk) -> Line:
    return Line(desk)


def told(callback: Callback) -> list[str]:
    events = CallEvent.objects.filter(call=callback.call, kind="callback").order_by("pk")
    return [str(event.data["what"]) for event in events]


@pytest.mark.parametrize("doubles", [False, True], ids=["each request once", "each request twice"])
def test_the_place_is_kept_and_the_person_is_called(line: Line, doubles: bool) -> None:
    line.desk.doubles = doubles
    callback = line.asks()
    waited = Entry.objects.get(callback=callback)
    assert waited.aged_from < callback.asked_at  # since they joined the queue, not since they asked

    ann = line.agent()
    phone = line.takes(ann)
    line.desk.rings(CALLER).answers().hears(SCREENING).press("1")
    line.desk.wait(2)
    customer = line.desk.twilio.legs(CALLER)[-1]
    phone.says("Hello, this is Ann")
    Phone(line.desk, customer.sid).hears("Hello, this is Ann")

    callback.refresh_from_db()
    assert (callback.state, callback.tries, line.rung()) == ("done", 1, 1)
    assert told(callback) == ["asked for", "try 1", "connected"]
    assert customer.from_ == COMPANY

    Phone(line.desk, customer.sid).hangs_up()
    line.passes(10)
    waited.refresh_from_db()
    assert waited.state == "answered"
    assert Handling.objects.get().done_at is not None
    assert line.is_settled()


def test_the_place_of_who_waits_longer_comes_first(line: Line) -> None:
    line.asks()
    caller = line.desk.dial(COMPANY, "+14155550199").hears("La la")
    ann = line.agent()

    phone = line.takes(ann)

    assert Callback.objects.get().state == "dialing"
    assert caller.leg.live
    phone.hangs_up()
    caller.hangs_up()


def test_who_calls_again_goes_on_with_the_place_and_is_not_called(line: Line) -> None:
    callback = line.asks()
    since = Entry.objects.get(callback=callback).aged_from

    caller = line.desk.dial().hears("La la")

    callback.refresh_from_db()
    assert callback.state == "canceled"
    assert Entry.objects.get(call__sid=caller.sid).aged_from == since
    ann = line.agent()
    phone = line.takes(ann)
    line.passes(60)
    assert line.rung() == 0
    phone.hangs_up()
    caller.hangs_up()


def test_who_calls_again_while_being_rung_lets_that_ring_end(line: Line) -> None:
    callback = line.asks()
    ann = line.agent()
    line.takes(ann)
    rung = line.desk.rings(CALLER)

    caller = line.desk.dial().hears("La la")

    rung.is_hung_up_on()
    callback.refresh_from_db()
    assert callback.state == "canceled"
    line.takes(ann)
    line.desk.wait(5)
    assert Entry.objects.get(call__sid=caller.sid).state == "talking"
    caller.hangs_up()


def test_a_machine_takes_no_call(line: Line) -> None:
    callback = line.asks()
    ann = line.agent()
    agent_phone = line.takes(ann)
    machine = line.desk.rings(CALLER).answers().hears(SCREENING)  # and presses nothing

    machine.is_hung_up_on()
    agent_phone.is_hung_up_on()

    callback.refresh_from_db()
    assert (callback.state, callback.last_outcome, callback.tries) == ("waiting", "not-accepted", 1)
    assert line.is_settled()
    assert not Handling.objects.filter(done_at=None).exists()


@pytest.mark.parametrize(
    ("habit", "outcome"), [("ignores", "no-answer"), ("busy", "busy"), ("declines", "busy"), ("unreachable", "failed")]
)
def test_who_is_not_reached_is_tried_again_after_a_pause(line: Line, habit: str, outcome: str) -> None:
    callback = line.asks()
    line.desk.phone(CALLER, habit)
    ann = line.agent(habit="answers")
    line.passes(60)
    callback.refresh_from_db()
    assert (callback.state, callback.last_outcome, line.rung()) == ("waiting", outcome, 1)
    assert line.floor.activity(ann) == "idle"

    line.passes(60)
    assert line.rung() == 1  # the pause is not over

    line.waits_until(timedelta(minutes=15))
    line.passes(60)
    assert line.rung() == 2


def test_after_the_last_try_it_is_in_a_list_for_people(desk: Desk) -> None:
    line = Line(desk, callback_tries=2, callback_spacing=1)
    callback = line.asks()
    line.desk.phone(CALLER, "ignores")
    line.agent(habit="answers")

    line.passes(300)

    callback.refresh_from_db()
    assert (callback.state, callback.tries, line.rung()) == ("expired", 2, 2)
    assert list(Callback.objects.owed()) == [callback]
    assert told(callback)[-1] == "given up after 2 tries"


def test_nobody_is_called_before_the_morning_there(desk: Desk) -> None:
    line = Line(desk, callback_from="09:00", callback_until="20:00")
    line.asks()
    line.agent(habit="answers")

    line.passes(120)
    assert line.rung() == 0  # it is seven in California

    line.waits_until(timedelta(hours=2))
    assert timezone.now() > MONDAY + timedelta(hours=2)
    line.passes(10)
    assert line.rung() == 1


def test_what_nobody_took_in_time_expires(line: Line) -> None:
    callback = line.asks()

    line.waits_until(timedelta(hours=25))

    callback.refresh_from_db()
    assert (callback.state, callback.tries) == ("expired", 0)


def test_who_has_asked_already_hears_so(line: Line) -> None:
    line.asks()

    other = line.desk.dial(COMPANY, "+14155550199").hears("La la")
    other.press("1").hears("Press 1, or 2").press("2").hears("Key your number").press("4155550123#")
    other.hears("Press 1, or 2").press("1").hears("You will be called back already").is_hung_up_on()

    assert Callback.objects.live().count() == 1


def test_when_the_agents_leg_is_lost_the_person_waits_in_line_and_is_not_hung_up_on(line: Line) -> None:
    line.asks()
    ann = line.agent()
    phone = line.takes(ann)
    customer = line.desk.rings(CALLER).answers().hears(SCREENING).press("1")
    line.desk.wait(3)

    phone.hangs_up()  # a browser that breaks off
    Agent.objects.filter(pk=ann.pk).update(desk_seen_at=None)
    line.passes(120)

    customer.hears("the connection has broken off")
    entry = Entry.objects.latest("joined_at")
    assert (entry.state, entry.is_first) == ("waiting", True)
    assert customer.leg.live

    ben = line.agent("Ben")
    second = line.takes(ben)
    line.desk.wait(3)
    second.says("Hello, this is Ben")
    customer.hears("Hello, this is Ben")
    assert line.rung() == 1
    customer.hangs_up()
    assert line.is_settled()


def test_the_agent_who_gives_up_while_it_rings_costs_the_person_no_second_ring_at_once(line: Line) -> None:
    callback = line.asks()
    ann = line.agent()
    phone = line.takes(ann)
    rung = line.desk.rings(CALLER)

    phone.hangs_up()
    Agent.objects.filter(pk=ann.pk).update(desk_seen_at=None)
    line.passes(60)

    rung.is_hung_up_on()
    callback.refresh_from_db()
    assert (callback.state, line.rung()) == ("waiting", 1)
    assert Entry.objects.get(callback=callback).not_before > timezone.now()
    assert Call.objects.live().count() == 0
