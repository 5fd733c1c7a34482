"""Who looks at a board, and when: what every panel is drawn for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from agents.models import Agent, User
from calls.ends import hidden, shown_to

ASKS = ("tv", "entry", "agent", "conference")


@dataclass
class Viewer:
    """`asked`: of which caller, agent or conversation a panel tells.

    `is_afar`: television mode, on a wall for everybody in the room; it shows less, and nothing can be pressed.
    """

    user: User
    at: datetime
    asked: Mapping[str, str] = field(default_factory=dict)

    def id_of(self, name: str) -> UUID | None:
        try:
            return UUID(self.asked.get(name, ""))
        except ValueError:
            return None

    @property
    def is_afar(self) -> bool:
        return self.asked.get("tv") == "1"

    @property
    def most(self) -> int:
        """How many rows a panel shows: a wall cannot be scrolled."""
        return 8 if self.is_afar else 60

    @cached_property
    def may_act(self) -> bool:
        return not self.is_afar and self.user.has_perm("agents.supervise")

    @cached_property
    def agent(self) -> Agent | None:
        """The agent that the viewer is, whose phone rings to listen in."""
        return Agent.objects.observed().filter(user=self.user).first()

    @cached_property
    def show(self) -> Callable[[str], str]:
        """Write an end of a call as far as this person, or everybody in the room, may see it."""
        return hidden if self.is_afar else shown_to(self.user)


def viewer_of(request: HttpRequest) -> Viewer:
    """Take from the address, or from what was pressed, what a panel may be asked for."""
    assert isinstance(request.user, User)  # `may` lets nobody else in
    given = request.POST if request.method == "POST" else request.GET
    return Viewer(request.user, timezone.now(), {name: str(given[name]) for name in ASKS if given.get(name)})
