"""Coming into a queue, being moved in it, and going out of it."""

from datetime import timedelta

import pytest

from agents.models import Agent
from agents.states import Activity
from calls.models import CallEvent, EventKind
from conferences.models import Conference
from conferences.room import Fate
from queues import actions
from queues.models import Entry, Offer
from queues.signals import line_changed
from queues.states import CallbackState, EntryState, OfferState
from tests.agents.factories import user
from tests.calls.factories import AT, make_call
from tests.contacts.factories import contact
from tests.queues.factories import make_entry, make_queue, member, take
from tests.queues.rows import ask, line

pytestmark = pytest.mark.django_db


def join(queue, call=None, **fields):
    given = {"call_id": (call or make_call()).pk, "language": "en-US", "onward": "https://example.com/1", "at": AT}
    return actions.join(queue.pk, **(given | fields))


def told(entry):
    kinds = (EventKind.QUEUED, EventKind.UNQUEUED)
    rows = CallEvent.objects.filter(call=entry.call, kind__in=kinds).order_by("id")
    return [(event.kind, event.data) for event in rows]


@pytest.fixture
def changes():
    seen = []

    def note(**_):
        seen.append(1)

    line_changed.connect(note)
    yield seen
    line_changed.disconnect(note)


# ---- coming in


def test_who_joins_waits_at_the_end_of_the_line(changes):
    queue = make_queue("Support")
    make_entry(queue, after=-60)

    entry = join(queue, priority=0)

    assert (entry.state, entry.position, entry.aged_from, entry.language) == (EntryState.WAITING, 2, AT, "en-US")
    assert told(entry) == [("queued", {"queue": "Support", "position": 2, "why": ""})]
    assert changes


def test_points_and_the_head_of_the_line_decide_the_position():
    queue = make_queue()
    make_entry(queue, after=-60, priority=2)
    make_entry(queue, after=-300)
    make_entry(make_queue(), after=-300)

    assert join(queue, priority=4).position == 2
    assert join(queue, is_first=True).position == 1
    assert join(queue).position == 5


def test_who_joins_twice_keeps_the_place():
    queue, call = make_queue(), make_call()
    first = join(queue, call)

    again = join(queue, call, onward="https://example.com/2", at=AT + timedelta(seconds=5))

    assert again == first
    assert Entry.objects.get().onward == "https://example.com/2"


def test_who_joins_another_queue_leaves_the_first():
    call = make_call()
    first = join(make_queue(), call)

    second = join(make_queue(), call)

    first.refresh_from_db()
    assert (first.state, second.state) == (EntryState.LEFT, EntryState.WAITING)


def test_a_full_queue_takes_only_who_is_returned_to_it():
    queue = make_queue(most_waiting=1)
    join(queue)

    with pytest.raises(actions.Full):
        join(queue)

    assert join(queue, is_first=True)


def test_who_had_asked_to_be_called_back_and_calls_again_goes_on_with_that_place():
    queue = line()
    call = make_call()
    callback = ask(queue, number=call.from_number, aged_from=AT - timedelta(minutes=9))

    entry = join(queue, call)

    callback.refresh_from_db()
    assert callback.state == CallbackState.CANCELED
    assert entry.aged_from == AT - timedelta(minutes=9)


def test_joining_takes_so_many_queries(django_assert_max_num_queries):
    queue, call = make_queue(most_waiting=10), make_call()

    with django_assert_max_num_queries(17):
        join(queue, call)


def test_a_vip_has_the_points_of_the_contact_on_top_of_the_steps():
    queue, caller = line(), make_call()
    contact("Caller 1", caller.from_number, is_vip=True, priority=30)
    other = make_call(from_number="+14155550177")
    contact("Caller 2", other.from_number, priority=30)

    assert join(queue, caller, priority=5).priority == 35
    assert join(queue, other).priority == 0


# ---- going out


