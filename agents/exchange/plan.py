"""What a file of agents would change, compared with who is here; and the file of those who are here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from agents.exchange import sheet
from agents.exchange.sheet import Row, Sheet
from agents.models import Agent, Skill, Team, User
from agents.states import EndpointKind
from sheets.table import Problem

FOLDED = {"team", "skills"}  # a file may write their names in any way
NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Change:
    """What one row would do: nothing when it adds nobody and has no lines."""

    row: Row
    user: User | None
    agent: Agent | None
    lines: tuple[str, ...]

    @property
    def what(self) -> str:
        if self.agent is None:
            return "added"
        return "changed" if self.lines else "unchanged"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a whole file would do. Nothing is saved of a file with problems."""

    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    new_teams: tuple[str, ...]
    new_skills: tuple[str, ...]

    @property
    def effective(self) -> list[Change]:
        return [change for change in self.changes if change.what != "unchanged"]

    @property
    def fingerprint(self) -> str:
        """The same for the same changes, so that what is confirmed is what was shown."""
        shown = [(change.row, change.what, change.lines) for change in self.changes]
        return sha256(repr((shown, self.new_teams, self.new_skills)).encode()).hexdigest()


def of(content: Sheet, *, by: User) -> Plan:
    """Compare a file with who is here. `by` confirms it: superusers are changed by superusers alone."""
    people = User.objects.filter(username__in=[row.username for row in content.rows])
    users = {user.username: user for user in people}
    found = Agent.objects.filter(user__in=people).select_related("team", "user")
    agents = {agent.user_id: agent for agent in found.prefetch_related("skills__skill", "endpoints")}
    problems = list(content.problems)
    changes = []
    for row in content.rows:
        user = users.get(row.username)
        agent = agents.get(user.pk) if user else None
        wrong = list(_problems(row, user, agent, by=by))
        problems += wrong
        if not wrong:
            changes.append(Change(row, user, agent, tuple(_lines(row, user, agent, content.columns))))
    return Plan(
        changes=tuple(changes),
        problems=tuple(sorted(problems, key=lambda problem: problem.row)),
        new_teams=_new((row.team for row in content.rows if row.team), known(Team)),
        new_skills=_new((name for row in content.rows for name, _ in row.skills), known(Skill)),
    )


def known(model: type[Team] | type[Skill]) -> dict[str, Team | Skill]:
    """Give teams or skills by their names in small letters: a file may write them in any way."""
    return {one.name.lower(): one for one in model.objects.all()}


def export(agents: Iterable[Agent]) -> str:
    """Write agents as a file that `sheet.read` reads back."""
    return sheet.write(
        {
            "username": agent.user.username,
            "email": agent.user.email,
            "name": agent.name,
            "team": agent.team.name if agent.team else "",
            "languages": ";".join(agent.languages),
            "skills": ";".join(f"{name}:{level}" for name, level in _skills(agent)),
            "endpoints": ";".join(address or kind for kind, address in _endpoints(agent)),
            "active": "yes" if agent.is_active else "no",
        }
        for agent in agents
    )


def _problems(row: Row, user: User | None, agent: Agent | None, *, by: User) -> Iterator[Problem]:
    if user is not None and user.is_superuser and not by.is_superuser:
        yield Problem(row.row, "username", "only a superuser may change a superuser")
    if agent is None and not row.name:
        yield Problem(row.row, "name", "is missing, and the agent is new")


def _lines(row: Row, user: User | None, agent: Agent | None, columns: frozenset[str]) -> Iterator[str]:
    """Tell each difference as old → new."""
    if user is None:
        yield "log-in: new, without a password, with the role Agent"
    before = {
        "email": user.email if user else "",
        "name": agent.name if agent else "",
        "team": agent.team.name if agent and agent.team else "",
        "languages": ", ".join(agent.languages) if agent else "",
        "skills": _told(_skills(agent)) if agent else "",
        "endpoints": _told(_endpoints(agent)) if agent else "",
        "active": ("yes" if agent.is_active else "no") if agent else "",
    }
    active = row.active if row.active is not None else (agent.is_active if agent else True)
    after = {
        "email": row.email,
        "name": row.name or before["name"],
        "team": row.team,
        "languages": ", ".join(row.languages),
        "skills": _told(_by_name(row.skills)),
        "endpoints": _told(row.endpoints),
        "active": "yes" if active else "no",
    }
    for column, old in before.items():
        new = after[column]
        same = old.lower() == new.lower() if column in FOLDED else old == new
        if column in columns and not same:
            yield f"{column}: {old or NOTHING} → {new or NOTHING}"


def _skills(agent: Agent) -> list[tuple[str, int]]:
    return _by_name((one.skill.name, one.level) for one in agent.skills.all())


def _by_name(skills: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted(skills, key=lambda skill: skill[0].lower())


def _endpoints(agent: Agent) -> list[tuple[EndpointKind, str]]:
    return [(EndpointKind(one.kind), one.address) for one in agent.endpoints_in_order()]


def _told(pairs: Iterable[tuple[object, object]]) -> str:
    """Write skills as "sales 7, german 3", endpoints by their address."""
    return ", ".join(
        (str(second) or str(first)) if isinstance(first, EndpointKind) else f"{first} {second}"
        for first, second in pairs
    )


def _new(names: Iterable[str], present: dict[str, Team | Skill]) -> tuple[str, ...]:
    first: dict[str, str] = {}
    for name in names:
        if name.lower() not in present:
            first.setdefault(name.lower(), name)
    return tuple(first.values())
