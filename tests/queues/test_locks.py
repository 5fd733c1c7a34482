"""Locks are taken in one order, so nobody's work is undone by a deadlock: what met in the middle waits, and goes on."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, connections, transaction

from agents.actions import Busy
from agents.models import Agent
from agents.states import Activity
from conferences import actions as conferences
from conferences.actions import Target
from conferences.actions.opening import return_to_sender
from conferences.actions.steering import conversation
from conferences.models import Conference
from conferences.room import Phase, Took
from conferences.states import Outcome
from contactcenter.celery import app
from queues import actions
from queues.models import Handling, Offer
from queues.states import EntryState, OfferState
from tests.calls.factories import AT
from tests.queues.factories import go, make_entry, make_queue, member, take

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nobody_works() -> Iterator[None]:
    """Leave the tasks with the broker, which keeps them in memory: what they do is not looked at here."""
    app.conf.task_always_eager = False
    yield
    app.conf.task_always_eager = True


class Crowd:
    """Works that begin one after the other, each as soon as the one before waits for a lock."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.pool = pool
        self.works: list[Future[Any]] = []

    def begin(self, work: Callable[[], Any]) -> None:
        self.works.append(self.pool.submit(self._run, work))
        waiting = len(self.works)
        deadline = time.monotonic() + 5
        while self._blocked() < waiting and not self.works[-1].done():
            assert time.monotonic() < deadline, "it neither waits nor ends"
            time.sleep(0.01)

    @staticmethod
    def _run(work: Callable[[], Any]) -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    @staticmethod
    def _blocked() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            count: int = cursor.fetchone()[0]
            return count


@contextmanager
def crowd() -> Iterator[Crowd]:
    """Hold locks within; what was begun goes on afterwards, and must come to its end."""
    with ThreadPoolExecutor(4) as pool:
        people = Crowd(pool)
        with transaction.atomic():
            yield people
        for work in people.works:
            work.result()


def talking() -> tuple[Conference, Agent]:
    queue = make_queue()
    agent = member(queue)
    entry = make_entry(queue)
    actions.match(at=AT)
    take(Offer.objects.get(entry=entry))
    return Conference.objects.get(entries=entry), agent


def test_somebody_is_consulted_at_the_moment_in_which_a_caller_is_offered_to_them() -> None:
    room, ann = talking()
    queue = make_queue()
    ben = member(queue)
    entry = make_entry(queue)

    def consult() -> str:
        try:
            conferences.consult(room.pk, Target(agent=Agent.objects.get(pk=ben.pk)), by_agent=ann, at=AT)
        except Busy:
            return "busy"
        return "rung"

    with crowd() as people:
        Agent.objects.select_for_update(no_key=True).get(pk=ben.pk)
        people.begin(lambda: actions.match(at=AT))
        people.begin(consult)

    assert [work.result() for work in people.works] == [1, "busy"]
    entry.refresh_from_db()
    assert entry.state == EntryState.OFFERED
    room.refresh_from_db()
    assert room.phase == Phase.TALKING


def test_an_agent_ends_the_wrap_up_at_the_moment_in_which_the_same_caller_comes_back() -> None:
    room, ann = talking()
    colleague = member(make_queue())
    conferences.hand_over(room.pk, Target(agent=colleague), by_agent=ann, at=AT)
    go(room.participants.get(agent=ann), Outcome.RELEASED)
    go(room.participants.get(agent=colleague), Outcome.NO_ANSWER)
    return_to_sender(room.pk, at=AT)
    back = room.participants.live().get(agent=ann)
    part = Handling.objects.get(agent=ann)
    assert part.wrap_up_until is not None
    assert part.done_at is None

    @transaction.atomic
    def takes_it() -> None:
        talk = conversation(room.pk)
        assert talk is not None
        talk.happen(Took(back.label))
        talk.settle(at=AT)

    with crowd() as people:
        Handling.objects.select_for_update(no_key=True).get(pk=part.pk)
        people.begin(lambda: actions.finish(part.pk, at=AT))
        people.begin(takes_it)

    assert Handling.objects.open().get(agent=ann).ended_at is None
    ann.refresh_from_db()
    assert ann.activity == Activity.TALKING


def test_a_caller_who_is_told_the_position_leaves_at_the_moment_in_which_an_agent_accepts() -> None:
    queue = make_queue()
    member(queue)
    entry = make_entry(queue)
    assert entry.call_id is not None
    actions.match(at=AT)
    offer = Offer.objects.get()

    with crowd() as people:
        actions.tell_wait(entry.call_id, at=AT)
        people.begin(lambda: take(offer, joins=False))
        actions.leave(entry.call_id, why="a key", at=AT)

    entry.refresh_from_db()
    assert entry.state == EntryState.LEFT
    assert not Offer.objects.filter(state=OfferState.RINGING).exists()
