"""How two documents differ, in words: step by step, with each text word by word. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Literal, NamedTuple, TypeAlias

from ivr.document import Document
from ivr.drafting.overview import order
from ivr.kinds.base import Step
from ivr.script import Wording
from telephony.languages import LANGUAGES

What: TypeAlias = Literal["added", "removed", "changed"]

#: texts that have less than this share in common are told as one replaced by the other, and not word by word
ALIKE = 0.35
#: letters beyond which two texts are not compared word by word: that would take too long to read, and to compare
LONGEST = 8_000
GONE = "something that is gone"


class Piece(NamedTuple):
    """A part of a text: what stayed (""), was added or was removed."""

    text: str
    what: Literal["", "added", "removed"] = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that differs. `exit` is the way out that it is about; `is_raw`: TwiML that somebody has written."""

    label: str
    before: str
    after: str
    pieces: tuple[Piece, ...]
    exit: str = ""
    is_raw: bool = False

    @property
    def what(self) -> What:
        return "changed" if self.before and self.after else "added" if self.after else "removed"

    def __str__(self) -> str:
        if not self.before:
            return f"{self.label}: now {self.after}"
        if not self.after:
            return f"{self.label}: no longer {self.before}"
        return f"{self.label}: {self.after}, was {self.before}"


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a step, or of the flow as a whole (`step` and `subject` are empty)."""

    what: What
    subject: str
    step: str = ""
    lines: tuple[Line, ...] = ()

    @property
    def is_raw(self) -> bool:
        return any(line.is_raw for line in self.lines)


@dataclass(frozen=True, slots=True)
class Names:
    """What documents know by key or hash alone: `things` by the name under which steps refer to them, and the key."""

    things: Mapping[tuple[str, str], str] = field(default_factory=dict)
    sounds: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Marks:
    """What a picture of the new document marks: steps by key, and ways out by step and exit."""

    steps: Mapping[str, What]
    exits: Mapping[tuple[str, str], What]


class _Fact(NamedTuple):
    """Something that is so of a step. `value` is compared, `shown` is told; `is_text` is told word by word."""

    label: str
    value: object
    shown: str
    is_text: bool = False
    exit: str = ""
    is_raw: bool = False


_Facts: TypeAlias = dict[tuple[str, ...], _Fact]


def difference(old: Document | None, new: Document, *, names: Names | None = None) -> tuple[Change, ...]:
    """Tell what `new` has that `old` has not: what changed, what was added, what was removed, as callers meet it.

    A step is the same one by its key, or where nobody has its key any more by its name. Without an old document
    everything is new.
    """
    known = names or Names()
    same = _same(old, new) if old else {}
    changes: list[Change] = []
    if old is not None:
        changes += _whole(old, new, same)
        changes += filter(None, (_changed(old, new, same, key, known) for key in order(new) if key in same))
    changes += [_change("added", new, key, known) for key in order(new) if key not in same]
    if old is not None:
        gone = old.steps.keys() - same.values()
        changes += [_change("removed", old, key, known) for key in order(old) if key in gone]
    return tuple(changes)


def marks(changes: tuple[Change, ...]) -> Marks:
    """Give what a picture of the new document marks; what was removed is marked under its old keys."""
    steps = {change.step: change.what for change in changes if change.step}
    exits = {(change.step, line.exit): line.what for change in changes for line in change.lines if line.exit}
    return Marks(steps, exits)


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Compare two texts word by word."""
    if not before or not after or max(len(before), len(after)) > LONGEST:
        return _replaced(before, after)
    old, new = _words(before), _words(after)
    matcher = SequenceMatcher(None, [word.strip() for word in old], [word.strip() for word in new], autojunk=False)
    if matcher.ratio() < ALIKE:
        return _replaced(before, after)
    found: list[Piece] = []
    for what, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if what == "equal":
            found.append(Piece("".join(new[new_from:new_to])))
        else:
            found += _replaced("".join(old[old_from:old_to]), "".join(new[new_from:new_to]))
    return tuple(found)


