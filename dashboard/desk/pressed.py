"""A press at the desk: by whom, about what, and how it is refused in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from agents.models import Agent
from conferences.models import Conference
from dashboard.desk.viewer import Viewer
from queues.models import Handling


class Refused(Exception):
    """What was pressed cannot be; the text says why, for people."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a press has come to, in words, and what the panel is asked to show from now on."""

    said: str
    shows: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press: by whom, and with which fields."""

    viewer: Viewer
    fields: Mapping[str, str]

    @property
    def agent(self) -> Agent:
        return self.viewer.agent

    def uuid(self, name: str) -> UUID:
        try:
            return UUID(self.fields.get(name, ""))
        except ValueError:
            raise Refused("The page is out of date.") from None

    def number(self, name: str) -> int:
        text = self.fields.get(name, "")
        if not text.isascii() or not text.isdigit() or len(text) > 9:
            raise Refused("The page is out of date.")
        return int(text)

    @property
    def conference(self) -> UUID:
        """The conversation that the press is meant for, which must be one of the agent's own."""
        asked = self.uuid("conference")
        if not Conference.objects.of_agent(self.agent).filter(pk=asked).exists():
            raise Refused("That call is over.")
        return asked

    @property
    def handling(self) -> UUID:
        asked = self.uuid("handling")
        if not Handling.objects.open().filter(pk=asked, agent=self.agent).exists():
            raise Refused("That call is done with already.")
        return asked


def fields_of(request: HttpRequest) -> dict[str, str]:
    """Give the fields of a press, without NUL bytes, which PostgreSQL cannot keep."""
    return {name: str(value).replace("\0", "") for name, value in request.POST.items()}
