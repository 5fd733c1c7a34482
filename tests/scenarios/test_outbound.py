"""Calls out: an agent's click, and people who are called to walk a flow; what is refused, waits, and comes twice."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from calls.models import Call, CallEvent
from compliance.models import Scope
from contacts import actions as contacts
from contacts.states import Channel, How
from dialing.actions import NotPermitted
from dialing.models import Attempt
from dialing.states import Rule
from ivr.models import Flow, Prompt
from outbound import actions
from outbound.actions import Wish
from outbound.models import Order
from simulator.faults import RestFault
from simulator.numbers import Habit
from tests.dialing.factories import set_limits
from tests.scenarios import flows
from tests.scenarios.desk import CALLER, COMPANY, Desk, Phone
from tests.scenarios.people import WENT_ON, Company, Person

GREETING = "Your parcel is on its way. Press 1 to talk to us."
LEFT = "This is a message about your parcel."


class Office:
    """A company that calls people: Ann by hand, and a flow about parcels by itself."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        desk.expected = {WENT_ON}
        self.company = Company(desk, caller_id=COMPANY)
        self.ann: Person = self.company.agent("Ann")
        choices = {"Talk": flows.Choice("Thanks", keys="1")}
        steps = {
            "Parcel": flows.menu(GREETING, choices, no_input="Bye", wrong_input="Bye"),
            "Thanks": flows.hang_up("We are glad that you like parcels."),
            "Bye": flows.hang_up("Have a nice day."),
        }
        self.flow: Flow = flows.publish("Parcels", steps, at=timezone.now())
        self.message = Prompt.objects.create(name="About a parcel")
        self.message.wordings.create(language="en-US", text=LEFT)
        desk.phone(CALLER)

    def orders(self, number: str = CALLER, **how: Any) -> Order:
        """Have somebody called who walks the flow, or by Ann."""
        wish = {"queue": self.company.queue, "reference": "order-7"} | how
        wish |= {} if "agent" in wish else {"flow": self.flow}
        with self.desk.commits():
            return actions.order(Wish(number, **wish), by=self.ann.agent.user, at=timezone.now())

    def clicks(self, **how: Any) -> Order:
        return self.orders(agent=self.ann.fresh, **how)

    def rings(self, number: str = CALLER, within: float = 20) -> Phone:
        return self.desk.rings(number, within)

    def rung(self, number: str = CALLER) -> int:
        return len([leg for leg in self.desk.twilio.legs(number) if leg.direction.startswith("outbound")])

    def passes(self, seconds: float) -> None:
        self.desk.wait(seconds)

    def settles(self) -> None:
        self.desk.wait(10)
        self.company.goes_home()


def told(order: Order, kind: str) -> list[dict[str, Any]]:
    order.refresh_from_db()
    return list(CallEvent.objects.filter(call=order.call, kind=kind).order_by("pk").values_list("data", flat=True))


def stands(order: Order) -> tuple[str, str, int]:
    order.refresh_from_db()
    return order.state, order.outcome, order.tries


@pytest.fixture
def office(desk: Desk) -> Office:
    return Office(desk)


# ---- an agent calls


@pytest.mark.parametrize("doubles", [False, True], ids=["each request once", "each request twice"])
def test_the_agent_is_rung_first_and_then_the_number_into_the_same_room(office: Office, doubles: bool) -> None:
    office.desk.doubles = doubles

    order = office.clicks()
    phone = office.ann.rings()
    assert office.rung() == 0  # nobody is rung before there is somebody to talk to
    phone.answers()
    person = office.rings().answers()
    office.desk.wait(3)

    phone.says("This is Ann")
    Phone(office.desk, person.sid).hears("This is Ann")
    assert person.leg.from_ == COMPANY  # the queue's number
    assert stands(order) == ("talking", "", 1)
    assert {call.conversation for call in Call.objects.all()} == {order.conversation}
    assert order.reference == "order-7"
    assert Attempt.objects.get().call == order.call == person.row
    assert told(order, "placed") == [{"why": "click", "by": str(office.ann.agent.user)}]
    scope = Scope.objects.get(call=order.call)
    assert (scope.direction, scope.queue, scope.caller) == ("outbound", office.company.queue, CALLER)
    person.hangs_up()
    assert stands(order) == ("done", "answered", 1)
    assert office.ann.fresh.activity == "idle"
    office.settles()


