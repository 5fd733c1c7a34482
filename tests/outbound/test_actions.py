"""Tests of ordering calls: what cannot be had, when it is tried, and what becomes of tries."""

from datetime import time, timedelta

import pytest

from agents.actions import Busy
from agents.states import Activity
from calls import actions as calls
from calls.models import CallEvent, EventKind
from calls.observations import Observation
from conferences.models import Conference, Participant
from dialing.actions import NotPermitted
from dialing.models import Attempt
from dialing.states import Rule
from outbound import actions
from outbound.actions import NotPossible, rows, trying, walking
from outbound.models import Order
from outbound.states import Outcome
from telephony.payloads import MachineDetection, VoiceRequest
from tests.agents import factories as people
from tests.calls.factories import make_call
from tests.compliance.keepers import make_hold
from tests.dialing.factories import set_limits
from tests.outbound.factories import NOON, answered, order, rung
from tests.queues.factories import make_queue
from tests.scenarios import flows

pytestmark = pytest.mark.django_db
AFTER = NOON + timedelta(hours=2)


def ann(**fields):
    return people.ready_agent("Ann", at=NOON, **fields)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({}, "agent"),
        ({"agent": True, "flow": True}, "agent"),
        ({"agent": "gone"}, "agent"),
        ({"flow": "draft"}, "flow"),
        ({"agent": True, "message": True}, "message"),
        ({"flow": True, "most_tries": 0}, "tries"),
        ({"flow": True, "most_tries": 11}, "tries"),
        ({"flow": True, "expires_at": NOON}, "expires_at"),
        ({"flow": True, "not_before": AFTER, "expires_at": AFTER}, "expires_at"),
        ({"flow": True, "nothing to show": True}, "queue"),
    ],
)
def test_what_cannot_be_had_is_told_with_the_field_that_is_wrong(flow, settings, wish, field):
    meant = dict(wish)
    if meant.pop("nothing to show", False):
        settings.TWILIO_CALLER_ID = ""
    if "agent" in meant:
        meant["agent"] = ann(is_active=meant["agent"] is True)
    if "flow" in meant:
        meant["flow"] = flow if meant["flow"] is True else flows.Flow.objects.create(name="Draft")
    if "message" in meant:
        meant["message"] = flows.Prompt.objects.create(name="Message")

    with pytest.raises(NotPossible) as refused:
        order(**meant)

    assert refused.value.field == field
    assert not Order.objects.exists()


def test_the_number_of_the_queue_is_shown_and_else_the_standard_one_and_else_that_of_the_flow(flow, settings):
    queue = make_queue(caller_id="+15005550111")
    flows.line("+15005550122", flow)

    assert order(flow=flow, queue=queue).caller_id == "+15005550111"
    assert order(flow=flow).caller_id == "+15005550100"
    settings.TWILIO_CALLER_ID = ""
    assert order(flow=flow).caller_id == "+15005550122"
    assert order(agent=ann()).caller_id == "+15005550122"


def test_a_click_rings_the_agent_at_once_and_a_flow_is_left_to_a_worker(flow):
    agent = ann()

    clicked = order(agent=agent, reference="A-1")
    walked = order(flow=flow)

    assert (clicked.state, clicked.tries, clicked.reference) == ("dialing", 1, "A-1")
    assert Participant.objects.get().agent == agent
    assert Conference.objects.get().conversation == clicked.conversation
    assert (walked.state, walked.tries) == ("waiting", 0)
    assert not Attempt.objects.exists()


def test_an_agent_who_is_busy_or_has_no_phone_places_no_order():
    with pytest.raises(Busy):
        order(agent=ann(activity=Activity.TALKING))
    with pytest.raises(actions.NoPhone):
        order(agent=people.ready_agent("Ben", at=NOON, phone_registered=False))

    assert not Order.objects.exists()
    assert not Conference.objects.exists()


