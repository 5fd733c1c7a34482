"""What the record of an agent's presence says, and what of it was told."""

import re
from datetime import timedelta

from agents import actions
from agents.models import Agent, PresenceChange, Reason
from agents.states import EndpointKind, Microphone
from tests.agents.factories import AT

TOPIC = re.compile(r"agents|agent:[0-9a-f-]{36}")
TELEPHONE = (EndpointKind.NUMBER, "+14155550177")


def after(seconds):
    return AT + timedelta(seconds=seconds)


def fresh(agent):
    return Agent.objects.observed().get(pk=agent.pk)


def beat(agent, at, *, microphone=Microphone.ALLOWED, phone_registered=True):
    return actions.heartbeat(agent.pk, microphone=microphone, phone_registered=phone_registered, at=at)


def lunch():
    return Reason.objects.get(name="Lunch")


def day(agent):
    """Give the agent's stretches as standing, cause and second of beginning."""
    changes = PresenceChange.objects.filter(agent=agent).order_by("pk")
    return [(change.standing, change.cause, (change.at - AT).total_seconds()) for change in changes]


def standings(agent):
    return [standing for standing, _, _ in day(agent)]


def told(queries):
    """Give the topics that these statements published."""
    return set(TOPIC.findall(" ".join(query["sql"] for query in queries if "pg_notify" in query["sql"])))
