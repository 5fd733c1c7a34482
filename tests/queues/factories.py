"""Queues and who waits in them, each with defaults that make sense."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from agents.models import Agent, Skill
from conferences.actions.steering import conversation
from conferences.models import Participant
from conferences.room import Joined, Role, Took
from conferences.states import Outcome
from queues.matching import Candidate, Requirement, Rules, Waiting
from queues.models import Entry, Membership, Offer, Queue, QueueSkill
from tests.agents.factories import ready_agent
from tests.calls.factories import AT, make_call

_numbers = count(1)
NAMES = UUID(int=1)


def make_queue(
    name: str = "", *, members: Iterable[Agent] = (), skills: Mapping[str, int] | None = None, **fields: Any
):
    """A queue with these members, all of priority 1, that asks for these skills at these levels."""
    queue = Queue.objects.create(name=name or f"Queue {next(_numbers)}", **fields)
    for agent in members:
        Membership.objects.create(queue=queue, agent=agent)
    for skill, level in (skills or {}).items():
        QueueSkill.objects.create(queue=queue, skill=Skill.objects.get_or_create(name=skill)[0], level=level)
    return queue


def make_entry(queue: Queue, *, after: float = 0, **fields: Any) -> Entry:
    """Somebody who came to the queue so many seconds after AT, and waits."""
    joined_at = AT + timedelta(seconds=after)
    if "call" not in fields and "callback" not in fields:
        fields["call"] = make_call()
    defaults = {"queue": queue, "joined_at": joined_at, "aged_from": joined_at, "onward": "https://example.com/onward"}
    return Entry.objects.create(**(defaults | fields))


def member(queue: Queue, name: str = "", *, priority: int = 1, **fields: Any) -> Agent:
    """An agent who is ready at AT and a member of the queue."""
    agent = ready_agent(name, **fields)
    Membership.objects.create(queue=queue, agent=agent, priority=priority)
    return agent


# ---- plain data, for what is pure


def waiting(after: float = 0, *, rules: Rules | None = None, now: datetime = AT, **fields: Any) -> Waiting:
    """Somebody who has waited for so many seconds."""
    number = next(_numbers)
    return Waiting(
        id=UUID(int=number), rules=rules or Rules(1, "Support"), aged_from=now - timedelta(seconds=after), **fields
    )


def candidate(name: str, *, idle: float = 60, queues: Mapping[int, int] | None = None, **fields: Any) -> Candidate:
    """Somebody idle for so many seconds, who takes callers of queue 1."""
    return Candidate(
        id=uuid5(NAMES, name),
        name=name,
        memberships={1: 1} if queues is None else queues,
        idle_since=AT - timedelta(seconds=idle),
        **fields,
    )


def asks(skill: str, level: int, *, relaxed: float | None = None, to: int = 0) -> Requirement:
    return Requirement(skill, level, None if relaxed is None else timedelta(seconds=relaxed), to)


# ---- what happens in conversations


@transaction.atomic
def take(offer: Offer, *, at: datetime = AT, joins: bool = True) -> None:
    """The agent accepts; `joins`: is in the room, and the customer with them."""
    talk = conversation(offer.participant.conference_id)
    talk.happen(Took(offer.participant.label))
    talk.settle(at=at)
    if joins:
        enter(offer.participant, at=at)
        customer = offer.participant.conference.participants.filter(role=Role.CUSTOMER).first()
        if customer is not None:
            enter(customer, at=at)


@transaction.atomic
def enter(participant: Participant, *, at: datetime = AT) -> None:
    talk = conversation(participant.conference_id)
    talk.conference.started_at = talk.conference.started_at or at
    talk.happen(Joined(participant.label))
    talk.settle(at=at)


@transaction.atomic
def go(participant: Participant, outcome: Outcome, *, at: datetime = AT) -> None:
    """A leg is over."""
    talk = conversation(participant.conference_id)
    talk.leave(talk.row(participant.pk), outcome, on_purpose=outcome is not Outcome.LOST)
    talk.settle(at=at)
