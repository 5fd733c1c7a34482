"""What a caller went through before somebody is rung: each step with what was heard, pressed and said. No queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.html import strip_tags

QUIET = {"go_to", "hours", "queue"}  # steps in which a caller decides nothing


@dataclass(frozen=True, slots=True)
class Stop:
    """One step on the way. `answers` are in words: pressed 1, said “a bike”."""

    name: str
    kind: str
    heard: str = ""
    answers: tuple[str, ...] = ()


def journey(events: Iterable[tuple[str, Mapping[str, Any]]]) -> tuple[Stop, ...]:
    """Tell the way from the kinds and the data of a call's events; steps of which nothing was heard are left out."""
    stops: list[Stop] = []
    for kind, data in events:
        if kind == "entered":
            stops.append(Stop(str(data.get("name") or f"Step {data.get('step', '')}"), str(data.get("kind", ""))))
        elif stops:
            stops[-1] = _with(stops[-1], kind, data)
    return tuple(stop for stop in stops if stop.answers or (stop.heard and stop.kind not in QUIET))


def _with(stop: Stop, kind: str, data: Mapping[str, Any]) -> Stop:
    match kind:
        case "heard" if data.get("text"):
            return replace(stop, heard=" ".join(f"{stop.heard} {strip_tags(str(data['text']))}".split()))
        case "pressed":
            return replace(stop, answers=(*stop.answers, f"pressed {data.get('digits', '')}"))
        case "spoke":
            return replace(stop, answers=(*stop.answers, f"said “{data.get('text', '')}”"))
        case "silent":
            return replace(stop, answers=(*stop.answers, "gave no answer"))
    return stop
