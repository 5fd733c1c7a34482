"""Rows as the plain data that decisions are made with."""

from datetime import time, timedelta

import pytest

from agents.states import Activity
from conferences.room import Role
from queues import floor
from queues.matching import Order, Requirement
from queues.models import Offer, Queue
from queues.states import EntryState, OfferState
from tests.agents.factories import agent, ready_agent, reason
from tests.calls.factories import AT
from tests.conferences.factories import conference, person
from tests.dialing.factories import set_limits
from tests.queues.factories import make_entry, make_queue, member
from tests.queues.rows import ask, line

pytestmark = pytest.mark.django_db


def test_rules_are_those_of_the_queue():
    queue = make_queue("Support", order="most-skilled", several=4, priority=2, ageing=3, skills={"German": 5, "Art": 1})
    queue.skills.filter(skill__name="German").update(relax_after=60, relax_to=2)

    rules = floor.rules_of(Queue.objects.get())

    assert (rules.queue, rules.name, rules.order) == (queue.pk, "Support", Order.MOST_SKILLED)
    assert (rules.several, rules.priority, rules.ageing) == (4, 2, 3)
    assert set(rules.requirements) == {Requirement("German", 5, timedelta(seconds=60), 2), Requirement("Art", 1)}


def test_who_waits_is_read_with_all_that_decides():
    queue = make_queue()
    entry = make_entry(queue, after=-60, language="de-DE", priority=3, is_first=True)
    for state in (EntryState.OFFERED, EntryState.TALKING, EntryState.LEFT):
        make_entry(queue, state=state)

    (one,) = floor.waiting(at=AT)

    assert (one.id, one.rules.queue, one.language, one.priority) == (entry.pk, queue.pk, "de-DE", 3)
    assert (one.is_first, one.aged_from, one.spared) == (True, AT - timedelta(seconds=60), {})


@pytest.mark.parametrize(
    ("state", "ago", "is_spared"),
    [(OfferState.DECLINED, 59, True), (OfferState.DECLINED, 60, False), (OfferState.MISSED, 5, False)],
)
def test_who_declined_a_moment_ago_is_spared(state, ago, is_spared):
    entry, ann = make_entry(make_queue()), agent()
    ended_at = AT - timedelta(seconds=ago)
    Offer.objects.create(entry=entry, agent=ann, state=state, offered_at=AT, ends_at=AT, ended_at=ended_at)

    (one,) = floor.waiting(at=AT)

    assert one.spared == ({ann.pk: ended_at + floor.SPARED} if is_spared else {})


@pytest.mark.parametrize(
    ("opens", "legal", "is_there"), [("09:00", time(0), False), ("06:00", time(0), True), ("06:00", time(8), False)]
)
def test_a_callback_waits_for_a_decent_hour_at_the_number(opens, legal, is_there):
    set_limits(opens=legal)
    ask(line(), at=AT)
    Queue.objects.update(callback_from=opens, callback_until="20:00")

    assert bool(floor.waiting(at=AT)) is is_there  # seven in the morning there


def test_agents_are_read_with_skills_languages_and_memberships():
    queue, other = make_queue(), make_queue()
    ann = member(queue, "Ann", priority=2, skills={"German": 6}, languages=["de-DE"], idle_since=AT)
    other.memberships.create(agent=ann)
    ready_agent("Bob", activity=Activity.TALKING)

    (one,) = floor.candidates(at=AT)

    assert (one.id, one.name, one.hindrance, one.idle_since) == (ann.pk, "Ann", "", AT)
    assert (one.memberships, one.skills) == ({queue.pk: 2, other.pk: 1}, {"German": 6})
    assert one.languages == {"de-DE"}


@pytest.mark.parametrize(
    ("fields", "hindrance"),
    [
        ({}, ""),
        ({"is_active": False}, "is set to be offered no calls"),
        ({"chosen": "not-ready"}, "is not ready"),
        ({"activity": Activity.RINGING}, "is being rung"),
        ({"activity": Activity.TALKING}, "is on a call"),
        ({"activity": Activity.WRAP_UP}, "is wrapping up a call"),
        ({"cooling_until": AT + timedelta(seconds=5)}, "missed a call a moment ago"),
        ({"desk_seen_at": None}, "is not at the desk"),
        ({"phone_registered": False}, "has no phone that can ring now"),
    ],
)
def test_it_can_be_said_what_keeps_a_member_from_calls(fields, hindrance):
    queue = make_queue()
    member(queue, **fields)

    assert [one.hindrance for one in floor.members(queue, at=AT)] == [hindrance]


def test_the_reason_of_a_pause_is_named():
    ann = ready_agent(chosen="not-ready", reason=reason("Fire drill"))

    assert floor.hindrance(ann, AT) == "is not ready (Fire drill)"


def test_members_take_the_same_queries_however_many(django_assert_num_queries):
    queue = make_queue()
    for _ in range(5):
        member(queue, skills={"German": 2})

    with django_assert_num_queries(4):
        assert len(floor.members(queue, at=AT)) == 5


def test_whose_last_leg_is_not_known_to_be_over_is_no_candidate():
    queue = make_queue()
    member(queue, "Ann")
    person(conference(), Role.OWNER, agent=member(queue, "Ben"))

    assert [one.name for one in floor.candidates(at=AT)] == ["Ann"]
