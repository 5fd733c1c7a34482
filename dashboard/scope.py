"""Whom and what a person sees: agents their own calls and their team's queues, supervisors their teams."""

from django.db.models import Q, QuerySet

from agents.models import Agent, Team, User
from conferences.models import Conference
from queues.models import Queue


def sees_every_team(person: User) -> bool:
    return person.has_perm("agents.see_every_team")


def teams(person: User) -> QuerySet[Team]:
    """Give the teams that a supervisor answers for."""
    return Team.objects.all() if sees_every_team(person) else Team.objects.filter(supervisors=person)


def agents(person: User) -> QuerySet[Agent]:
    """Give the agents that a supervisor sees and helps."""
    return Agent.objects.all() if sees_every_team(person) else Agent.objects.filter(team__in=teams(person))


def queues(person: User) -> QuerySet[Queue]:
    """Give the queues that a supervisor watches: the teams' own, those that agents of the teams serve, and nobody's."""
    if sees_every_team(person):
        return Queue.objects.all()
    mine = teams(person)
    served = Queue.objects.filter(memberships__agent__team__in=mine).values("pk")
    return Queue.objects.filter(Q(team__in=mine) | Q(team__isnull=True) | Q(pk__in=served))


def queues_of_agent(agent: Agent) -> QuerySet[Queue]:
    """Give the queues that an agent sees: the team's own, and those that the agent serves."""
    served = Queue.objects.filter(memberships__agent=agent).values("pk")
    mine = Q(pk__in=served)
    return Queue.objects.filter(mine | Q(team=agent.team_id) if agent.team_id else mine)


def conferences(person: User) -> QuerySet[Conference]:
    """Give the conversations that a supervisor sees: an agent of the teams is in them, or their queue is watched."""
    if sees_every_team(person):
        return Conference.objects.all()
    spoken = Conference.objects.filter(participants__agent__in=agents(person)).values("pk")
    queued = Conference.objects.filter(entries__queue__in=queues(person)).values("pk")
    return Conference.objects.filter(Q(pk__in=spoken) | Q(pk__in=queued))


def conferences_of_agent(agent: Agent) -> QuerySet[Conference]:
    """Give the conversations that an agent takes part in, or has taken part in."""
    return Conference.objects.filter(pk__in=agent.participations.values("conference"))