def test_an_agent_who_does_not_pick_up_lets_nobody_be_rung(office: Office) -> None:
    order = office.clicks()

    office.ann.rings()
    office.passes(60)

    assert stands(order) == ("unreached", "agent-unreached", 1)
    assert (office.rung(), Attempt.objects.count(), office.ann.fresh.activity) == (0, 0, "idle")
    office.settles()


@pytest.mark.parametrize(("habit", "outcome"), [("busy", "busy"), ("ignores", "no-answer"), ("unreachable", "failed")])
def test_whom_an_agent_does_not_reach_is_told(office: Office, habit: str, outcome: str) -> None:
    office.desk.phone(CALLER, habit)
    order = office.clicks()

    office.ann.rings().answers().is_hung_up_on()

    assert stands(order) == ("unreached", outcome, 1)
    office.settles()


@pytest.mark.parametrize("fault", ["lost", "timeout"])
def test_a_click_whose_answer_is_lost_rings_nobody_twice(office: Office, fault: RestFault) -> None:
    office.desk.faults.force(fault, path="/Calls.json", method="POST")

    order = office.clicks()
    office.passes(90)

    assert len(office.desk.twilio.legs(office.ann.address)) <= 1
    assert (stands(order)[:2], office.rung()) == (("unreached", "agent-unreached"), 0)
    office.settles()


def test_a_person_who_objects_while_the_agent_is_rung_is_not_called(office: Office) -> None:
    order = office.clicks()
    phone = office.ann.rings()
    contacts.opt_out(CALLER, Channel.CALLS, how=How.SAID, at=timezone.now())

    phone.answers().is_hung_up_on()

    assert stands(order)[0] == "refused"
    assert (order.refused_by, office.rung()) == (Rule.DO_NOT_CALL, 0)
    assert office.ann.fresh.activity == "idle"
    office.settles()


def test_an_order_that_is_canceled_lets_both_go(office: Office) -> None:
    order = office.clicks()
    phone = office.ann.rings().answers()
    person = office.rings()

    with office.desk.commits():
        actions.cancel(order.pk, at=timezone.now())

    person.is_hung_up_on(within=15)
    phone.is_hung_up_on(within=15)
    assert stands(order)[0] == "canceled"
    with pytest.raises(actions.NotNow):
        actions.cancel(order.pk, at=timezone.now())
    office.settles()


def test_who_has_lost_the_agents_line_waits_in_the_queue(office: Office) -> None:
    order = office.clicks()
    office.ann.rings().answers()
    person = office.rings().answers()
    office.desk.wait(3)

    office.ann.closes_the_page()
    person.hears("the connection has broken off")

    office.desk.wait(3)
    assert office.company.place(person) == "waiting"
    assert stands(order) == ("done", "answered", 1)
    person.hangs_up()
    office.settles()


# ---- somebody walks a flow


@pytest.mark.parametrize("doubles", [False, True], ids=["each request once", "each request twice"])
def test_whoever_answers_walks_the_flow(office: Office, doubles: bool) -> None:
    office.desk.doubles = doubles

    order = office.orders()
    person = office.rings().answers()
    person.hears(GREETING).press("1").hears("We are glad").is_hung_up_on()

    assert stands(order) == ("done", "answered", 1)
    assert (order.version, person.leg.from_) == (office.flow.published, COMPANY)
    call = person.row
    assert (order.call, call.conversation, Attempt.objects.get().call) == (call, order.conversation, call)
    scope = Scope.objects.get(call=call)
    assert (scope.direction, scope.flow, scope.caller, scope.number) == ("outbound", office.flow, CALLER, COMPANY)
    assert "pressed 1" in person.story
    assert office.rung() == 1
    office.settles()


