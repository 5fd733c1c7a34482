"""People for tests, each with defaults that make sense."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.contrib.auth.models import Group

from agents.models import Agent, AgentSkill, Endpoint, Reason, Skill, Team, User
from agents.presence import Seen
from agents.states import Activity, Chosen, EndpointKind, Microphone

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
BROWSER = (EndpointKind.BROWSER, "")
_numbers = count(1)


def user(*roles: str, **fields: Any) -> User:
    """An account that may log in, with these roles."""
    number = next(_numbers)
    made = User.objects.create(**({"username": f"person{number}", "is_staff": True} | fields))
    made.groups.set([Group.objects.get(name=role) for role in roles])
    return made


def team(name: str = "", *, supervisors: Iterable[User] = ()) -> Team:
    made = Team.objects.create(name=name or f"Team {next(_numbers)}")
    made.supervisors.set(supervisors)
    return made


def reason(name: str = "", **fields: Any) -> Reason:
    return Reason.objects.create(name=name or f"Reason {next(_numbers)}", **fields)


def skill(name: str) -> Skill:
    return Skill.objects.get_or_create(name=name)[0]


def agent(
    name: str = "",
    *,
    skills: Mapping[str, int] | None = None,
    endpoints: Iterable[tuple[str, str]] = (BROWSER,),
    account: User | None = None,
    **fields: Any,
) -> Agent:
    """An agent whose desk was never open. `skills` are names with levels, `endpoints` kinds with addresses."""
    name = name or f"Agent {next(_numbers)}"
    made = Agent.objects.create(user=account or user(), name=name, **fields)
    for known, level in (skills or {}).items():
        AgentSkill.objects.create(agent=made, skill=skill(known), level=level)
    for position, (kind, address) in enumerate(endpoints):
        Endpoint.objects.create(agent=made, kind=kind, address=address, position=position)
    return made


def ready_agent(name: str = "", *, at: datetime = AT, **fields: Any) -> Agent:
    """An agent to whom calls may be offered: chose ready, the desk was heard of at `at`, the phone is registered."""
    observed = {
        "chosen": Chosen.READY,
        "chosen_at": at,
        "desk_seen_at": at,
        "microphone": Microphone.ALLOWED,
        "phone_registered": True,
        "activity": Activity.IDLE,
    }
    return agent(name, **(observed | fields))


def seen(**fields: Any) -> Seen:
    """What is known of an agent who is ready at AT; no database."""
    defaults: dict[str, Any] = {
        "chosen": Chosen.READY,
        "reason": "",
        "desk_seen_at": AT,
        "microphone": Microphone.ALLOWED,
        "phone_registered": True,
        "activity": Activity.IDLE,
        "wrap_up_until": None,
        "cooling_until": None,
        "is_active": True,
        "endpoint_kinds": (EndpointKind.BROWSER,),
    }
    return Seen(**(defaults | fields))
