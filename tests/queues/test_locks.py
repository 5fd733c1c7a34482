"""Locks are taken in one order, so nobody's work is undone by a deadlock: what met in the middle waits, and goes on."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.db.models import QuerySet

from agents.actions import Busy
from agents.models import Agent
from agents.states import Activity
from calls.actions import observe
from calls.models import Call
from calls.observations import Observation
from conferences import actions as conferences
from conferences.actions import Target
from conferences.actions.opening import return_to_sender
from conferences.actions.steering import conversation
from conferences.models import Conference, Participant
from conferences.room import Joined, Phase, Press, Took
from conferences.states import Outcome
from queues import actions
from queues.actions import callbacks
from queues.models import Entry, Handling, Offer, Queue
from queues.states import EntryState, OfferState
from tests.at_once import at_once, beside
from tests.calls.factories import AT, make_call
from tests.locks import waiting
from tests.patience import until
from tests.queues.factories import go, make_entry, make_queue, member, take

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("nobody_works")]

ORDERS = ("longest-idle", "ring-several")


class Crowd:
    """Works that begin one after the other, each as soon as the one before waits for a lock."""

    def __init__(self, submit: Callable[[Callable[[], Any]], Future[Any]]) -> None:
        self.submit = submit
        self.works: list[Future[Any]] = []

    def begin(self, work: Callable[[], Any]) -> None:
        self.works.append(self.submit(work))
        until(lambda: waiting() >= len(self.works) or self.works[-1].done(), lambda: "it neither waits nor ends")


@contextmanager
def crowd() -> Iterator[Crowd]:
    """Hold locks within; what was begun goes on afterwards, and must come to its end."""
    with beside(4) as submit:
        people = Crowd(submit)
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


class Floor:
    """Whatever people, Twilio and the clock may do at any moment, each in a transaction of its own."""

    def __init__(self, queues: list[Queue], seed: int) -> None:
        self.queues, self.chance = queues, random.Random(seed)

    def one_of(self, rows: QuerySet[Any]) -> Any:
        found = list(rows)
        return self.chance.choice(found) if found else None

    def matches(self) -> None:
        actions.match(at=AT)

    def calls(self) -> None:
        call = make_call(from_number=f"+1415555{self.chance.randrange(10):04}")
        actions.join(self.chance.choice(self.queues).pk, call_id=call.pk, language="", onward="", at=AT)

    def asks_to_be_called_back(self) -> None:
        number = f"+1415555{self.chance.randrange(10):04}"
        queue = self.chance.choice(self.queues)
        with suppress(callbacks.AlreadyAsked):
            callbacks.ask(queue.pk, number, call_id=None, language="", aged_from=AT, at=AT)

    @transaction.atomic
    def waits(self) -> None:
        entry = self.one_of(Entry.objects.waiting().filter(call__isnull=False))
        if entry is not None:
            Call.objects.select_for_update(no_key=True).get(pk=entry.call_id)  # as the page of the wait does
            actions.tell_wait(entry.call_id, at=AT)
            if self.chance.random() < 0.5:
                actions.leave(entry.call_id, why="a key", at=AT)

    def is_answered(self) -> None:
        self.happens(Took, Participant.objects.live().filter(wants_in=True, role="owner", state="wanted"))

    def joins(self) -> None:
        self.happens(Joined, Participant.objects.live().filter(wants_in=True).exclude(state="joined"))

    @transaction.atomic
    def happens(self, event: type[Took | Joined], rows: QuerySet[Participant]) -> None:
        row = self.one_of(rows)
        talk = conversation(row.conference_id) if row is not None else None
        if talk is not None:
            talk.conference.started_at = AT
            talk.happen(event(row.label))
            talk.settle(at=AT)

    @transaction.atomic
    def breaks_off(self) -> None:
        row = self.one_of(Participant.objects.live().filter(is_moved=False))
        if row is not None:
            go(row, self.chance.choice([Outcome.LOST, Outcome.HUNG_UP, Outcome.NO_ANSWER]))

    def declines(self) -> None:
        row = self.one_of(Participant.objects.live().filter(agent__isnull=False).select_related("agent"))
        if row is not None:
            conferences.decline(row.pk, by_agent=row.agent, at=AT)

    def hangs_up(self) -> None:
        call = self.one_of(Call.objects.exclude(status="completed"))
        if call is not None:
            observe(Observation(sid=call.sid, status="completed", reported_at=AT), at=AT)

    def consults(self) -> None:
        row = self.one_of(Participant.objects.filter(role="owner", state="joined").select_related("agent"))
        colleague = self.one_of(Agent.objects.observed())
        if row is not None:
            ask = self.chance.choice([conferences.consult, conferences.hand_over])
            with suppress(conferences.NotNow, Busy):
                ask(row.conference_id, Target(agent=colleague), by_agent=row.agent, at=AT)

    def presses(self) -> None:
        row = self.one_of(Participant.objects.filter(role="owner", state="joined").select_related("agent"))
        if row is not None:
            with suppress(conferences.NotNow):
                press = self.chance.choice([Press.COMPLETE, Press.HANG_UP, Press.CANCEL])
                conferences.press(row.conference_id, press, by_agent=row.agent, at=AT)

    def wraps_up(self) -> None:
        part = self.one_of(Handling.objects.wrapping_up())
        if part is not None:
            actions.finish(part.pk, at=AT)

    def beats(self) -> None:
        later = AT + timedelta(minutes=5)
        self.chance.choice([actions.keep_time, actions.sweep, callbacks.sweep])(at=later)
        for room in Conference.objects.filter(phase=Phase.RETURNING):
            return_to_sender(room.pk, at=AT)

    def goes_on(self, rounds: int) -> None:
        works = [
            *[self.matches] * 4,
            *[self.is_answered] * 3,
            *[self.joins] * 4,
            *[self.calls] * 2,
            *(self.asks_to_be_called_back, self.waits, self.breaks_off, self.declines, self.hangs_up),
            *(self.consults, self.presses, self.wraps_up, self.beats),
        ]
        for _ in range(rounds):
            self.chance.choice(works)()


@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_at_once_no_work_is_undone_and_nothing_comes_apart(
    seed: int, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    settings.TWILIO_CALLER_ID = "+15005550006"
    some = [make_queue(order=order, callback_from="00:00", callback_until="23:59") for order in ORDERS]
    for number in range(8):
        member(some[number % len(some)])

    at_once(*(partial(Floor(some, seed * 10 + thread).goes_on, 60) for thread in range(4)))

    assert "could not be put right" not in caplog.text
    assert Handling.objects.exists()
    ringing = Offer.objects.filter(state=OfferState.RINGING).values("entry")
    assert not Entry.objects.filter(state=EntryState.OFFERED).exclude(pk__in=ringing).exists()
    assert not Entry.objects.filter(state=EntryState.TALKING, conference__phase=Phase.CLOSED).exists()
    assert not Participant.objects.live().filter(agent__activity__in=(Activity.IDLE, Activity.WRAP_UP)).exists()
