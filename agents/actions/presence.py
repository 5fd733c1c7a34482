"""Every write to agents' presence. What was chosen and what is observed are never mixed.

Whoever changes an agent holds the agent's row; each change of how the agent stands closes one PresenceChange and opens
the next, so that they tell the whole day without a gap.
"""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from agents import presence
from agents.models import Agent, PresenceChange, Reason, User
from agents.presence import ALIVE
from agents.signals import presence_changed
from agents.states import Activity, Chosen, Microphone
from live.publish import publish

logger = logging.getLogger(__name__)

OVERSTAY_TOLD = timedelta(seconds=30)  # longer than from one sweep to the next: a topic too many does no harm

# The ordinary heartbeat: nothing is news but that the desk lives. Anything else falls through to the longer way.
BEAT = """
UPDATE agents_agent SET desk_seen_at = greatest(desk_seen_at, %(at)s)
WHERE id = %(agent)s AND microphone = %(microphone)s AND phone_registered = %(registered)s
  AND desk_seen_at > %(at)s - %(alive)s
  AND EXISTS (SELECT FROM agents_presencechange
              WHERE agent_id = agents_agent.id AND until IS NULL AND standing <> 'offline')
RETURNING agents_agent.*
"""


class NotAReason(Exception):
    """Not ready needs a reason from the list of those that people may choose; ready takes none."""


class Busy(Exception):
    """The agent is being rung or talks elsewhere."""


@transaction.atomic
def choose(agent_id: UUID, chosen: Chosen, *, reason: Reason | None, by: User, at: datetime) -> Agent:
    """Note what the agent, or a supervisor for the agent, chose. Ends a cool-off. Raises NotAReason."""
    if chosen == Chosen.READY and reason is not None:
        raise NotAReason("ready takes no reason")
    if chosen == Chosen.NOT_READY and (reason is None or reason.is_automatic or not reason.is_active):
        raise NotAReason("not ready needs a reason from the list")
    agent = _locked(agent_id, at)
    changes: dict[str, Any] = {"cooling_until": None}
    if (agent.chosen, agent.reason_id) != (chosen, reason.pk if reason else None):
        changes |= {"chosen": chosen, "reason": reason, "chosen_at": at}
        if chosen == Chosen.READY and agent.activity == Activity.IDLE:
            changes["idle_since"] = at
    cause = "chosen at the desk" if by.pk == agent.user_id else "set by a supervisor"
    _change(agent, cause=cause, by=by, at=at, **changes)
    return agent


def heartbeat(agent_id: UUID, *, microphone: str, phone_registered: bool, at: datetime) -> Agent:
    """Note that the agent's desk is alive, and what it says of microphone and phone. Mostly one statement."""
    told = {"microphone": microphone, "registered": phone_registered}
    for agent in Agent.objects.raw(BEAT, {"agent": agent_id, "at": at, "alive": ALIVE} | told):
        return agent
    with transaction.atomic():
        agent = _locked(agent_id, at)
        cause = _news_of_desk(agent, Microphone(microphone), phone_registered, at)
        seen_at = max(agent.desk_seen_at or at, at)
        _change(
            agent, cause=cause, at=at, desk_seen_at=seen_at, phone_registered=phone_registered, microphone=microphone
        )
        publish(f"agent:{agent_id}")  # what keeps calls away may have changed without the standing
    return agent


@transaction.atomic
def reserve(agent_id: UUID, *, at: datetime) -> bool:
    """Take the agent for a ring, and return whether it was available at this very moment.

    Of several who try at once one wins: PostgreSQL checks the condition again on the row that it has locked.
    """
    available = Agent.objects.available(at).filter(pk=agent_id)
    if not available.update(activity=Activity.RINGING, activity_at=at):
        return False
    agent = _with_endpoints(agent_id)
    agent.activity = Activity.IDLE  # as it stood until now: its cool-off may be over without anybody having noted it
    _catch_up(agent, at)
    agent.activity = Activity.RINGING
    _record(agent, cause="offered a call", at=at)
    return True


def hold(agent_id: UUID) -> None:
    """Lock an agent until the end of the transaction, before what hangs on them is looked at: legs and handlings."""
    Agent.objects.select_for_update(no_key=True).filter(pk=agent_id).first()


