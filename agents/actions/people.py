"""Taking agents in from a file: all of it, or nothing."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction

from agents import roles
from agents.actions.presence import review
from agents.exchange import plan
from agents.exchange.plan import Change, Plan
from agents.exchange.sheet import Sheet
from agents.models import Agent, AgentSkill, Endpoint, Skill, Team, User
from agents.states import EndpointKind


class HasProblems(Exception):
    """Some rows of the file are wrong, so none is saved."""


class Different(Exception):
    """What the file would change now is not what was shown when it was confirmed."""


@transaction.atomic
def import_agents(content: Sheet, *, fingerprint: str, by: User, at: datetime) -> Plan:
    """Save what a file changes, if it is still what the plan with this fingerprint showed.

    Raises HasProblems or Different, and then nothing is saved. New people get a log-in without a password.
    """
    wanted = plan.of(content, by=by)
    if wanted.problems:
        raise HasProblems(f"{len(wanted.problems)} problems")
    if wanted.fingerprint != fingerprint:
        raise Different("something has changed since the preview")
    teams, skills = plan.known(Team), plan.known(Skill)
    teams |= {name.lower(): Team.objects.create(name=name) for name in wanted.new_teams}
    skills |= {name.lower(): Skill.objects.create(name=name) for name in wanted.new_skills}
    role = Group.objects.get(name=roles.AGENT)
    for change in wanted.effective:
        user = change.user or _new_user(change.row.username, role)
        agent = _saved_agent(change, user, teams, content.columns)
        if "skills" in content.columns:
            _set_skills(agent, {skills[name.lower()].pk: level for name, level in change.row.skills})
        if "endpoints" in content.columns:
            _set_endpoints(agent, change.row.endpoints)
        elif change.agent is None:
            _set_endpoints(agent, ((EndpointKind.BROWSER, ""),))
        review(agent.pk, cause="set up by a file", by=by, at=at)
    return wanted


def _new_user(username: str, role: Group) -> User:
    user = User(username=username, is_staff=True)
    user.set_unusable_password()
    user.save(force_insert=True)
    user.groups.add(role)
    return user


def _saved_agent(change: Change, user: User, teams: dict[str, Team | Skill], columns: frozenset[str]) -> Agent:
    row = change.row
    if "email" in columns and user.email != row.email:
        user.email = row.email
        user.save(update_fields=["email"])
    agent = change.agent or Agent(user=user, name=row.name)
    agent.name = row.name or agent.name
    if "team" in columns:
        team = teams[row.team.lower()] if row.team else None
        agent.team = team if isinstance(team, Team) else None
    if "languages" in columns:
        agent.languages = list(row.languages)
    if row.active is not None:
        agent.is_active = row.active
    if change.agent is None:
        agent.save(force_insert=True)
    else:  # not the whole row: presence goes on meanwhile
        agent.save(update_fields=["name", "team", "languages", "is_active"])
    return agent


def _set_skills(agent: Agent, levels: dict[int, int]) -> None:
    AgentSkill.objects.filter(agent=agent).exclude(skill__in=levels).delete()
    AgentSkill.objects.bulk_create(
        [AgentSkill(agent=agent, skill_id=skill, level=level) for skill, level in levels.items()],
        update_conflicts=True,
        unique_fields=["agent", "skill"],
        update_fields=["level"],
    )


def _set_endpoints(agent: Agent, wanted: Sequence[tuple[EndpointKind, str]]) -> None:
    for endpoint in Endpoint.objects.filter(agent=agent):
        if (endpoint.kind, endpoint.address) not in wanted:
            Endpoint.objects.filter(pk=endpoint.pk).delete()
    Endpoint.objects.bulk_create(
        [
            Endpoint(agent=agent, kind=kind, address=address, position=position)
            for position, (kind, address) in enumerate(wanted)
        ],
        update_conflicts=True,
        unique_fields=["agent", "kind", "address"],
        update_fields=["position"],
    )
