"""The panels of the desk: what each is drawn from, by which template, and after which news it is drawn again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from dashboard.closed import closed
from dashboard.desk.day import day
from dashboard.desk.inbox import inbox
from dashboard.desk.mine import mine
from dashboard.desk.paperwork import paperwork
from dashboard.desk.talk import talk
from dashboard.desk.targets import targets
from dashboard.desk.texts import texts
from dashboard.desk.viewer import Viewer
from queues import facts
from queues.facts import Status
from queues.models import Queue


@dataclass(frozen=True, slots=True)
class Panel:
    """`topics` with {agent} in place of the agent's id. `every`: seconds, for what changes without news.

    `pause`: least seconds from one fetch to the next, for what changes often and is in no hurry.
    """

    name: str
    read: Callable[[Viewer], Any]
    topics: tuple[str, ...] = ("agent:{agent}",)
    every: int = 0
    pause: int = 0
    on_page: bool = True

    @property
    def template(self) -> str:
        return f"desk/panels/{self.name}.html"


def lines(viewer: Viewer) -> list[Status]:
    """Read how the agent's queues stand, by name."""
    seen = Queue.objects.of_agent(viewer.agent).values_list("pk", flat=True)
    return sorted(facts.status(list(seen), at=viewer.at).values(), key=lambda one: one.name)


PANELS: Mapping[str, Panel] = {
    panel.name: panel
    for panel in (
        Panel("closed", closed, topics=("hours",), every=60),
        Panel("mine", mine),
        Panel("talk", talk),
        Panel("paperwork", paperwork),
        Panel("lines", lines, topics=("queues", "agents"), every=30, pause=3),
        Panel("inbox", inbox, topics=("agent:{agent}", "messages"), every=60, pause=3),
        Panel("texts", texts, topics=("texts",), every=60, pause=2),
        Panel("day", day, every=60, pause=5),
        Panel("targets", targets, topics=("agents",), pause=2, on_page=False),
    )
}


def draw(panel: Panel, viewer: Viewer) -> SafeString:
    """Draw one panel; the same way for the first time and each time after."""
    address = reverse("desk-panel", args=[panel.name])
    context = {
        "panel": panel,
        "address": f"{address}?{urlencode(viewer.asked)}" if viewer.asked else address,
        "topics": " ".join(topic.format(agent=viewer.agent.pk) for topic in panel.topics),
        "shown": panel.read(viewer),
        "viewer": viewer,
    }
    return render_to_string(panel.template, context)


def topics(viewer: Viewer) -> tuple[str, ...]:
    """Give all topics of which the page wants to hear."""
    return tuple(sorted({topic.format(agent=viewer.agent.pk) for panel in PANELS.values() for topic in panel.topics}))