def test_a_call_for_later_is_looked_at_as_of_then(flow):
    night = NOON + timedelta(hours=12)

    with pytest.raises(NotPermitted) as refused:
        order(flow=flow, not_before=night)
    assert refused.value.rule == Rule.HOURS
    assert Attempt.objects.get().rule == Rule.HOURS
    assert order(flow=flow, not_before=night, waits_for_hours=True).not_before == NOON + timedelta(hours=20)
    assert order(flow=flow, not_before=AFTER).not_before == AFTER


def test_an_order_that_is_due_is_begun_and_one_that_is_not_waits(flow):
    later = order(flow=flow, not_before=AFTER)
    now = order(flow=flow)

    assert actions.begin_due(at=NOON) == 1
    assert actions.begin_due(at=NOON) == 0

    now.refresh_from_db()
    later.refresh_from_db()
    assert (now.state, now.tries, now.version, now.attempt) == ("dialing", 1, flow.published, Attempt.objects.get())
    assert later.state == "waiting"


def test_so_many_are_begun_as_leave_room_for_ringing_agents(flow, settings):
    settings.TWILIO_CALLS_PER_SECOND = 0.4
    for _ in range(4):
        order(flow=flow)

    assert actions.begin_due(at=NOON) == 2
    assert actions.begin_due(at=NOON + timedelta(seconds=11)) == 2


def test_the_hours_end_while_an_order_waits_its_turn(flow):
    waits, refused = order(flow=flow, waits_for_hours=True, expires_at=NOON + timedelta(days=2)), order(flow=flow)
    set_limits(closes=time(11))

    actions.begin_due(at=NOON)

    waits.refresh_from_db()
    refused.refresh_from_db()
    assert (waits.state, waits.not_before) == ("waiting", NOON + timedelta(hours=20))
    assert (refused.state, refused.refused_by) == ("refused", Rule.HOURS)


def test_a_scheduled_click_without_its_agent_is_tried_again(django_capture_on_commit_callbacks):
    agent = ann()
    made = order(agent=agent, not_before=AFTER, most_tries=2, spacing=5)
    people.Agent.objects.filter(pk=agent.pk).update(activity=Activity.TALKING)

    actions.begin_due(at=AFTER)
    made.refresh_from_db()
    assert (made.state, made.outcome, made.tries) == ("waiting", "agent-unreached", 1)
    assert made.not_before == AFTER + timedelta(minutes=5)
    actions.begin_due(at=made.not_before)

    made.refresh_from_db()
    assert (made.state, made.tries) == ("unreached", 2)
    assert not Participant.objects.exists()


# ---- tries of a flow


def test_a_ring_is_claimed_once(flow):
    made = rung(flow)

    assert walking.claim_ring(made.pk, 1, at=NOON) is None
    assert made.attempt.call == made.call
    walking.give_back(made.pk, 1)  # news has come meanwhile
    made.refresh_from_db()
    assert made.asked_at is not None


def test_news_of_another_call_or_another_try_moves_nothing(flow):
    made, other = rung(flow), make_call(direction="outbound-api")

    walking.note_rung(made.pk, 1, Observation(other.sid, "busy"), at=NOON)
    walking.note_rung(made.pk, 2, Observation(made.call.sid, "ringing"), at=NOON)
    stranger = VoiceRequest(call_sid=other.sid, status="in-progress", direction="outbound-api")

    assert "Hangup" in walking.answer(made.pk, 1, stranger, at=NOON)
    made.refresh_from_db()
    assert made.state == "dialing"


def test_an_answer_asked_for_twice_is_the_same(flow):
    made = rung(flow)

    first = answered(made)

    assert "Have a nice day." in first
    assert answered(made) == first
    assert CallEvent.objects.filter(call=made.call, kind=EventKind.BEGAN).count() == 1


