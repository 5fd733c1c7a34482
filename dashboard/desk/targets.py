"""Whom a call may be given to: colleagues with how they stand, queues, steps of flows, numbers and SIP addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings

from agents import presence
from agents.models import Agent
from agents.presence import standing
from agents.states import Activity, EndpointKind
from conferences.actions import Place, Target
from conferences.room import Why
from dashboard.desk import words
from dashboard.desk.viewer import Viewer
from dashboard.desk.words import Word
from ivr.models import Flow, Visit
from queues import facts
from queues.models import Queue
from telephony import numbers

MOST = 30
TITLES = {
    Why.CONSULT: ("Ask a colleague", "The caller hears music meanwhile. You decide afterwards."),
    Why.HAND_OVER: ("Transfer", "You leave the call. If nobody takes it, the caller comes back to you."),
    Why.ADD: ("Add somebody", "All of you hear each other."),
}


class NotATarget(Exception):
    """Nobody can be reached by this; the text says why."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """`hindrance` says why they cannot be rung now; empty if they can."""

    id: str
    name: str
    team: str
    word: Word
    is_mine: bool
    hindrance: str


@dataclass(frozen=True, slots=True)
class Line:
    id: int
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class Step:
    destination: str
    name: str
    flow: str


@dataclass(frozen=True, slots=True)
class Targets:
    why: str
    conference: str
    title: str
    note: str
    searched: str
    colleagues: tuple[Colleague, ...]
    lines: tuple[Line, ...]
    steps: tuple[Step, ...]


def targets(viewer: Viewer) -> Targets:
    """Read who can be chosen for `why`; found by a part of the name."""
    try:
        why = Why(viewer.asked.get("why", ""))
    except ValueError:
        why = Why.CONSULT
    why = why if why in TITLES else Why.CONSULT
    searched = viewer.asked.get("search", "").strip()[:80]
    leaves = why is Why.HAND_OVER
    title, note = TITLES[why]
    return Targets(
        why=why,
        conference=viewer.asked.get("conference", ""),
        title=title,
        note=note,
        searched=searched,
        colleagues=_colleagues(viewer, searched),
        lines=_lines(viewer, searched) if leaves else (),
        steps=_steps(searched) if leaves and came_by_flow(viewer.asked.get("conference", "")) else (),
    )


def came_by_flow(conference: str) -> bool:
    """Tell whether the customer of a conversation is in a flow, in which there are steps to go on at."""
    try:
        return Visit.objects.filter(call__conferences=UUID(conference)).exists()
    except ValueError:
        return False


def somewhere(text: str) -> Target:
    """Read a number or a SIP address that somebody typed. Raises NotATarget."""
    typed = text.strip()
    if typed.lower().startswith(("sip:", "sips:")):
        if "@" not in typed or any(character.isspace() for character in typed) or len(typed) > 255:
            raise NotATarget("This is no SIP address: sip:name@company.example.")
        return Target(place=Place(EndpointKind.SIP, typed), name=numbers.show(typed)[:80])
    number = numbers.parse(typed, country=settings.DEFAULT_COUNTRY)
    if number is None:
        raise NotATarget("This is no telephone number. Write it with its country: +1 500 555 0100.")
    return Target(place=Place(EndpointKind.NUMBER, number), name=numbers.show(number))


def destination(text: str) -> str:
    """Check a queue or a step that a page offered, perhaps a while ago: a caller who is sent there has left the agent.

    Raises NotATarget.
    """
    kind, _colon, rest = text.partition(":")
    if kind == "queue":
        if not (_is_key(rest) and Queue.objects.filter(pk=rest).exists()):
            raise NotATarget("That queue is not there any more.")
        return text
    flow_id, _colon, step = rest.partition(":")
    found = Flow.objects.filter(pk=flow_id).select_related("published").first() if _is_key(flow_id) else None
    published = found.published if found else None
    if kind != "step" or published is None or step not in published.document["steps"]:
        raise NotATarget("That step is not there any more.")
    return text


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def _colleagues(viewer: Viewer, searched: str) -> tuple[Colleague, ...]:
    """Give the own team first, then by name; those who cannot be rung are shown with the reason."""
    rows = Agent.objects.observed().select_related("reason", "team").filter(is_active=True).exclude(pk=viewer.agent.pk)
    found = rows.filter(name__icontains=searched) if searched else rows
    everybody = [_colleague(viewer, row) for row in found.order_by("name")]
    return tuple(sorted(everybody, key=lambda one: (not one.is_mine, bool(one.hindrance)))[:MOST])


def _colleague(viewer: Viewer, row: Agent) -> Colleague:
    seen = row.seen()
    word = words.standing(standing(seen, viewer.at))
    hindrance = ""
    if row.activity in (Activity.RINGING, Activity.TALKING):
        hindrance = word.text
    elif presence.usable(seen.endpoint_kinds, seen, viewer.at) is None:
        hindrance = "No phone that can ring now"
    is_mine = row.team_id is not None and row.team_id == viewer.agent.team_id
    return Colleague(str(row.pk), row.name, row.team.name if row.team else "", word, is_mine, hindrance)


def _lines(viewer: Viewer, searched: str) -> tuple[Line, ...]:
    rows = Queue.objects.filter(name__icontains=searched).order_by("name").values_list("pk", "name")[:MOST]
    status = facts.status([pk for pk, _name in rows], at=viewer.at)
    return tuple(Line(pk, name, _line_note(status.get(pk))) for pk, name in rows)


def _line_note(status: facts.Status | None) -> str:
    if status is None:
        return ""
    waiting = "nobody waits" if not status.waiting else f"{status.waiting} waiting"
    return f"{waiting}, {status.ready} ready of {status.staffed}"


def _steps(searched: str) -> tuple[Step, ...]:
    """Give the named steps of published flows; without a search only where each flow begins."""
    found: list[Step] = []
    flows = Flow.objects.filter(published__isnull=False).select_related("published").order_by("name")
    for flow in flows:
        document: Mapping[str, Any] = flow.published.document if flow.published else {}
        for step_id, step in document.get("steps", {}).items():
            name = str(step.get("name") or step.get("kind", ""))
            wanted = searched.lower() in f"{flow.name} {name}".lower() if searched else step_id == document.get("first")
            if wanted:
                found.append(Step(f"step:{flow.pk}:{step_id}", name, flow.name))
    return tuple(found[:MOST])
