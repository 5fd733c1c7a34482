"""Which events a person may see, and how much of them: what the pages show, by the rights of the present moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agents.models import Agent, User
from crm.catalogue import TYPES, with_numbers_hidden
from queues.models import Queue
from recordings.models import Mailbox
from telephony import numbers


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody's view: types of events, and the ids of queues, agents and mailboxes; None is all of them."""

    types: frozenset[str]
    queues: frozenset[int] | None = None
    agents: frozenset[str] | None = None
    mailboxes: frozenset[int] | None = None
    sees_numbers: bool = False

    def sees(self, event_type: str, data: Mapping[str, Any]) -> bool:
        """Tell whether an event may be seen: its type, and the queue, mailbox or agent that it is about."""
        if event_type not in self.types:
            return False
        if not _is_within(data.get("queue"), self.queues) or not _is_within(data.get("mailbox"), self.mailboxes):
            return False
        # an agent is looked at where no queue says already whose affair it is
        return "queue" in data or _is_within(data.get("agent"), self.agents)

    def shown(self, event_type: str, data: Mapping[str, Any]) -> Any:
        """Give the data as the person may see it: with numbers masked where they may not see them."""
        return data if self.sees_numbers else with_numbers_hidden(event_type, data, numbers.mask)


def viewer_of(user: User) -> Viewer:
    """Read what a person may see."""
    everywhere = user.has_perm("agents.see_every_team")
    every_mailbox = user.has_perm("recordings.see_every_mailbox")
    agents = Agent.objects.visible_to(user) | Agent.objects.filter(user=user)
    return Viewer(
        types=frozenset(name for name, known in TYPES.items() if user.has_perm(known.permission)),
        queues=None if everywhere else frozenset(_ids(Queue.objects.visible_to(user))),
        agents=None if everywhere else frozenset(map(str, _ids(agents))),
        mailboxes=None if every_mailbox else frozenset(_ids(Mailbox.objects.visible_to(user))),
        sees_numbers=user.has_perm("calls.view_numbers"),
    )


def _is_within(about: Any, allowed: frozenset[Any] | None) -> bool:
    return allowed is None or not isinstance(about, Mapping) or about.get("id") in allowed


def _ids(rows: Any) -> Any:
    return rows.values_list("pk", flat=True)
