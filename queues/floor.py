"""Reads who waits and who could take them into the plain data that `queues.matching` decides with."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from agents.models import Agent, AgentSkill
from agents.presence import standing
from agents.states import Standing
from conferences.models import Participant
from dialing.calling_hours import Hours, may_call
from dialing.reading import limits, zones_of
from queues.matching import Candidate, Order, Requirement, Rules, Waiting, in_order
from queues.models import Entry, Membership, Offer, Queue, QueueSkill
from queues.states import EntryState, OfferState

# Who has declined a caller is not asked again for the same one at once, or the two would meet without end.
SPARED = timedelta(seconds=60)

HINDRANCES = {
    Standing.RINGING: "is being rung",
    Standing.TALKING: "is on a call",
    Standing.OFFLINE: "is not at the desk",
    Standing.WRAP_UP: "is wrapping up a call",
    Standing.COOLING_OFF: "missed a call a moment ago",
    Standing.UNREACHABLE: "has no phone that can ring now",
}


def waiting(*, at: datetime) -> list[Waiting]:
    """Give everybody who may be offered to somebody now. Who is called back waits for an hour in which one may call."""
    rows = Entry.objects.filter(Q(not_before__isnull=True) | Q(not_before__lte=at), state=EntryState.WAITING)
    found = list(rows.select_related("callback").prefetch_related(_QUEUE))
    legal = limits().bounds.hours if any(entry.callback for entry in found) else None
    entries = [entry for entry in found if _may_be_served(entry, legal, at)]
    rules = {queue.pk: rules_of(queue) for queue in {entry.queue for entry in entries}}
    spared = _spared(entries, at) if entries else defaultdict(dict)
    return [_waiting(entry, rules[entry.queue_id], spared[entry.pk]) for entry in entries]


def line(queue: Queue, *, at: datetime) -> list[Waiting]:
    """Give those who wait in one queue for an agent to be rung, the next first."""
    return in_order([one for one in waiting(at=at) if one.rules.queue == queue.pk], at)


def candidates(*, at: datetime) -> list[Candidate]:
    """Give everybody to whom a call may be offered now.

    Whose last leg is not known to be over could not be rung, and whoever waits would be kept from the next one.
    """
    legs = Participant.objects.live().filter(agent=OuterRef("pk"))
    free = Agent.objects.available(at).filter(~Exists(legs))
    return [_candidate(agent, "", at) for agent in _with_abilities(free)]


def members(queue: Queue, *, at: datetime) -> list[Candidate]:
    """Give all members of a queue, each with what keeps them from taking calls now."""
    agents = _with_abilities(Agent.objects.observed().filter(memberships__queue=queue).order_by("name"))
    return [_candidate(agent, hindrance(agent, at), at) for agent in agents]


def rules_of(queue: Queue) -> Rules:
    """Give how a queue decides; asks nothing of the database where the queue's skills are there already."""
    return Rules(
        queue=queue.pk,
        name=queue.name,
        order=Order(queue.order),
        several=queue.several,
        priority=queue.priority,
        ageing=queue.ageing,
        requirements=tuple(
            Requirement(
                one.skill.name,
                one.level,
                None if one.relax_after is None else timedelta(seconds=one.relax_after),
                one.relax_to,
            )
            for one in queue.skills.all()
        ),
    )


def hindrance(agent: Agent, at: datetime) -> str:
    """Say what keeps an agent from all calls now, "" for nothing."""
    if not agent.is_active:
        return "is set to be offered no calls"
    match standing(agent.seen(), at):
        case Standing.READY:
            return ""
        case Standing.NOT_READY:
            return f"is not ready ({agent.reason.name})" if agent.reason else "is not ready"
        case other:
            return HINDRANCES[other]


_SKILLS = Prefetch("skills", QueueSkill.objects.select_related("skill").order_by("skill__name"))
_QUEUE = Prefetch("queue", Queue.objects.prefetch_related(_SKILLS))


def _may_be_served(entry: Entry, legal: Hours | None, at: datetime) -> bool:
    if entry.callback is None or entry.call_id is not None or legal is None:
        return True
    queue = entry.queue
    return may_call(zones_of(entry.callback.number), at, (queue.callback_from, queue.callback_until), legal)


def _spared(entries: Iterable[Entry], at: datetime) -> defaultdict[UUID, dict[UUID, datetime]]:
    spared: defaultdict[UUID, dict[UUID, datetime]] = defaultdict(dict)
    declined = Offer.objects.filter(
        entry__in=[entry.pk for entry in entries], state=OfferState.DECLINED, ended_at__gt=at - SPARED
    )
    for entry_id, agent_id, ended_at in declined.values_list("entry_id", "agent_id", "ended_at").order_by("ended_at"):
        if ended_at is not None:
            spared[entry_id][agent_id] = ended_at + SPARED
    return spared


def _waiting(entry: Entry, rules: Rules, spared: dict[UUID, datetime]) -> Waiting:
    return Waiting(
        id=entry.pk,
        rules=rules,
        aged_from=entry.aged_from,
        language=entry.language,
        priority=entry.priority,
        is_first=entry.is_first,
        spared=spared,
    )


def _with_abilities(agents: QuerySet[Agent]) -> QuerySet[Agent]:
    return agents.prefetch_related(
        Prefetch("memberships", Membership.objects.only("agent_id", "queue_id", "priority")),
        Prefetch("skills", AgentSkill.objects.select_related("skill")),
    )


def _candidate(agent: Agent, keeps_from_calls: str, at: datetime) -> Candidate:
    return Candidate(
        id=agent.pk,
        name=agent.name,
        memberships={one.queue_id: one.priority for one in agent.memberships.all()},
        idle_since=agent.idle_since or at,
        skills={one.skill.name: one.level for one in agent.skills.all()},
        languages=frozenset(agent.languages),
        hindrance=keeps_from_calls,
    )
