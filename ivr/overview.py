"""A document in words: its steps in the order in which callers meet them, and how two documents differ. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ivr import ssml
from ivr.document import Document
from ivr.kinds.base import Step
from ivr.kinds.ring import Ring
from ivr.script import Prompt, Script


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


@dataclass(frozen=True, slots=True)
class Change:
    """What publishing would do to a step, or to the flow as a whole: one of added, removed, changed."""

    what: str
    subject: str
    lines: tuple[str, ...] = field(default=())


def rows(document: Document) -> list[Row]:
    """Give the steps as callers meet them, then those that nothing leads to."""
    order = list(_walk(document))
    rest = sorted(document.steps.keys() - set(order), key=lambda step: document.steps[step].name)
    return [
        *(_row(document, document.steps[step], reached=True) for step in order),
        *(_row(document, document.steps[step], reached=False) for step in rest),
    ]


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
    """Tell what callers hear first in a step, in the flow's first language."""
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
    return f"sound “{prompt.name}”" if wording.audio else " ".join(ssml.bare(wording.text).split())


def difference(old: Document | None, new: Document) -> list[Change]:
    """Tell what `new` has that `old` has not, step by step. Without an old document everything is new."""
    before: Mapping[str, Step] = old.steps if old else {}
    changes = list(_whole(old, new)) if old else []
    changes += [Change("added", step.name) for key, step in new.steps.items() if key not in before]
    changes += [Change("removed", step.name) for key, step in before.items() if key not in new.steps]
    if old is not None:
        for key in new.steps.keys() & before.keys():
            lines = tuple(_lines(_described(old, key), _described(new, key)))
            if lines:
                changes.append(Change("changed", new.steps[key].name, lines))
    order = {"changed": 0, "added": 1, "removed": 2}
    return sorted(changes, key=lambda change: (change.subject != "", order[change.what], change.subject))


def _whole(old: Document, new: Document) -> Iterator[Change]:
    lines = tuple(_lines(_flow_described(old), _flow_described(new)))
    if lines:
        yield Change("changed", "", lines)


def _flow_described(document: Document) -> dict[str, str]:
    first = document.steps[document.first].name if document.first else ""
    languages = ", ".join(f"{language} ({voice})" for language, voice in document.script.languages.items())
    return {"Name": document.flow_name, "First step": first, "Languages": languages}


def _described(document: Document, key: str) -> dict[str, str]:
    """Describe a step as labels and texts, so that two descriptions can be compared."""
    step = document.steps[key]
    described = {"Name": step.name, "Kind": step.LABEL, "Refers to": step.reference}
    described |= {setting.label: _shown(getattr(step, name)) for name, setting in type(step).settings().items()}
    for role in step.PROMPTS:
        prompt = document.script.prompts.get(step.prompts.get(role.name, ""))
        for language, wording in prompt.wordings.items() if prompt else ():
            voice = f" ({wording.voice})" if wording.voice else ""
            heard = f"sound {wording.audio[:8]}" if wording.audio else f"“{wording.text}”{voice}"
            described[f"{role.label}, {language}"] = heard
    for turn, item in enumerate(step.wait_items, start=1):
        prompt = document.script.prompts.get(item.prompt)
        heard = f"{item.seconds} seconds" if item.kind == "pause" else f"“{prompt.name}”" if prompt else "nothing"
        described[f"While waiting, {turn}"] = f"{item.kind}: {heard}{_worded(prompt)}"
    for way in _ways(document, step):
        described[f"After “{way.label}”"] = f"{way.target_name or 'nothing'}{f' ({way.detail})' if way.detail else ''}"
    return described


def _worded(prompt: Prompt | None) -> str:
    """Tell what a prompt says, so that a change of its words is a change of who plays it."""
    wordings = prompt.wordings.items() if prompt else ()
    return "".join(f"; {language} {wording.audio[:8] or wording.text}" for language, wording in wordings)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _lines(old: dict[str, str], new: dict[str, str]) -> Iterator[str]:
    for label in dict.fromkeys([*new, *old]):
        before, after = old.get(label, ""), new.get(label, "")
        if before == after:
            continue
        if not before:
            yield f"{label}: now {after}"
        elif not after:
            yield f"{label}: no longer {before}"
        else:
            yield f"{label}: {after}, was {before}"