@transaction.atomic
def occupy(agent_id: UUID, activity: Activity, *, cause: str, at: datetime, is_return: bool = False) -> None:
    """Ring or engage an agent who need not be ready: for a consultation, a rejoin. Raises Busy.

    `is_return`: the agent comes back to a conversation, from TALKING or RINGING in it.
    """
    agent = _locked(agent_id, at)
    if agent.activity in {Activity.RINGING, Activity.TALKING} and not is_return:
        raise Busy(f"{agent} is {agent.activity}")
    _turn(agent, activity, cause=cause, at=at)


@transaction.atomic
def begin_talking(agent_id: UUID, *, cause: str, at: datetime) -> None:
    """Note that the agent took a call. Changes nothing when the agent talks already."""
    _turn(_locked(agent_id, at), Activity.TALKING, cause=cause, at=at)


@transaction.atomic
def begin_wrap_up(agent_id: UUID, *, until: datetime, at: datetime) -> None:
    """Begin the wrap-up, right now or, of an agent who is rung meanwhile, after that."""
    agent = _locked(agent_id, at)
    then = Activity.RINGING if agent.activity == Activity.RINGING else Activity.WRAP_UP
    _turn(agent, then, cause="wrap-up of a call", at=at, wrap_up_until=until)


@transaction.atomic
def extend_wrap_up(agent_id: UUID, *, until: datetime, at: datetime) -> None:
    """Let a wrap-up that is not over last until a later moment."""
    agent = _locked(agent_id, at)
    if agent.wrap_up_until is not None and agent.wrap_up_until < until:
        _change(agent, cause="wrap-up extended", at=at, wrap_up_until=until)
        publish(f"agent:{agent_id}", "agents")


@transaction.atomic
def end_wrap_up(agent_id: UUID, *, cause: str, at: datetime, by: User | None = None) -> None:
    """End the wrap-up. An agent who is rung or talks meanwhile stays so, and is idle afterwards."""
    _end_wrap_up(_locked(agent_id, at), cause=cause, at=at, by=by)


@transaction.atomic
def release(agent_id: UUID, *, cause: str, at: datetime) -> None:
    """End a ring or a talk: the agent is idle, or back in a wrap-up that is not over. Changes nothing else.

    A wrap-up is not ended by this, so a late or repeated release does no harm: see `end_wrap_up`.
    """
    agent = _locked(agent_id, at)
    if agent.activity not in {Activity.RINGING, Activity.TALKING}:
        return
    if agent.wrap_up_until is not None and agent.wrap_up_until > at:
        _turn(agent, Activity.WRAP_UP, cause=cause, at=at)
    else:
        _turn(agent, Activity.IDLE, cause=cause, at=at, wrap_up_until=None)


@transaction.atomic
def note_missed(agent_id: UUID, *, cause: str, at: datetime) -> None:
    """Count a ring that was not taken: a short cool-off, and after too many in a row a pause that supervisors see.

    Leaves the activity: whoever rang releases. Of an agent who chose not to be ready nothing is counted.
    """
    agent = _locked(agent_id, at)
    if agent.chosen != Chosen.READY:
        return
    misses = agent.misses + 1
    if misses < settings.AGENT_MOST_MISSES:
        cooling_until = at + timedelta(seconds=settings.AGENT_COOL_OFF_SECONDS)
        _change(agent, cause=cause, at=at, misses=misses, cooling_until=cooling_until, idle_since=at)
        return
    logger.warning("Agent %s missed %d rings in a row and is paused", agent_id, misses)
    _change(
        agent,
        cause=f"{misses} rings missed in a row",
        at=at,
        chosen=Chosen.NOT_READY,
        reason=Reason.objects.get(is_automatic=True),
        chosen_at=at,
        misses=0,
        cooling_until=None,
    )


def note_taken(agent_id: UUID, *, at: datetime) -> None:  # noqa: ARG001  like its neighbors
    """Forget the misses: the agent took a call."""
    Agent.objects.filter(pk=agent_id, misses__gt=0).update(misses=0)


@transaction.atomic
def review(agent_id: UUID, *, cause: str, at: datetime, by: User | None = None) -> None:
    """Look at the agent again after something was set up differently: endpoints, or whether calls are offered."""
    _record(_locked(agent_id, at), cause=cause, by=by, at=at)


