"""How runs, erasures, their items and findings stand, and the allowed moves. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

Standing = TypeVar("Standing", bound=StrEnum)


class RunState(StrEnum):
    """One carrying out of a retention rule."""

    WAITING = "waiting"  # it would remove so much that a person has to type how much
    RUNNING = "running"
    DONE = "done"
    VOID = "void"  # its rule has changed or is gone: what it would have removed is asked anew


RUN_MOVES: Mapping[RunState, frozenset[RunState]] = {
    RunState.WAITING: frozenset({RunState.RUNNING, RunState.VOID}),
    RunState.RUNNING: frozenset({RunState.DONE, RunState.VOID}),
    RunState.DONE: frozenset(),
    RunState.VOID: frozenset(),
}
RUN_OPEN = frozenset({RunState.WAITING, RunState.RUNNING})


class ErasureState(StrEnum):
    """The erasure of one person."""

    LOOKING = "looking"  # finds what is known of the number
    FOUND = "found"  # waits until somebody has seen what it found, and types the number
    WORKING = "working"
    CHECKING = "checking"  # looks once more: what came meanwhile, and whether all is gone
    DONE = "done"  # the certificate is written, the number is forgotten
    DROPPED = "dropped"  # somebody thought better of it before anything was erased


ERASURE_MOVES: Mapping[ErasureState, frozenset[ErasureState]] = {
    ErasureState.LOOKING: frozenset({ErasureState.FOUND, ErasureState.DROPPED}),
    ErasureState.FOUND: frozenset({ErasureState.LOOKING, ErasureState.WORKING, ErasureState.DROPPED}),
    ErasureState.WORKING: frozenset({ErasureState.CHECKING}),
    ErasureState.CHECKING: frozenset({ErasureState.WORKING, ErasureState.DONE}),
    ErasureState.DONE: frozenset(),
    ErasureState.DROPPED: frozenset(),
}
ERASURE_OPEN = frozenset({ErasureState.LOOKING, ErasureState.FOUND, ErasureState.WORKING, ErasureState.CHECKING})
ERASURE_WORKS = frozenset({ErasureState.LOOKING, ErasureState.WORKING, ErasureState.CHECKING})


class ItemState(StrEnum):
    """One thing that an erasure has found."""

    FOUND = "found"
    ASKED = "asked"  # a deletion has begun, here or at Twilio; its end is not noted yet
    REFUSED = "refused"  # not now: it is asked again
    HELD = "held"  # a legal hold keeps it, until that is lifted
    DONE = "done"  # deleted
    CHECKED = "checked"  # looked for again, and gone
    KEPT = "kept"  # stays, for a reason that the certificate names


ITEM_MOVES: Mapping[ItemState, frozenset[ItemState]] = {
    ItemState.FOUND: frozenset({ItemState.ASKED}),
    ItemState.ASKED: frozenset({ItemState.ASKED, ItemState.DONE, ItemState.REFUSED, ItemState.HELD, ItemState.KEPT}),
    ItemState.REFUSED: frozenset({ItemState.ASKED}),
    ItemState.HELD: frozenset({ItemState.ASKED}),
    ItemState.DONE: frozenset({ItemState.CHECKED, ItemState.FOUND}),  # found again where it was thought gone
    ItemState.CHECKED: frozenset({ItemState.FOUND}),
    ItemState.KEPT: frozenset(),
}
ITEM_OPEN = frozenset({ItemState.FOUND, ItemState.ASKED, ItemState.REFUSED, ItemState.HELD})


class FindingState(StrEnum):
    """Something that lies on one side alone."""

    OPEN = "open"
    KNOWN = "known"  # somebody says that it is right so
    SETTLED = "settled"  # it is gone, or its other side is there


FINDING_MOVES: Mapping[FindingState, frozenset[FindingState]] = {
    FindingState.OPEN: frozenset({FindingState.KNOWN, FindingState.SETTLED}),
    FindingState.KNOWN: frozenset({FindingState.OPEN, FindingState.SETTLED}),
    FindingState.SETTLED: frozenset({FindingState.OPEN}),
}


class Orphan(StrEnum):
    """On which side something is missing."""

    FILE = "file"  # in our storage lies a file that no row speaks of
    ROW = "row"  # a row speaks of a file that our storage does not have
    AT_TWILIO = "at-twilio"  # Twilio keeps a recording that we do not know
    STILL_AT_TWILIO = "still-at-twilio"  # we hold it for deleted there, and it is not


def may_move(moves: Mapping[Standing, frozenset[Standing]], old: Standing, new: Standing) -> bool:
    """Tell whether the table of moves has this one."""
    return new in moves[old]


def origins(moves: Mapping[Standing, frozenset[Standing]], new: Standing) -> list[Standing]:
    """Give the states from which this one may be reached."""
    return [old for old, reached in moves.items() if new in reached]
