"""What flows, desks and boards ask about queues."""

from datetime import timedelta

import pytest

from agents.states import Activity
from conferences.models import Conference
from queues import facts, floor
from queues.models import Entry
from queues.states import EntryState
from tests.calls.factories import AT, make_call
from tests.queues.factories import make_entry, make_queue, member

pytestmark = pytest.mark.django_db


# ---- the place of a call


def test_who_never_was_in_a_queue_has_no_place():
    assert facts.standing_of(make_call().pk, at=AT) is None


def test_who_waits_has_a_position_and_a_wait():
    queue = make_queue("Support")
    make_entry(queue, after=-90)
    entry = make_entry(queue, after=-60)

    standing = facts.standing_of(entry.call_id, at=AT)

    assert (standing.state, standing.queue, standing.queue_id) == (EntryState.WAITING, "Support", queue.pk)
    assert (standing.position, standing.waited) == (2, timedelta(seconds=60))


def test_the_present_place_counts_before_one_that_is_over():
    entry = make_entry(make_queue())
    make_entry(make_queue(), after=60, call=entry.call, state=EntryState.LEFT, ended_at=AT)

    assert facts.standing_of(entry.call_id, at=AT).queue_id == entry.queue_id


def test_who_is_out_of_the_line_has_no_position_but_may_have_a_destination():
    room = Conference.objects.create(opened_at=AT, destination="step:3:1")
    entry = make_entry(make_queue(), after=-60, state=EntryState.ANSWERED, conference=room, answered_at=AT, ended_at=AT)

    standing = facts.standing_of(entry.call_id, at=AT + timedelta(minutes=9))

    assert (standing.position, standing.waited, standing.destination) == (0, timedelta(seconds=60), "step:3:1")


@pytest.mark.parametrize("ageing", [1, 3])
def test_positions_are_those_in_which_callers_are_served(ageing):
    """The order that the database counts by is the one that matching serves by."""
    queue = make_queue(ageing=ageing)
    for after, priority, is_first in ((0, 0, False), (-100, 0, False), (-30, 4, False), (-5, 1, True), (-71, 2, False)):
        make_entry(queue, after=after, priority=priority, is_first=is_first)

    counted = {facts.position(entry): entry.pk for entry in Entry.objects.select_related("queue")}

    assert [counted[place] for place in sorted(counted)] == [one.id for one in floor.line(queue, at=AT)]
    assert sorted(counted) == [1, 2, 3, 4, 5]


# ---- how a queue stands


def test_a_queue_tells_who_waits_and_who_is_there():
    queue = make_queue("Support", most_waiting=3)
    make_entry(queue, after=-90), make_entry(queue, after=-30, state=EntryState.OFFERED)
    make_entry(queue, after=-900, state=EntryState.TALKING)
    member(queue), member(queue, activity=Activity.TALKING), member(queue, chosen="not-ready")
    member(queue, desk_seen_at=AT - timedelta(minutes=2)), member(queue, is_active=False)

    status = facts.status([queue.pk, 987654], at=AT)

    assert list(status) == [queue.pk]
    told = status[queue.pk]
    assert (told.name, told.waiting, told.staffed, told.ready) == ("Support", 2, 2, 1)
    assert told.longest_wait == timedelta(seconds=90)
    assert not told.is_full


def test_a_queue_is_full_when_as_many_wait_as_it_takes():
    queue = make_queue(most_waiting=1)
    make_entry(queue)

    assert facts.status([queue.pk], at=AT)[queue.pk].is_full


def test_an_empty_queue_tells_nothing_but_noughts():
    queue = make_queue()

    told = facts.status(None, at=AT)[queue.pk]

    assert (told.waiting, told.staffed, told.ready, told.longest_wait, told.is_full) == (0, 0, 0, timedelta(0), False)


def test_all_queues_take_one_query(django_assert_num_queries):
    for _ in range(3):
        queue = make_queue()
        member(queue), make_entry(queue)

    with django_assert_num_queries(1):
        assert len(facts.status(None, at=AT)) == 3