@pytest.mark.parametrize(
    ("answered_by", "pressed", "with_message", "without"),
    [
        ("human", False, "", ""),
        ("unknown", False, "", ""),
        ("machine_end_beep", False, "leave_message", "hang_up"),
        ("machine_end_beep", True, "", ""),
        ("fax", False, "hang_up", "hang_up"),
    ],
)
@pytest.mark.parametrize("has_message", [True, False])
def test_who_answers_is_stored_and_a_machine_is_seen_to(flow, answered_by, pressed, with_message, without, has_message):
    message = flows.Prompt.objects.create(name="Message")
    message.wordings.create(language="en-US", text="We called.")
    made = rung(flow, message=message if has_message else None)
    answered(made)
    if pressed:
        CallEvent.objects.create(call=made.call, at=NOON, kind=EventKind.PRESSED, data={"digits": "1"})

    calls.note_machine(MachineDetection(made.call.sid, "", answered_by, 3200), at=NOON)

    made.refresh_from_db()
    assert (made.answered_by, made.answered_by_after) == (answered_by, 3200)
    wanted = with_message if has_message else without
    sid = made.call.sid
    assert walking.claim_message(made.pk, 1, at=NOON) == (sid if wanted == "leave_message" else None)
    assert walking.claim_message(made.pk, 1, at=NOON) is None  # once
    assert walking.to_hang_up(made.pk, 1) == (sid if wanted == "hang_up" else None)
    if wanted == "leave_message":
        assert [getattr(verb, "text", "") for verb in walking.message(made.pk, 1)] == ["We called.", ""]


def test_what_was_detected_before_the_document_was_asked_for_counts(flow, django_capture_on_commit_callbacks):
    made = rung(flow)
    calls.note_machine(MachineDetection(made.call.sid, "", "fax", 900), at=NOON)

    answered(made)

    assert walking.to_hang_up(made.pk, 1) == made.call.sid


@pytest.mark.parametrize(
    ("outcome", "tries", "state"),
    [
        (Outcome.BUSY, 2, "waiting"),
        (Outcome.NO_ANSWER, 2, "waiting"),
        (Outcome.FAILED, 2, "waiting"),
        (Outcome.MACHINE, 2, "waiting"),
        (Outcome.LOST, 2, "unreached"),
        (Outcome.BUSY, 1, "unreached"),
        (Outcome.ANSWERED, 2, "done"),
        (Outcome.MESSAGE, 2, "done"),
    ],
)
def test_who_was_not_reached_is_tried_again_while_tries_are_left(flow, outcome, tries, state):
    made = rung(flow, most_tries=tries)

    rows.end_try(rows.locked(made.pk), outcome, at=NOON)

    made.refresh_from_db()
    assert (made.state, made.outcome) == (state, outcome)


def test_what_twilio_refuses_costs_no_attempt_and_what_is_lost_does(flow):
    refused, lost = order(flow=flow), order(flow=flow, number="+14155550199")
    for made in (refused, lost):
        actions.begin(made.pk, at=NOON)
        walking.claim_ring(made.pk, 1, at=NOON)

    walking.note_over(refused.pk, 1, Outcome.FAILED, at=NOON)
    trying.sweep(at=NOON + timedelta(minutes=2))

    lost.refresh_from_db()
    assert (lost.state, lost.outcome) == ("unreached", "lost")
    assert [one.number for one in Attempt.objects.counted()] == [lost.number]


def test_old_orders_by_which_nobody_was_rung_are_deleted(flow):
    old, called, live = order(flow=flow), rung(flow, number="+14155550199"), order(flow=flow, number="+14155550198")
    Order.objects.exclude(pk=live.pk).update(state="done", ended_at=NOON - timedelta(days=91))

    assert actions.tidy(at=NOON) == 1
    assert set(Order.objects.all()) == {called, live}
    assert not Order.objects.filter(pk=old.pk).exists()


def test_old_orders_that_a_legal_hold_keeps_stay_and_the_others_go(flow):
    held, other = order(flow=flow), order(flow=flow, number="+14155550199")
    Order.objects.update(state="done", ended_at=NOON - timedelta(days=91))
    make_hold(caller=held.number)

    assert actions.tidy(at=NOON) == 1
    assert list(Order.objects.all()) == [held]
    assert not Order.objects.filter(pk=other.pk).exists()
