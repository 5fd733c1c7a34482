"""A flow as a picture: its steps and the ways between them, with what is known of them laid over it. Pure.

`picture.js` draws what this gives; `outline.js` writes the same as a list. Steps and exits go by their keys.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ivr.document import Document
from ivr.drafting.overview import says, ways_out
from ivr.kinds.base import Problem, Step

Way = tuple[str, str]  # a step's id, and the name of one of its exits


@dataclass(frozen=True, slots=True)
class Overlay:
    """What is known of steps and exits besides the document; what is not known is left out.

    `names` are those of what steps refer to, by the name under which they do and the key. `counts` are callers by the
    exit that they took, `gave_up` those who hung up in a step, `inside` those who are there now. `covered` are exits
    that a scenario takes; None: nobody has asked.
    """

    names: Mapping[tuple[str, str], str] = field(default_factory=dict)
    problems: Collection[Problem] = ()
    counts: Mapping[Way, int] = field(default_factory=dict)
    gave_up: Mapping[str, int] = field(default_factory=dict)
    inside: Mapping[str, int] = field(default_factory=dict)
    covered: Collection[Way] | None = None


def picture(document: Document, overlay: Overlay | None = None, *, was: Document | None = None) -> dict[str, Any]:
    """Give the nodes and edges of a document. With `was` each tells what has become of it since that older one."""
    over = overlay or Overlay()
    removed = [step for key, step in was.steps.items() if key not in document.steps] if was else []
    reached = _reached(document)
    nodes = [
        _node(document, step, over, reached=step.id in reached, change=_change(document, step, was))
        for step in document.steps.values()
    ]
    edges = [edge for step in document.steps.values() for edge in _edges(step, over, was)]
    if was is not None:
        nothing = Overlay(names=over.names)
        nodes += [_node(was, step, nothing, reached=True, change="removed") for step in removed]
        for step in removed:
            edges += [{**edge, "change": "removed"} for edge in _edges(step, nothing, None) if edge["to"]]
    return {"first": document.first, "nodes": nodes, "edges": edges}


def _reached(document: Document) -> set[str]:
    seen, waiting = set[str](), [document.first] if document.first else []
    while waiting:
        step = waiting.pop()
        if step not in seen:
            seen.add(step)
            waiting += document.steps[step].exits.values()
    return seen


def _node(document: Document, step: Step, over: Overlay, *, reached: bool, change: str) -> dict[str, Any]:
    return {
        "id": step.id,
        "name": step.name,
        "kind": step.KIND,
        "label": step.LABEL,
        "says": says(document.script, step),
        "refers": over.names.get((step.TAKES, step.reference), "") if step.reference else "",
        "first": step.id == document.first,
        "reached": reached,
        "ends": step.ENDS,
        "problems": [
            {"severity": problem.severity, "text": problem.text} for problem in over.problems if problem.step == step.id
        ],
        "inside": over.inside.get(step.id, 0),
        "gaveUp": over.gave_up.get(step.id, 0),
        "change": change,
    }


def _edges(step: Step, over: Overlay, was: Document | None) -> Iterator[dict[str, Any]]:
    """Give all exits of a step, the options first; also those that lead nowhere yet, as they can be connected."""
    labels = {row.name: row.label for row in step.EXITS}
    required = {row.name for row in step.EXITS if row.required} | {option.exit for option in step.options}
    details = {option.exit: step.in_words(option) for option in step.options}
    before = was.steps.get(step.id) if was else None
    for name in dict.fromkeys([*details, *labels]):
        way = (step.id, name)
        yield {
            "from": step.id,
            "exit": name,
            "label": labels.get(name, name),
            "detail": details.get(name, ""),
            "to": step.exits.get(name, ""),
            "required": name in required,
            "count": over.counts.get(way, 0),
            "covered": None if over.covered is None else way in over.covered,
            "change": _way_change(step, name, before, is_compared=was is not None),
        }


def _way_change(step: Step, name: str, before: Step | None, *, is_compared: bool) -> str:
    if not is_compared or before is None:
        return "added" if is_compared and step.exits.get(name) else ""
    old, new = ways_out(before).get(name, ""), step.exits.get(name, "")
    if old == new:
        return ""
    return "changed" if old and new else "added" if new else "removed"


def _change(document: Document, step: Step, was: Document | None) -> str:
    if was is None:
        return ""
    before = was.steps.get(step.id)
    if before is None:
        return "added"
    same = before == step and (document.first == step.id) == (was.first == step.id)
    return "" if same and _words(document, step) == _words(was, before) else "changed"


def _words(document: Document, step: Step) -> list[Any]:
    return [document.script.prompts.get(key) for key in step.said()]


def rough(draft: Mapping[str, Any]) -> dict[str, Any]:
    """Give nodes and edges of a draft's JSON that cannot be read as a document, so that it can still be put right."""
    steps: Mapping[str, Mapping[str, Any]] = draft["steps"]
    nodes = [
        {
            "id": key,
            "name": step["name"],
            "kind": step["kind"],
            "label": step["kind"],
            "says": "",
            "refers": "",
            "first": key == draft["first"],
            "reached": True,
            "ends": False,
            "problems": [],
            "inside": 0,
            "gaveUp": 0,
            "change": "",
        }
        for key, step in steps.items()
    ]
    edges = [
        {
            "from": key,
            "exit": name,
            "label": name,
            "detail": "",
            "to": to,
            "required": True,
            "count": 0,
            "covered": None,
            "change": "",
        }
        for key, step in steps.items()
        for name, to in step["exits"].items()
    ]
    return {"first": draft["first"], "nodes": nodes, "edges": edges}