@pytest.mark.parametrize(
    ("how", "state", "why"),
    [
        (lambda call: actions.leave(call.pk, why="pressed 1", at=AT), EntryState.LEFT, "pressed 1"),
        (lambda call: actions.time_out(call.pk, at=AT), EntryState.TIMED_OUT, "waited too long"),
        (lambda call: actions.call_over(call.pk, at=AT), EntryState.ABANDONED, "hung up"),
    ],
)
def test_who_goes_is_in_no_line_any_more(how, state, why):
    entry = make_entry(make_queue("Support"), after=-30)

    how(entry.call)
    how(entry.call)

    entry.refresh_from_db()
    assert (entry.state, entry.ended_at) == (state, AT)
    assert told(entry) == [("unqueued", {"queue": "Support", "why": why, "seconds": 30})]


@pytest.mark.parametrize("how", [actions.call_over, lambda call, at: actions.leave(call, why="", at=at)])
def test_agents_who_are_rung_for_who_goes_are_let_go(how):
    queue = make_queue(order="ring-several")
    member(queue), member(queue)
    entry = make_entry(queue)
    actions.match(at=AT)

    how(entry.call_id, at=AT)

    assert set(Offer.objects.values_list("state", flat=True)) == {OfferState.WITHDRAWN}
    assert Conference.objects.get().fate == Fate.GONE
    assert set(Agent.objects.values_list("activity", "misses")) == {(Activity.IDLE, 0)}


def test_nobody_times_out_while_agents_are_rung_for_them():
    queue = make_queue()
    member(queue)
    entry = make_entry(queue)
    actions.match(at=AT)

    assert not actions.time_out(entry.call_id, at=AT)
    entry.refresh_from_db()
    assert entry.state == EntryState.OFFERED


def test_who_talks_is_left_to_the_conversation():
    queue = make_queue()
    member(queue)
    entry = make_entry(queue)
    actions.match(at=AT)
    take(Offer.objects.get())

    assert not actions.leave(entry.call_id, why="", at=AT)
    entry.refresh_from_db()
    assert entry.state == EntryState.TALKING


# ---- what supervisors do


def test_who_is_moved_keeps_the_age_and_is_offered_to_nobody_of_the_old_queue(changes):
    queue, other = make_queue("Support"), make_queue("Sales")
    member(queue)
    entry = make_entry(queue, after=-90)
    actions.match(at=AT)

    moved = actions.move(entry.pk, other.pk, by=user(username="sue"), at=AT)

    entry.refresh_from_db()
    assert (entry.state, Offer.objects.get().state) == (EntryState.LEFT, OfferState.WITHDRAWN)
    assert (moved.state, moved.call, moved.aged_from, moved.joined_at) == (
        EntryState.WAITING,
        entry.call,
        entry.aged_from,
        AT,
    )
    assert [(kind, data["queue"], data["why"]) for kind, data in told(entry)] == [
        ("unqueued", "Support", "moved by sue"),
        ("queued", "Sales", "moved by sue"),
    ]
    assert changes


def test_who_is_gone_is_not_moved():
    queue = make_queue()
    entry = make_entry(queue, state=EntryState.ABANDONED, ended_at=AT)

    assert actions.move(entry.pk, make_queue().pk, by=None, at=AT) == entry


def test_who_is_pulled_forward_is_before_all_others(changes):
    queue = make_queue()
    make_entry(queue, after=-300, priority=50)
    entry = make_entry(queue)

    actions.pull_forward(entry.pk, by=user(username="sue"), at=AT)

    member(queue)
    actions.match(at=AT)
    assert Offer.objects.get().entry == entry
    assert told(entry)[0][1]["why"] == "pulled forward by sue"
    assert changes


# ---- what callers are told


def test_neither_the_place_nor_the_wait_ever_grows_for_one_caller():
    queue = make_queue()
    member(queue)
    for _ in range(12):
        make_entry(queue, after=-900, state=EntryState.ANSWERED, answered_at=AT - timedelta(seconds=720), ended_at=AT)
    entry = make_entry(queue)

    first = actions.tell_wait(entry.call_id, at=AT)
    make_entry(queue, is_first=True)
    second = actions.tell_wait(entry.call_id, at=AT)
    Entry.objects.filter(is_first=True).update(state=EntryState.LEFT)
    third = actions.tell_wait(entry.call_id, at=AT)

    assert (first.position, first.minutes[:2]) == (1, (3, 4))
    assert (second.position, second.minutes) == (None, None)
    assert third == first


def test_who_does_not_wait_is_told_nothing():
    assert actions.tell_wait(make_call().pk, at=AT) == actions.Told(None, None)
