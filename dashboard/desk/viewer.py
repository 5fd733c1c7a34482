"""Who looks at a desk, and when: what every panel is drawn for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.http import HttpRequest
from django.utils import timezone

from agents.models import Agent, User
from calls.ends import shown_to
from compliance.origin import address_of


@dataclass
class Viewer:
    """`asked` are the fields of the address, such as what is searched for; `address` is where the viewer sits."""

    agent: Agent
    user: User
    at: datetime
    asked: Mapping[str, str] = field(default_factory=dict)
    address: str | None = None

    @cached_property
    def show(self) -> Callable[[str], str]:
        """Write an end of a call as far as this person may see it."""
        return shown_to(self.user)


def viewer_of(request: HttpRequest, agent: Agent) -> Viewer:
    assert isinstance(request.user, User)  # `at_desk` lets nobody else in
    asked = {name: str(value) for name, value in request.GET.items()}
    return Viewer(agent, request.user, timezone.now(), asked, address_of(request))
