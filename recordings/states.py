"""Where a recording's audio is, what has become of a voicemail, and the allowed moves. Pure."""

from enum import StrEnum


class State(StrEnum):
    """Decided by us from what Twilio says and from what our own fetching brought."""

    ANNOUNCED = "announced"  # Twilio or the caller's step spoke of it; audio may not be ready
    READY = "ready"  # Twilio says completed: to be fetched
    FETCHED = "fetched"  # in our storage, length and hash checked
    FAILED = "failed"  # a try failed; the sweep tries again at retry_at
    ABSENT = "absent"  # Twilio has no usable audio


MOVES: dict[State, frozenset[State]] = {
    State.ANNOUNCED: frozenset({State.READY, State.ABSENT}),
    State.READY: frozenset({State.FETCHED, State.FAILED, State.ABSENT}),
    State.FAILED: frozenset({State.FETCHED, State.FAILED, State.ABSENT}),
    State.FETCHED: frozenset(),
    State.ABSENT: frozenset(),
}

# Twilio's `RecordingStatus` in our words; `failed` is a failure to encrypt, after which there is nothing to fetch.
ANNOUNCES: dict[str, State] = {
    "in-progress": State.ANNOUNCED,
    "paused": State.ANNOUNCED,
    "stopped": State.ANNOUNCED,
    "processing": State.ANNOUNCED,
    "completed": State.READY,
    "absent": State.ABSENT,
    "failed": State.ABSENT,
    "deleted": State.ABSENT,
}


def may_move(old: State, new: State) -> bool:
    """Tell whether a recording in `old` may step to `new`."""
    return new in MOVES[old]


class VoicemailStatus(StrEnum):
    NEW = "new"
    HEARD = "heard"
    DONE = "done"


VOICEMAIL_MOVES: dict[VoicemailStatus, frozenset[VoicemailStatus]] = {
    VoicemailStatus.NEW: frozenset({VoicemailStatus.HEARD, VoicemailStatus.DONE}),
    VoicemailStatus.HEARD: frozenset({VoicemailStatus.NEW, VoicemailStatus.DONE}),
    VoicemailStatus.DONE: frozenset({VoicemailStatus.HEARD}),
}


class ReturnState(StrEnum):
    """How far it has come that somebody is called back."""

    RINGING = "ringing"  # the phone of who calls back
    CALLING = "calling"  # they have picked up, and the number is rung
    TALKING = "talking"
    TALKED = "talked"
    BROKEN = "broken"  # the line of who called back broke off in the talk, and nobody came back
    UNREACHED = "unreached"  # nobody took it there
    UNTAKEN = "untaken"  # who wanted to call back did not pick up their own phone


RETURN_LIVE = frozenset({ReturnState.RINGING, ReturnState.CALLING, ReturnState.TALKING})
RETURN_MOVES: dict[ReturnState, frozenset[ReturnState]] = {
    ReturnState.RINGING: frozenset({ReturnState.CALLING, ReturnState.UNTAKEN}),
    ReturnState.CALLING: frozenset({ReturnState.TALKING, ReturnState.UNREACHED}),
    ReturnState.TALKING: frozenset({ReturnState.TALKED, ReturnState.BROKEN}),
}
