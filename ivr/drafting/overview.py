"""A document in words: its steps in the order in which callers meet them. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.document import Document
from ivr.kinds.base import Step
from ivr.kinds.ring import Ring
from ivr.prompts import ssml
from ivr.script import Script


@dataclass(frozen=True, slots=True)
class Way:
    """A way out: what takes it, and the step it leads to ("" where nothing is decided)."""

    label: str
    target: str
    target_name: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A step in words. `reached`: there is a way to it from the first step."""

    id: str
    name: str
    kind: str
    label: str
    says: str
    reference: str
    ways: tuple[Way, ...]
    reached: bool
    is_first: bool


def rows(document: Document) -> list[Row]:
    """Give the steps as callers meet them, then those that nothing leads to."""
    met = set(_walk(document))
    return [_row(document, document.steps[step], reached=step in met) for step in order(document)]


def order(document: Document) -> list[str]:
    """Give the keys of the steps as callers meet them, then of those that nothing leads to, by their names."""
    met = list(_walk(document))
    return [*met, *sorted(document.steps.keys() - set(met), key=lambda step: document.steps[step].name)]


def _walk(document: Document) -> Iterator[str]:
    seen, waiting = set[str](), [document.first] if document.first else []
    while waiting:
        step = waiting.pop()
        if step not in seen:
            seen.add(step)
            yield step
            waiting += reversed(ways_out(document.steps[step]).values())


def ways_out(step: Step) -> dict[str, str]:
    """Give the steps that follow, by exit: the options first, in their order."""
    names = [option.exit for option in step.options] + [row.name for row in step.EXITS]
    return {name: step.exits[name] for name in names if name in step.exits}


def _row(document: Document, step: Step, *, reached: bool) -> Row:
    return Row(
        id=step.id,
        name=step.name,
        kind=step.KIND,
        label=step.LABEL,
        says=says(document.script, step),
        reference=step.reference,
        ways=tuple(_ways(document, step)),
        reached=reached,
        is_first=step.id == document.first,
    )


def _ways(document: Document, step: Step) -> Iterator[Way]:
    def way(name: str, label: str, detail: str = "") -> Way:
        target = step.exits.get(name, "")
        return Way(label, target, document.steps[target].name if target else "", detail)

    for option in step.options:
        yield way(option.exit, option.exit, step.in_words(option))
    for row in step.EXITS:
        if row.required or row.name in step.exits:
            yield way(row.name, row.label)


def says(script: Script, step: Step, role: str = "") -> str:
    """Tell what callers hear first in a step, in the flow's first language; of a sound its name behind a ♪."""
    if step.wait_items:
        return says_of(script, next((item.prompt for item in step.wait_items if item.kind == "message"), ""))
    if isinstance(step, Ring):  # its prompt is heard by those who are rung
        return f"ringing at {', '.join(step.targets)}" if step.targets else ""
    role = role or next((row.name for row in step.PROMPTS if row.name in step.prompts), "")
    return says_of(script, step.prompts.get(role, ""))


def says_of(script: Script, key: str) -> str:
    prompt = script.prompts.get(key)
    if prompt is None or not prompt.wordings:
        return ""
    wording = prompt.wordings.get(script.default) or next(iter(prompt.wordings.values()))
    return f"♪ {prompt.name}" if wording.audio else " ".join(ssml.bare(wording.text).split())
