"""The panels of the board: what each is drawn from, by which template, and after which news it is drawn again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from dashboard.board.lines import lines
from dashboard.board.people import people, person
from dashboard.board.talks import calls_for_help, talk, talks
from dashboard.board.viewer import Viewer
from dashboard.board.waiting import caller, waiting
from dashboard.closed import closed


@dataclass(frozen=True, slots=True)
class Panel:
    """`every`: seconds, for what changes without news. `pause`: least seconds from one fetch to the next."""

    name: str
    read: Callable[[Viewer], Any]
    topics: tuple[str, ...]
    every: int = 0
    pause: int = 0
    on_page: bool = True

    @property
    def template(self) -> str:
        return f"board/panels/{self.name}.html"


PANELS: Mapping[str, Panel] = {
    panel.name: panel
    for panel in (
        Panel("closed", closed, topics=("hours",), every=60),
        Panel("help", calls_for_help, topics=("conferences",), pause=1),
        Panel("lines", lines, topics=("queues", "agents"), every=20, pause=2),
        Panel("waiting", waiting, topics=("queues",), every=60, pause=1),
        Panel("people", people, topics=("agents",), every=20, pause=2),
        Panel("talks", talks, topics=("conferences",), every=60, pause=1),
        Panel("caller", caller, topics=("queues", "agents"), every=10, pause=2, on_page=False),
        Panel("person", person, topics=("agents",), every=20, pause=2, on_page=False),
        Panel("talk", talk, topics=("conferences",), every=20, pause=1, on_page=False),
    )
}
TOPICS = tuple(sorted({topic for panel in PANELS.values() for topic in panel.topics}))


def draw(panel: Panel, viewer: Viewer) -> SafeString:
    """Draw one panel; the same way for the first time and each time after."""
    address = reverse("board-panel", args=[panel.name])
    context = {
        "panel": panel,
        "address": f"{address}?{urlencode(viewer.asked)}" if viewer.asked else address,
        "topics": " ".join(panel.topics),
        "shown": panel.read(viewer),
        "viewer": viewer,
    }
    return render_to_string(panel.template, context)
