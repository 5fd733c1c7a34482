"""Whom and what a person sees: agents their own calls and their team's queues, supervisors their teams."""

from django.db.models import QuerySet

from agents.models import Agent, Team, User
from conferences.models import Conference
from queues.models import Queue


def sees_every_team(person: User) -> bool:
    return person.has_perm("agents.see_every_team")


def teams(person: User) -> QuerySet[Team]:
    """Give the teams that a supervisor answers for."""
    return Team.objects.supervised_by(person)


def agents(person: User) -> QuerySet[Agent]:
    """Give the agents that a supervisor sees and helps."""
    return Agent.objects.supervised_by(person)


def queues(person: User) -> QuerySet[Queue]:
    """Give the queues that a supervisor watches."""
    return Queue.objects.supervised_by(person)


def queues_of_agent(agent: Agent) -> QuerySet[Queue]:
    """Give the queues that an agent sees at the desk."""
    return Queue.objects.of_agent(agent)


def conferences(person: User) -> QuerySet[Conference]:
    """Give the conversations that a supervisor sees."""
    return Conference.objects.supervised_by(person)


def conferences_of_agent(agent: Agent) -> QuerySet[Conference]:
    """Give the conversations that an agent takes part in, or has taken part in."""
    return Conference.objects.of_agent(agent)