@pytest.mark.parametrize(("habit", "outcome"), [("busy", "busy"), ("ignores", "no-answer")])
def test_who_is_not_reached_is_tried_again_after_a_pause(office: Office, habit: str, outcome: str) -> None:
    office.desk.phone(CALLER, habit)

    order = office.orders(most_tries=2, spacing=1)
    office.passes(50)
    assert stands(order) == ("waiting", outcome, 1)
    office.desk.phone(CALLER)
    office.rings(within=90).answers().hears(GREETING).hangs_up()

    assert stands(order) == ("done", "answered", 2)
    assert Attempt.objects.counted().filter(conversation=order.conversation).count() == 2
    office.settles()


def test_after_the_last_try_it_is_given_up(office: Office) -> None:
    office.desk.phone(CALLER, "busy")

    order = office.orders(most_tries=2, spacing=1)
    office.passes(100)

    assert stands(order) == ("unreached", "busy", 2)
    assert office.rung() == 2
    office.settles()


@pytest.mark.parametrize("fault", ["lost", "timeout"])
def test_an_answer_of_twilios_that_is_lost_rings_nobody_twice(office: Office, fault: RestFault) -> None:
    office.desk.faults.force(fault, path="/Calls.json", method="POST")

    order = office.orders()
    office.passes(120)

    assert office.rung() <= 1
    assert stands(order) in [("unreached", "no-answer", 1), ("unreached", "lost", 1)]
    assert Attempt.objects.counted().count() == 1  # nobody knows that nobody was rung
    office.settles()


def test_workers_that_died_are_followed_by_the_sweep(office: Office) -> None:
    with office.desk.workers_dead():
        order = office.orders()
    office.rings(within=40).answers().hears(GREETING).hangs_up()

    assert (stands(order), office.rung()) == (("done", "answered", 1), 1)
    office.settles()


# ---- machines


def machine(office: Office, **habit: Any) -> None:
    office.desk.twilio.add_phone(CALLER, habit=Habit(**({"answers": "answers", "by": "machine"} | habit)))


@pytest.mark.parametrize("doubles", [False, True], ids=["each request once", "each request twice"])
@pytest.mark.parametrize(("beeps", "answered_by"), [(True, "machine_end_beep"), (False, "machine_end_silence")])
def test_a_machine_is_left_the_message_once_after_its_tone(
    office: Office, beeps: bool, answered_by: str, doubles: bool
) -> None:
    office.desk.doubles = doubles
    machine(office, beeps=beeps)

    order = office.orders(message=office.message, most_tries=3)
    office.passes(40)

    (leg,) = office.desk.twilio.legs(CALLER)
    assert (leg.live, leg.heard_text.count(LEFT)) == (False, 1)
    if beeps:
        assert leg.voicemail == [LEFT]
    assert stands(order) == ("done", "message", 1)
    assert (order.answered_by, order.call.answered_by) == (answered_by, answered_by)
    assert order.answered_by_after > 2000
    assert told(order, "machine") == [{"answered_by": answered_by, "milliseconds": order.answered_by_after}]
    office.settles()


@pytest.mark.parametrize(("by", "answered_by"), [("machine", "machine_end_beep"), ("fax", "fax")])
def test_a_machine_without_a_message_and_a_fax_are_hung_up_on(office: Office, by: str, answered_by: str) -> None:
    machine(office, by=by)

    order = office.orders(message=office.message if by == "fax" else None)
    office.passes(40)

    (leg,) = office.desk.twilio.legs(CALLER)
    assert not leg.live
    assert LEFT not in leg.heard_text
    assert (stands(order), order.answered_by) == (("unreached", "machine", 1), answered_by)
    office.settles()


def test_who_is_not_known_to_be_a_machine_is_a_person(office: Office) -> None:
    machine(office, by="silence", answers="asks")

    order = office.orders(message=office.message)
    person = office.rings().answers().hears(GREETING)
    office.passes(7)
    person.press("1").hears("We are glad").is_hung_up_on()

    assert (stands(order), order.answered_by) == (("done", "answered", 1), "unknown")
    assert LEFT not in person.leg.heard_text
    office.settles()


