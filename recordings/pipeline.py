"""Which stage of its work comes next for a recording, and how patiently each is tried. Pure."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from recordings.states import State


class Stage(StrEnum):
    FETCH = "fetch"
    VERIFY = "verify"
    STORE = "store"
    CLEAR = "clear"
    TRANSCRIBE = "transcribe"
    REDACT = "redact"
    INDEX = "index"


LEADS_TO: Mapping[Stage, State] = {
    Stage.FETCH: State.FETCHED,
    Stage.VERIFY: State.VERIFIED,
    Stage.STORE: State.STORED,
    Stage.CLEAR: State.CLEARED,
    Stage.TRANSCRIBE: State.TRANSCRIBED,
    Stage.REDACT: State.REDACTED,
    Stage.INDEX: State.INDEXED,
}

# Two kinds of work, each with its own bound on how many recordings are worked on at once.
FETCHING = frozenset({Stage.FETCH, Stage.VERIFY, Stage.STORE, Stage.CLEAR})
TRANSCRIBING = frozenset({Stage.TRANSCRIBE, Stage.REDACT, Stage.INDEX})

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
TRIES = 20  # over about three days


def next_stage(state: State, *, clears: bool, transcribes: bool) -> Stage | None:
    """Name what is to be done after a state was reached; None where it is settled, or where it is Twilio's turn."""
    transcribe = Stage.TRANSCRIBE if transcribes else None
    match state:
        case State.READY:
            return Stage.FETCH
        case State.FETCHED:
            return Stage.VERIFY
        case State.VERIFIED:
            return Stage.STORE
        case State.STORED:
            return Stage.CLEAR if clears else transcribe
        case State.CLEARED:
            return transcribe
        case State.TRANSCRIBED:
            return Stage.REDACT
        case State.REDACTED:
            return Stage.INDEX
        case State.ANNOUNCED | State.INDEXED | State.ABSENT | State.DELETED:
            return None


def beside(stage: Stage) -> frozenset[Stage]:
    """Name the stages that share a bound with this one; one claim lasts for all of them."""
    return FETCHING if stage in FETCHING else TRANSCRIBING


def counts_anew(reached: State) -> bool:
    """Tell whether the tries are counted from the beginning again. What was fetched is worth nothing until verified."""
    return reached is not State.FETCHED


def pause_after(attempts: int) -> timedelta | None:
    """Give the pause after so many tries, each twice as long as the last; None at the end: it is a person's turn."""
    if attempts >= TRIES:
        return None
    return min(FIRST_PAUSE * (1 << max(attempts, 1) - 1), LONGEST_PAUSE)