def _words(text: str) -> list[str]:
    return re.findall(r"\s*\S+\s*", text) or [text]


def _replaced(before: str, after: str) -> tuple[Piece, ...]:
    return (*((Piece(before, "removed"),) if before else ()), *((Piece(after, "added"),) if after else ()))


def _same(old: Document, new: Document) -> dict[str, str]:
    """Give the old key of each new step that was there before."""
    same = {key: key for key in new.steps if key in old.steps}
    left = {old.steps[key].name: key for key in old.steps.keys() - same.values()}
    return same | {key: left[step.name] for key, step in new.steps.items() if key not in same and step.name in left}


def _whole(old: Document, new: Document, same: Mapping[str, str]) -> Iterator[Change]:
    lines = tuple(_lines(_of_flow(old, {}), _of_flow(new, same)))
    if lines:
        yield Change("changed", "", "", lines)


def _of_flow(document: Document, same: Mapping[str, str]) -> _Facts:
    first = document.steps[document.first].name if document.first else ""
    languages = document.script.languages
    spoken = ", then ".join(
        f"{language_name(language)} with the voice {voice}" for language, voice in languages.items()
    )
    return {
        ("name",): _Fact("Name", document.flow_name, document.flow_name),
        ("first",): _Fact("First step", same.get(document.first, document.first), first),
        ("languages",): _Fact("Languages", list(languages.items()), spoken),
    }


def _changed(old: Document, new: Document, same: Mapping[str, str], key: str, names: Names) -> Change | None:
    lines = tuple(_lines(_facts(old, same[key], {}, names), _facts(new, key, same, names)))
    return Change("changed", new.steps[key].name, key, lines) if lines else None


def _change(what: Literal["added", "removed"], document: Document, key: str, names: Names) -> Change:
    facts = _facts(document, key, {}, names)
    step = document.steps[key]
    usual = {("setting", name) for name, row in type(step).settings().items() if getattr(step, name) == row.default}
    told = {name: fact for name, fact in facts.items() if name not in usual and name != ("name",)}
    lines = _lines({}, told) if what == "added" else _lines(told, {})
    return Change(what, step.name, key, tuple(lines))


def _lines(old: _Facts, new: _Facts) -> Iterator[Line]:
    for name in dict.fromkeys([*new, *old]):
        before, after = old.get(name), new.get(name)
        if (before.value if before else None) == (after.value if after else None):
            continue
        was, now = before.shown if before else "", after.shown if after else ""
        fact = after or before
        assert fact is not None
        if not was and not now:
            continue
        compared = pieces(was, now) if fact.is_text else _replaced(was, now)
        yield Line(fact.label, was, now, compared, fact.exit, fact.is_raw)


def _facts(document: Document, key: str, same: Mapping[str, str], names: Names) -> _Facts:
    """Tell a step fact by fact, so that two can be compared. `same`: the old key of each step that was there before."""
    step = document.steps[key]
    thing = names.things.get((step.TAKES, step.reference), GONE) if step.reference else ""
    return {
        ("name",): _Fact("Name", step.name, step.name),
        ("kind",): _Fact("Kind", step.KIND, step.LABEL),
        ("reference",): _Fact(TAKEN.get(step.TAKES, "Refers to"), (step.TAKES, step.reference), thing),
        **_said(document, step, names),
        **_settings(step),
        **_waits(document, step, names),
        **_ways(document, step, same),
    }


#: what a step refers to, by the name under which it does
TAKEN: Mapping[str, str] = {
    "schedule": "Opening hours",
    "mailbox": "Mailbox",
    "to_flow": "Flow",
    "queue": "Queue",
    "room": "Conference room",
    "source": "Source to ask",
}


