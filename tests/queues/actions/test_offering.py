"""Asking agents to take who waits."""

from datetime import timedelta

import pytest

from agents.models import Agent
from agents.states import Activity
from calls.models import CallEvent, EventKind
from conferences.models import Conference, Participant
from conferences.room import Phase
from conferences.states import LegState, Outcome
from queues import actions
from queues.models import Entry, Offer
from queues.states import EntryState, OfferState
from tests.agents.factories import ready_agent
from tests.calls.factories import AT
from tests.queues.factories import go, make_entry, make_queue, member, take

pytestmark = pytest.mark.django_db


def test_a_caller_is_offered_to_an_agent_who_is_rung():
    queue = make_queue("Support", ring_seconds=15, caller_id="+15005550100")
    ann, entry = member(queue, "Ann"), make_entry(queue)

    assert actions.match(at=AT) == 1

    offer, participant = Offer.objects.get(), Participant.objects.get(agent=ann)
    entry.refresh_from_db()
    ann.refresh_from_db()
    assert (entry.state, entry.conference_id) == (EntryState.OFFERED, participant.conference_id)
    assert (offer.entry, offer.agent, offer.participant, offer.state) == (entry, ann, participant, OfferState.RINGING)
    assert offer.ends_at > AT + timedelta(seconds=15)
    assert (participant.state, participant.ring_seconds, participant.wants_in) == (LegState.WANTED, 15, True)
    assert (participant.conference.subject, participant.conference.customer) == ("Support", entry.call)
    assert ann.activity == Activity.RINGING


def test_the_history_tells_who_was_asked_and_why():
    queue = make_queue("Support")
    member(queue, "Ann", chosen_at=AT - timedelta(seconds=90), idle_since=AT - timedelta(seconds=90))
    entry = make_entry(queue)

    actions.match(at=AT)

    (told,) = CallEvent.objects.filter(call=entry.call, kind=EventKind.OFFERED).values_list("data", flat=True)
    assert told == {"agent": "Ann", "queue": "Support", "why": "priority 1, idle for 1:30"}


def test_nobody_is_offered_twice():
    queue = make_queue()
    member(queue), make_entry(queue), make_entry(queue)

    assert [actions.match(at=AT), actions.match(at=AT)] == [1, 0]
    assert Offer.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"chosen": "not-ready"},
        {"activity": Activity.TALKING},
        {"desk_seen_at": AT - timedelta(minutes=1)},
        {"cooling_until": AT + timedelta(seconds=1)},
        {"phone_registered": False},
        {"is_active": False},
    ],
)
def test_who_cannot_take_a_call_is_not_asked(fields):
    queue = make_queue()
    member(queue, **fields), make_entry(queue)

    assert actions.match(at=AT) == 0
    assert not Conference.objects.exists()


def test_only_members_with_the_skills_are_asked_until_those_relax():
    queue = make_queue(skills={"German": 5})
    queue.skills.update(relax_after=60, relax_to=2)
    member(queue, "Ann", skills={"German": 3})
    ready_agent("Bob", skills={"German": 9})
    make_entry(queue)

    assert actions.match(at=AT + timedelta(seconds=20)) == 0

    Agent.objects.update(desk_seen_at=AT + timedelta(seconds=60))
    assert actions.match(at=AT + timedelta(seconds=60)) == 1
    assert Offer.objects.get().agent.name == "Ann"


def test_several_are_rung_at_once_in_one_conversation():
    queue = make_queue(order="ring-several", several=2)
    for _ in range(3):
        member(queue)
    make_entry(queue)

    assert actions.match(at=AT) == 2
    assert Conference.objects.count() == 1


def test_a_place_in_line_that_is_kept_for_later_is_left_alone():
    queue = make_queue()
    member(queue), make_entry(queue, not_before=AT + timedelta(seconds=1))

    assert actions.match(at=AT) == 0


def test_who_declined_is_not_asked_again_for_the_same_caller_at_once():
    queue = make_queue()
    ann, first = member(queue, "Ann"), make_entry(queue)
    actions.match(at=AT)
    go(Offer.objects.get().participant, Outcome.DECLINED)
    second = make_entry(queue, after=1)

    actions.match(at=AT)

    assert list(Offer.objects.filter(state=OfferState.RINGING).values_list("entry", "agent")) == [(second.pk, ann.pk)]
    first.refresh_from_db()
    assert first.state == EntryState.WAITING


def test_the_next_agent_is_rung_into_the_same_conversation():
    queue = make_queue()
    member(queue, "Ann", idle_since=AT - timedelta(minutes=2))
    member(queue, "Bob", idle_since=AT - timedelta(minutes=1))
    make_entry(queue)
    actions.match(at=AT)
    go(Offer.objects.get().participant, Outcome.NO_ANSWER)

    actions.match(at=AT)

    assert Offer.objects.get(state=OfferState.RINGING).agent.name == "Bob"
    assert Conference.objects.count() == 1


def test_a_conversation_that_is_over_is_not_used_again():
    queue = make_queue()
    member(queue)
    over = Conference.objects.create(opened_at=AT, phase=Phase.CLOSED)
    entry = make_entry(queue, conference=over)

    actions.match(at=AT)

    entry.refresh_from_db()
    assert entry.state == EntryState.OFFERED
    assert entry.conference != over


def test_an_agent_whose_last_leg_is_not_over_is_not_rung_and_nothing_is_left_behind():
    queue = make_queue()
    entry = make_entry(queue)
    elsewhere = Conference.objects.create(opened_at=AT, phase=Phase.TALKING)
    ann = member(queue)
    Participant.objects.create(
        conference=elsewhere, role="owner", agent=ann, endpoint="browser", address="client:x", wanted_at=AT
    )

    assert actions.match(at=AT) == 0

    ann.refresh_from_db()
    assert ann.activity == Activity.IDLE
    assert list(Entry.objects.values_list("state", "conference")) == [(EntryState.WAITING, None)]
    assert list(Conference.objects.all()) == [elsewhere]
    assert entry.offers.count() == 0


def test_who_talks_is_offered_nobody():
    queue = make_queue()
    member(queue), make_entry(queue)
    actions.match(at=AT)
    take(Offer.objects.get())
    make_entry(queue)

    assert actions.match(at=AT) == 0


def test_the_number_of_queries_does_not_grow_with_who_waits_or_could_be_asked(django_assert_num_queries):
    queue, other = make_queue(skills={"German": 5}), make_queue(skills={"Billing": 1, "German": 1})
    for number in range(6):
        member(queue, skills={"German": 1}), member(other)
        make_entry(queue, after=number), make_entry(other, after=number)

    # 3 for locks, 2 for the transaction, 4 for who waits, 3 for who could take them
    with django_assert_num_queries(12):
        assert actions.match(at=AT) == 0


def test_an_offer_takes_so_many_queries(django_assert_max_num_queries):
    queue = make_queue()
    member(queue), make_entry(queue)

    with django_assert_max_num_queries(45):
        assert actions.match(at=AT) == 1