def sweep(*, at: datetime) -> int:
    """Note what time has changed: silent desks, cool-offs and wrap-ups that are over. Return how many agents.

    Each agent is a transaction of its own, and one that somebody else changes right now is left to the next sweep.
    """
    swept = 0
    for agent_id in list(Agent.objects.turning(at).values_list("pk", flat=True)):
        with transaction.atomic():
            rows = Agent.objects.turning(at).select_for_update(no_key=True, skip_locked=True).filter(pk=agent_id)
            for agent in rows:
                _catch_up(agent, at)
                if agent.activity == Activity.WRAP_UP and agent.wrap_up_until and agent.wrap_up_until <= at:
                    _end_wrap_up(agent, cause="the time for the wrap-up was up", at=at)
                swept += 1
    if overstaying := list(Agent.objects.overstaying(at - OVERSTAY_TOLD, at).values_list("pk", flat=True)):
        publish("agents", *(f"agent:{agent_id}" for agent_id in overstaying))
    return swept


def _with_endpoints(agent_id: UUID, *, lock: bool = False) -> Agent:
    """Read an agent. No join while locking: the row may have to be read again, and the joined one would be the old."""
    agents = Agent.objects.prefetch_related("endpoints")
    return (agents.select_for_update(no_key=True) if lock else agents).get(pk=agent_id)


def _locked(agent_id: UUID, at: datetime) -> Agent:
    """Lock an agent, and note first what time has changed before this moment."""
    agent = _with_endpoints(agent_id, lock=True)
    _catch_up(agent, at)
    return agent


def _catch_up(agent: Agent, at: datetime) -> None:
    for since, cause in presence.turns_by_itself(agent.seen(), now=at):
        _record(agent, cause=cause, since=since, at=at)


def _turn(agent: Agent, activity: Activity, *, cause: str, at: datetime, by: User | None = None, **more: Any) -> None:
    if agent.activity != activity:
        more |= {"activity": activity, "activity_at": at}
        if activity == Activity.IDLE and (agent.activity != Activity.RINGING or agent.wrap_up_until is not None):
            more["idle_since"] = at  # a ring alone is no work
    _change(agent, cause=cause, at=at, by=by, **more)


def _end_wrap_up(agent: Agent, *, cause: str, at: datetime, by: User | None = None) -> None:
    then = Activity.IDLE if agent.activity == Activity.WRAP_UP else Activity(agent.activity)
    _turn(agent, then, cause=cause, at=at, by=by, wrap_up_until=None)


def _change(agent: Agent, *, cause: str, at: datetime, by: User | None = None, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(agent, name, value)
    if changes:
        agent.save(update_fields=list(changes))
    _record(agent, cause=cause, by=by, at=at)


def _record(agent: Agent, *, cause: str, at: datetime, since: datetime | None = None, by: User | None = None) -> None:
    """Close the present stretch of the agent's day and open the next, where the agent stands differently.

    Stretches never overlap: one that would begin before the present one begins with it.
    """
    present = PresenceChange.objects.present().filter(agent=agent).first()
    begins = since or at
    if present is not None:
        begins = max(begins, present.at)
    seen = agent.seen()
    stands: dict[str, str] = {
        "standing": presence.standing(seen, begins),
        "chosen": agent.chosen,
        "reason": seen.reason,
    }
    if present is not None:
        if all(getattr(present, name) == value for name, value in stands.items()):
            return
        present.until = begins
        present.save(update_fields=["until"])
    PresenceChange.objects.create(agent=agent, cause=cause, by=by, at=begins, **stands)
    publish(f"agent:{agent.pk}", "agents")
    presence_changed.send(sender=Agent, agent=agent, at=at)


def _news_of_desk(agent: Agent, microphone: str, phone_registered: bool, at: datetime) -> str:
    if not presence.is_alive(agent.seen(), at):
        return "the desk was opened"
    if agent.phone_registered != phone_registered:
        return "the phone of the desk was connected" if phone_registered else "the phone of the desk was disconnected"
    if agent.microphone != microphone:
        return "the microphone was blocked" if microphone == Microphone.BLOCKED else "the microphone was allowed"
    return "the desk was heard of again"