def _said(document: Document, step: Step, names: Names) -> _Facts:
    found: _Facts = {}
    labels = {role.name: role.label for role in step.PROMPTS}
    for role, prompt in sorted(step.prompts.items(), key=lambda pair: [*labels, pair[0]].index(pair[0])):
        label = labels.get(role, role)
        row = document.script.prompts[prompt]
        found["prompt", role] = _Fact(f"{label}, prompt", prompt, f"“{row.name}”")
        for language, wording in row.wordings.items():
            fact = _wording(f"{label} in {language_name(language)}", wording, names)
            found["prompt", role, language] = fact
            if wording.voice:
                voice = _Fact(f"{label} in {language_name(language)}, voice", wording.voice, wording.voice)
                found["voice", role, language] = voice
    return found


def _wording(label: str, wording: Wording, names: Names) -> _Fact:
    if wording.audio:
        return _Fact(label, ("sound", wording.audio), sound_name(wording.audio, names))
    return _Fact(label, wording.text, f"“{wording.text}”", is_text=True)


def sound_name(sha256: str, names: Names) -> str:
    """Name a sound; by the beginning of its hash as well where another sound has the same name."""
    name = names.sounds.get(sha256, "")
    if not name:
        return f"a sound that is gone ({sha256[:8]})"
    twice = sum(other == name for other in names.sounds.values()) > 1
    return f"the sound “{name}”{f' ({sha256[:8]})' if twice else ''}"


def language_name(language: str) -> str:
    return LANGUAGES.get(language, language)


def _settings(step: Step) -> _Facts:
    is_raw = step.IS_RAW
    found: _Facts = {}
    for name, setting in type(step).settings().items():
        value = getattr(step, name)
        label = _shown(value, dict(setting.choices))
        is_text = setting.kind is str and not setting.choices
        found["setting", name] = _Fact(setting.label, value, label, is_text=is_text, is_raw=is_raw)
    return found


def _waits(document: Document, step: Step, names: Names) -> _Facts:
    """Tell the list of what is heard while waiting as one text, so that an item put in front moves no other."""
    if not step.wait_items:
        return {}
    told, value = [], []
    for item in step.wait_items:
        prompt = document.script.prompts.get(item.prompt)
        wordings = prompt.wordings if prompt else {}
        words = [
            f"{language_name(language)} {sound_name(one.audio, names) if one.audio else f'“{one.text}”'}"
            f"{f' with the voice {one.voice}' if one.voice else ''}"
            for language, one in wordings.items()
        ]
        what = (
            f"{item.seconds} seconds" if item.kind == "pause" else f"“{prompt.name}”" if prompt else "the house's own"
        )
        told.append(", ".join((f"{WAIT_WORDS.get(item.kind, item.kind)}: {what}", *words)))
        value.append((item.kind, item.prompt, item.seconds if item.kind == "pause" else 0, tuple(wordings.items())))
    return {("wait",): _Fact("While waiting", value, "; then ".join(told), is_text=True)}


WAIT_WORDS: Mapping[str, str] = {
    "message": "message",
    "music": "music",
    "position": "place in line",
    "estimate": "estimated wait",
    "pause": "silence",
}


def _ways(document: Document, step: Step, same: Mapping[str, str]) -> _Facts:
    found: _Facts = {}
    for option in step.options:
        shown = step.in_words(option)
        if option.language:
            shown = f"{shown}, goes on in {language_name(option.language)}".removeprefix(", ")
        found["option", option.exit] = _Fact(f"Option “{option.exit}”", option, shown, exit=option.exit)
    if len(step.options) > 1:
        listed = [option.exit for option in step.options]
        found["order",] = _Fact("Order of the options", listed, ", ".join(listed))
    labels = {row.name: row.label for row in step.exit_names()}
    for name in [*labels, *(step.exits.keys() - labels.keys())]:
        target = step.exits.get(name, "")
        shown = document.steps[target].name if target else "not decided"
        if target or any(option.exit == name for option in step.options):
            label = f"After “{labels.get(name, name)}”"
            found["exit", name] = _Fact(label, same.get(target, target), shown, exit=name)
    return found


def _shown(value: Any, choices: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, float):
        return f"{value:g}"
    return choices.get(value, str(value)) if isinstance(value, str) else str(value)
