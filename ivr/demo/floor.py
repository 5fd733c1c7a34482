"""The demo company's queues and conference room, and the agents who take its calls."""

from datetime import datetime

from django.contrib.auth.models import Group

import agents.actions
from agents import roles
from agents.models import Agent, AgentSkill, Endpoint, Skill, Team, User
from agents.states import EndpointKind
from compliance.actions.consent import word
from compliance.models import Policy
from conferences.models import Room
from contacts.actions import create
from contacts.details import Details
from contacts.models import System
from contacts.states import How
from ivr.demo import content
from queues.models import Disposition, Membership, Queue, QueueSkill


def queues() -> dict[str, Queue]:
    """Make the teams, and the queues with the skills that they ask for."""
    dispositions = [Disposition.objects.create(name=name) for name in content.DISPOSITIONS]
    teams = {name: Team.objects.create(name=name) for name in content.TEAMS}
    skills = {name: Skill.objects.create(name=name) for name in content.SKILLS}
    made = {}
    for name, (team, (skill, level, relax_after, relax_to)) in content.QUEUES.items():
        made[name] = Queue.objects.create(name=name, team=teams[team])
        made[name].dispositions.set(dispositions)
        QueueSkill.objects.create(
            queue=made[name], skill=skills[skill], level=level, relax_after=relax_after, relax_to=relax_to
        )
    return made


def room() -> Room:
    return Room.objects.create(name=content.ROOM, host_pin=content.HOST_PIN, guest_pin=content.GUEST_PIN)


def staff(password: str, *, at: datetime) -> None:
    """Let people take the calls of the queues, each with a log-in and a browser phone; their log-ins may be there."""
    for username, (name, team, skills, memberships) in content.AGENTS.items():
        user, is_new = User.objects.get_or_create(username=username, defaults={"is_staff": True})
        if is_new:
            user.set_password(password)
            user.save(update_fields=["password"])
            user.groups.add(Group.objects.get(name=roles.AGENT))
        languages = [language for language, _voice in content.LANGUAGES]
        agent = Agent.objects.create(user=user, name=name, team=Team.objects.get(name=team), languages=languages)
        Endpoint.objects.create(agent=agent, kind=EndpointKind.BROWSER)
        for skill, level in skills.items():
            AgentSkill.objects.create(agent=agent, skill=Skill.objects.get(name=skill), level=level)
        for queue, priority in memberships.items():
            Membership.objects.create(agent=agent, queue=Queue.objects.get(name=queue), priority=priority)
        agents.actions.review(agent.pk, cause="came with the demo", at=at)
    supervisors = User.objects.filter(groups__name=roles.SUPERVISOR, agent__name="Supervisor")
    for made in Team.objects.filter(name__in=content.TEAMS):
        made.supervisors.set(supervisors)


def contacts(*, at: datetime) -> None:
    """Let some of the callers be known, here and in another system."""
    System.objects.create(name=content.SYSTEM)
    for name, number, value, more in content.CONTACTS:
        said = Details(name=name, numbers=((number, ""),), ids=((content.SYSTEM, value),), **more)
        create(said, how=How.FILE, at=at)


def policies(queues: dict[str, Queue], *, at: datetime) -> None:
    """Say what is recorded of the queues' conversations, and with which words callers are asked."""
    for name, (queue, consent, texts) in content.POLICIES.items():
        policy = Policy.objects.create(name=name, queue=queues[queue], consent=consent)
        for language, text in texts.items():
            word(policy, language, text, by=None, at=at)
