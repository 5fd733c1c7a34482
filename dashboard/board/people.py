"""Agents of the viewer's teams: how each stands, since when, with what reason, and what is wrong with it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from agents import presence
from agents.models import Agent, PresenceChange, Reason
from agents.presence import Overstay
from agents.states import Activity, Chosen, Standing
from conferences.models import Participant
from dashboard.board.viewer import Viewer
from dashboard.desk import words
from dashboard.desk.words import Word


@dataclass(frozen=True, slots=True)
class Member:
    """`note`: the reason or the call; `trouble`: what needs a supervisor's eye."""

    id: UUID
    name: str
    word: Word
    since: timedelta | None
    note: str
    trouble: str
    wraps_up: bool
    is_ready: bool
    reason_id: int | None


@dataclass(frozen=True, slots=True)
class TeamOfMembers:
    name: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class People:
    """`counts`: how many stand how, in the order of what counts most."""

    teams: tuple[TeamOfMembers, ...]
    counts: tuple[tuple[Word, int], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of the agent's day, and who or what brought it about."""

    at: datetime
    word: Word
    cause: str
    by: str


@dataclass(frozen=True, slots=True)
class Choice:
    """`value` is "ready" or the id of a reason."""

    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Person:
    """One agent, with what may be set for them and what came before."""

    member: Member
    team: str
    choices: tuple[Choice, ...]
    changes: tuple[Change, ...]


CHANGES = 8
# What a supervisor looks for stands first: trouble, then who is there, then the others.
ORDER = (
    *(Standing.UNREACHABLE, Standing.COOLING_OFF, Standing.READY, Standing.RINGING, Standing.TALKING),
    *(Standing.WRAP_UP, Standing.NOT_READY, Standing.OFFLINE),
)


def people(viewer: Viewer) -> People:
    """Read everybody of the viewer's teams who takes calls."""
    seen = Agent.objects.supervised_by(viewer.user).filter(is_active=True)
    agents = list(Agent.objects.observed().filter(pk__in=seen).select_related("team").order_by("team__name", "name"))
    members = _members(agents, viewer.at)
    counts = Counter(stands for stands, _member in members.values())
    shown = [one for one in agents if not viewer.is_afar or members[one.pk][0] is not Standing.OFFLINE]
    by_team = groupby(shown, key=lambda one: one.team.name if one.team else "")
    return People(
        teams=tuple(TeamOfMembers(name, _in_order(members[one.pk] for one in team)) for name, team in by_team),
        counts=tuple((words.standing(one), counts[one]) for one in ORDER if counts[one]),
    )


def person(viewer: Viewer) -> Person | None:
    """Read the agent that is asked about; None for one of other teams."""
    asked = viewer.id_of("agent")
    seen = Agent.objects.supervised_by(viewer.user).filter(pk=asked) if asked else Agent.objects.none()
    agent = Agent.objects.observed().filter(pk__in=seen).select_related("team").first()
    if agent is None:
        return None
    _stands, member = _members([agent], viewer.at)[agent.pk]
    past = PresenceChange.objects.filter(agent=agent).select_related("by").order_by("-at", "-pk")[:CHANGES]
    changes = [Change(one.at, words.standing(one.standing), one.cause, _who(one)) for one in past]
    return Person(member, agent.team.name if agent.team else "", _choices(viewer, member), tuple(changes))


def _choices(viewer: Viewer, member: Member) -> tuple[Choice, ...]:
    if not viewer.may_act:
        return ()
    reasons = Reason.objects.filter(is_active=True, is_automatic=False).order_by("position", "name")
    return (
        Choice("ready", "Ready", member.is_ready),
        *(Choice(str(one.pk), one.name, not member.is_ready and one.pk == member.reason_id) for one in reasons),
    )


def _who(change: PresenceChange) -> str:
    return "" if change.by is None else change.by.get_full_name() or change.by.get_username()


def _members(agents: Sequence[Agent], at: datetime) -> Mapping[UUID, tuple[Standing, Member]]:
    standings = {one.pk: presence.standing(one.seen(), at) for one in agents}
    since, subjects = _since(agents, standings), _subjects(agents)
    return {
        one.pk: (standings[one.pk], _member(one, standings[one.pk], since.get(one.pk), subjects, at)) for one in agents
    }


def _in_order(members: Iterable[tuple[Standing, Member]]) -> tuple[Member, ...]:
    return tuple(member for _stands, member in sorted(members, key=lambda one: ORDER.index(one[0])))


def _since(agents: Sequence[Agent], standings: Mapping[UUID, Standing]) -> Mapping[UUID, datetime]:
    """Give since when each stands so; not where time has changed it and nobody has noted it yet."""
    rows = PresenceChange.objects.filter(agent__in=[one.pk for one in agents], until__isnull=True)
    return {agent: at for agent, stood, at in rows.values_list("agent", "standing", "at") if standings[agent] == stood}


def _subjects(agents: Sequence[Agent]) -> Mapping[UUID, str]:
    busy = [one.pk for one in agents if one.activity in (Activity.RINGING, Activity.TALKING)]
    legs = Participant.objects.live().filter(agent__in=busy) if busy else Participant.objects.none()
    return {agent: subject for agent, subject in legs.values_list("agent", "conference__subject") if agent is not None}


def _member(
    agent: Agent, stands: Standing, since: datetime | None, subjects: Mapping[UUID, str], at: datetime
) -> Member:
    return Member(
        id=agent.pk,
        name=agent.name,
        word=words.standing(stands),
        since=at - since if since else None,
        note=subjects.get(agent.pk) or _chosen(agent, stands),
        trouble=_trouble(agent, stands, at),
        wraps_up=agent.activity == Activity.WRAP_UP,
        is_ready=agent.chosen == Chosen.READY,
        reason_id=agent.reason_id,
    )


def _chosen(agent: Agent, stands: Standing) -> str:
    if agent.reason is not None and stands is not Standing.OFFLINE:
        return agent.reason.name if stands is Standing.NOT_READY else f"then {agent.reason.name}"
    return ""


def _trouble(agent: Agent, stands: Standing, at: datetime) -> str:
    """Say what a supervisor should look at: a pause after missed calls, a reason over its time, a stuck wrap-up."""
    if stands is Standing.WRAP_UP and agent.wrap_up_until is not None and agent.wrap_up_until <= at:
        return "The time for the wrap-up is over."
    if stands is Standing.UNREACHABLE:
        return " ".join(presence.why_not(agent.seen(), at))
    if agent.reason is None or stands not in (Standing.NOT_READY, Standing.OFFLINE):
        return ""
    if agent.reason.is_automatic:
        return f"Paused after {agent.misses} missed calls." if agent.misses else "Paused after missed calls."
    lasts = presence.overstay(
        agent.chosen_at, warn_minutes=agent.reason.warn_minutes, limit_minutes=agent.reason.limit_minutes, now=at
    )
    if lasts is Overstay.OVER and stands is Standing.NOT_READY:
        return f"{agent.reason.name} has lasted longer than its {agent.reason.limit_minutes} minutes."
    return ""
