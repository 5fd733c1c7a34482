"""One call side by side: step by step as it was, and as it would be. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from ivr.history import Event, heard
from ivr.kinds.base import Step
from ivr.replay.comparing import Compared, end_of_recorded, judge, walk
from ivr.replay.ends import Met
from ivr.replay.recording import Recorded, Stay, Visit, read
from ivr.replay.unknown import CannotKnow
from ivr.replay.walking import World, was_path

#: in which way a line of the two sides differs first
What = Literal["", "step", "exit", "words", "more", "less", "unknown"]
#: while somebody waits nobody counts what is played
UNCOMPARED = frozenset({"queue", "conference_room"})


@dataclass(frozen=True, slots=True)
class Row:
    """A step of either side, in the same place; `differs` says how, in the first row where they do."""

    was: Met | None
    would: Met | None
    differs: What = ""


@dataclass(frozen=True, slots=True)
class Sides:
    compared: Compared
    rows: tuple[Row, ...]


def sides(visit: Visit, world: World) -> Sides:
    """Lay a recorded visit beside its walk through the draft. `visit` holds all that was heard."""
    recorded = read(visit)
    try:
        path = was_path(recorded, world)
    except CannotKnow as found:
        return Sides(Compared(None, None, found.unknown), ())
    for met, stay in zip(path, recorded.stays, strict=True):
        met.heard, met.did = list(stay.said), list(_did(stay, world, recorded))
    walked = walk(visit, recorded, world, tells=True)
    compared = judge(end_of_recorded(recorded, path), path, walked)
    came = next((place for place, stay in enumerate(recorded.stays) if stay.flow == world.draft.flow), 0)
    for met, before in zip(walked.path[:came], path, strict=False):
        met.heard, met.did = before.heard, before.did
    return Sides(compared, tuple(_rows(path, walked.path, is_known=walked.unknown is None)))


def _rows(was: Sequence[Met], would: Sequence[Met], *, is_known: bool) -> list[Row]:
    rows, found = [], False
    for one, other in zip_longest(was, would):
        differs = "" if found else _differs(one, other, is_last=other is would[-1] if would else False, known=is_known)
        found = found or bool(differs)
        rows.append(Row(one, other, differs))
    return rows


def _differs(was: Met | None, would: Met | None, *, is_last: bool, known: bool) -> What:
    if was is None or would is None:
        return "more" if was is None else "less"
    if was.step != would.step:
        return "step"
    if was.kind not in UNCOMPARED and was.heard != would.heard:
        return "words"
    if is_last and not known:
        return "unknown"
    return "exit" if was.exit != would.exit else ""


def _did(stay: Stay, world: World, recorded: Recorded) -> list[Event]:
    number = recorded.version if stay.flow == recorded.stays[0].flow else None
    document = world.was(stay.flow, number, stay.entered)
    step: Step | None = document.steps.get(stay.step) if document else None
    return [event for given in stay.inputs if step for event in heard(given.heard, step)]