def test_a_message_whose_worker_died_is_left_by_the_sweep(office: Office) -> None:
    machine(office)
    order = office.orders(message=office.message)
    office.passes(4)
    with office.desk.workers_dead():
        office.passes(7)
    office.passes(40)

    (leg,) = office.desk.twilio.legs(CALLER)
    assert leg.heard_text.count(LEFT) == 1
    assert stands(order) == ("done", "message", 1)
    office.settles()


def test_an_agent_hears_a_machine_and_sees_that_it_is_one(office: Office) -> None:
    machine(office)

    order = office.clicks()
    phone = office.ann.rings().answers()
    office.passes(12)

    phone.hears("leave a message")
    assert "An answering machine has answered" in office.ann.sees("talk")
    assert stands(order)[0] == "talking"  # nothing is done by itself
    assert order.answered_by == "machine_start"
    office.ann.does("hang-up")
    office.passes(5)
    assert stands(order) == ("done", "answered", 1)
    office.settles()


# ---- limits


def test_a_rule_is_told_at_once_and_written_down(office: Office) -> None:
    set_limits(opens=time(8), closes=time(21))  # it is seven in the morning in San Francisco

    with pytest.raises(NotPermitted) as refused:
        office.orders()

    assert refused.value.rule == Rule.HOURS
    assert (Attempt.objects.get().rule, Order.objects.count(), office.rung()) == (Rule.HOURS, 0, 0)
    office.settles()


def test_who_is_called_outside_the_hours_is_called_when_they_begin(office: Office) -> None:
    set_limits(opens=time(7, 2), closes=time(21))

    order = office.orders(waits_for_hours=True)
    assert order.not_before == datetime(2026, 3, 2, 15, 2, tzinfo=UTC)
    office.passes(110)
    assert (office.rung(), stands(order)[0]) == (0, "waiting")

    office.rings(within=40).answers().hears(GREETING).hangs_up()
    assert stands(order) == ("done", "answered", 1)
    office.settles()


def test_a_person_who_objects_before_their_time_comes_is_not_called(office: Office) -> None:
    order = office.orders(not_before=timezone.now() + timedelta(minutes=1))
    contacts.opt_out(CALLER, Channel.CALLS, how=How.TEXT, at=timezone.now())

    office.passes(80)

    assert (stands(order)[0], order.refused_by, office.rung()) == ("refused", Rule.DO_NOT_CALL, 0)
    office.settles()


def test_what_is_spent_is_spent(office: Office) -> None:
    set_limits(spend_per_day=Decimal("0.10"), minutes=3, rate=Decimal("0.02"))
    office.orders()
    office.rings().answers().hears(GREETING).hangs_up()

    with pytest.raises(NotPermitted) as refused:
        office.orders()

    assert refused.value.rule == Rule.SPEND_PER_DAY
    office.settles()


def test_an_order_expires_that_was_never_tried(office: Office) -> None:
    order = office.orders(
        not_before=timezone.now() + timedelta(minutes=1), expires_at=timezone.now() + timedelta(minutes=6)
    )
    Order.objects.filter(pk=order.pk).update(expires_at=order.not_before)

    office.passes(80)

    assert (stands(order)[0], office.rung()) == ("expired", 0)
    office.settles()


def test_an_order_that_rings_can_be_canceled(office: Office) -> None:
    order = office.orders()
    person = office.rings()

    with office.desk.commits():
        actions.cancel(order.pk, at=timezone.now())

    person.is_hung_up_on(within=30)
    assert stands(order)[0] == "canceled"
    office.settles()


def test_a_worker_begins_what_another_one_has_not_taken(office: Office) -> None:
    office.orders(not_before=timezone.now() + timedelta(minutes=1))
    office.orders("+14155550124", not_before=timezone.now() + timedelta(minutes=1))
    Order.objects.update(not_before=timezone.now())

    with office.desk.commits():
        assert actions.begin_due(at=timezone.now()) == 2
        assert actions.begin_due(at=timezone.now()) == 0

    office.settles()
