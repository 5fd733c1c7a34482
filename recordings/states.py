"""Where a recording's audio is, and the allowed moves. Pure."""

from enum import StrEnum


class State(StrEnum):
    ANNOUNCED = "announced"  # Twilio or the caller's step spoke of it; audio may not be ready
    READY = "ready"  # Twilio says completed: to be fetched
    FETCHED = "fetched"  # in our storage, length and hash checked
    FAILED = "failed"  # a try failed; the sweep tries again at retry_at
    ABSENT = "absent"  # Twilio has no usable audio


MOVES: dict[State, frozenset[State]] = {
    State.ANNOUNCED: frozenset({State.READY, State.ABSENT}),
    State.READY: frozenset({State.FETCHED, State.FAILED, State.ABSENT}),
    State.FAILED: frozenset({State.READY, State.FETCHED, State.FAILED, State.ABSENT}),
    State.FETCHED: frozenset(),
    State.ABSENT: frozenset(),
}


def may_move(old: State, new: State) -> bool:
    """Tell whether a recording in `old` may step to `new`."""
    return new in MOVES[old]
