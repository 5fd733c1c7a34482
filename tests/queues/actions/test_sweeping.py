"""What time changes, and what has come apart: each put right."""

from datetime import timedelta

import pytest

from agents.models import Agent
from agents.states import Activity
from conferences.models import Conference, Participant
from conferences.room import Fate, Phase
from conferences.states import LegState, Outcome
from queues import actions
from queues.actions import sweeping
from queues.models import Entry, Handling, Offer
from queues.states import EntryState, ImpossibleMove, OfferState
from tests.calls.factories import AT
from tests.queues.factories import go, make_entry, make_queue, member, take

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=5)


def offered(**fields):
    queue = make_queue(**fields)
    member(queue, "Ann")
    entry = make_entry(queue)
    actions.match(at=AT)
    entry.refresh_from_db()
    return entry


def talking():
    entry = offered()
    take(Offer.objects.get())
    entry.refresh_from_db()
    return entry


def swept(row, *, by=actions.sweep, at=LATER):
    """Sweep, and give the row's state; a second sweep finds nothing."""
    assert by(at=at) > 0
    assert by(at=at) == 0
    row.refresh_from_db()
    return row.state


# ---- time


def test_an_offer_that_gets_no_news_counts_as_missed():
    entry = offered()
    Participant.objects.filter(agent__isnull=False).update(state=LegState.RINGING, call_sid="CA1")
    ends_at = Offer.objects.get().ends_at

    assert actions.keep_time(at=ends_at - timedelta(seconds=1)) == 0
    assert swept(entry, by=actions.keep_time, at=ends_at) == EntryState.WAITING

    assert Offer.objects.get().state == OfferState.MISSED
    assert Agent.objects.get().misses == 1
    assert not Participant.objects.get(agent__isnull=False).wants_in


def test_an_agent_who_was_never_rung_has_missed_nothing():
    entry = offered()

    assert swept(entry, by=actions.keep_time) == EntryState.WAITING
    assert Offer.objects.get().state == OfferState.WITHDRAWN
    assert Agent.objects.get().misses == 0
    assert Agent.objects.get().activity == Activity.IDLE


def test_an_offer_that_was_accepted_without_our_noting_it_is_accepted():
    entry = offered()
    Participant.objects.filter(agent__isnull=False).update(state=LegState.TAKEN)

    assert swept(entry, by=actions.keep_time) == EntryState.TALKING
    assert Offer.objects.get().state == OfferState.ACCEPTED


@pytest.mark.parametrize(("seconds", "state"), [(299, EntryState.WAITING), (300, EntryState.TIMED_OUT)])
def test_who_has_waited_too_long_times_out(seconds, state):
    entry = make_entry(make_queue(longest_wait=300))

    actions.keep_time(at=AT + timedelta(seconds=seconds))

    entry.refresh_from_db()
    assert entry.state == state


def test_without_a_limit_nobody_times_out():
    make_entry(make_queue())

    assert actions.keep_time(at=AT + timedelta(days=1)) == 0


# ---- what has come apart


@pytest.mark.parametrize("is_offered", [False, True])
def test_who_waits_though_the_call_is_over_has_given_up(is_offered):
    entry = offered() if is_offered else make_entry(make_queue())
    entry.call.status = "completed"
    entry.call.save(update_fields=["status"])

    assert swept(entry) == EntryState.ABANDONED
    assert not Offer.objects.filter(state=OfferState.RINGING).exists()


@pytest.mark.parametrize(
    ("outcome", "state"), [(Outcome.DECLINED, OfferState.DECLINED), (Outcome.NO_ANSWER, OfferState.MISSED)]
)
def test_an_offer_whose_leg_is_over_is_over(outcome, state):
    entry = offered()
    Participant.objects.filter(agent__isnull=False).update(state=LegState.LEFT, outcome=outcome)

    assert swept(entry) == EntryState.WAITING
    assert Offer.objects.get().state == state


def test_an_offer_without_a_leg_is_over():
    entry = offered()
    Offer.objects.update(participant=None)

    assert swept(entry) == EntryState.WAITING
    assert Offer.objects.get().state == OfferState.FAILED


def test_who_is_offered_to_nobody_waits():
    entry = make_entry(make_queue(), state=EntryState.OFFERED)

    assert swept(entry) == EntryState.WAITING


@pytest.mark.parametrize(
    ("fate", "state"),
    [
        (Fate.SERVED, EntryState.ANSWERED),
        (Fate.GONE, EntryState.ANSWERED),
        (Fate.ELSEWHERE, EntryState.ANSWERED),
        (Fate.REQUEUED, EntryState.WAITING),
    ],
)
def test_who_talks_in_a_conversation_that_is_closed_goes_by_its_fate(fate, state):
    entry = talking()
    Conference.objects.update(phase=Phase.CLOSED, fate=fate, closed_at=AT)
    Participant.objects.update(state=LegState.LEFT, left_at=AT)

    assert swept(entry) == state
    assert not Handling.objects.talking().exists()


@pytest.mark.parametrize(("status", "state"), [("in-progress", EntryState.WAITING), ("completed", EntryState.ANSWERED)])
def test_who_talks_in_no_conversation_at_all_waits_again_unless_gone(status, state):
    entry = make_entry(make_queue(), state=EntryState.TALKING)
    entry.call.status = status
    entry.call.save(update_fields=["status"])

    assert swept(entry) == state
    assert Entry.objects.get().is_first is (state == EntryState.WAITING)


@pytest.mark.parametrize("activity", [Activity.RINGING, Activity.TALKING])
def test_an_agent_who_is_busy_without_a_leg_is_released(activity):
    agent = member(make_queue(), activity=activity, activity_at=AT)

    assert actions.sweep(at=AT + timedelta(seconds=59)) == 0
    assert actions.sweep(at=AT + timedelta(seconds=60)) == 1

    agent.refresh_from_db()
    assert agent.activity == Activity.IDLE


def test_a_talk_without_a_leg_is_over():
    talking()
    Participant.objects.filter(agent__isnull=False).update(state=LegState.LEFT)

    assert actions.sweep(at=LATER) > 0

    assert not Handling.objects.talking().exists()
    assert Agent.objects.get().activity in (Activity.IDLE, Activity.WRAP_UP)


def test_an_agent_whose_leg_broke_off_is_left_alone_while_a_rejoin_is_possible():
    talking()
    go(Participant.objects.get(agent__isnull=False), Outcome.LOST)

    assert actions.sweep(at=LATER) == 0

    assert Agent.objects.get().activity == Activity.TALKING
    assert Handling.objects.talking().exists()


def test_what_agrees_is_left_alone():
    talking()
    queue = make_queue()
    member(queue), make_entry(queue), make_entry(make_queue())
    actions.match(at=AT)

    assert actions.sweep(at=AT + timedelta(seconds=5)) == 0


def test_one_row_that_cannot_be_put_right_keeps_none_of_the_others(monkeypatch, caplog):
    queue = make_queue(longest_wait=60)
    stuck, late = make_entry(queue), make_entry(queue, after=1)
    time_out = sweeping.time_out

    def fails_for_the_first(call_id, *, at):
        if call_id == stuck.call_id:
            raise ImpossibleMove("out of all order")
        return time_out(call_id, at=at)

    monkeypatch.setattr(sweeping, "time_out", fails_for_the_first)

    assert actions.keep_time(at=LATER) == 1

    late.refresh_from_db()
    assert late.state == EntryState.TIMED_OUT
    assert "could not be put right" in caplog.text
