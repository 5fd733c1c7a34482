"""Where a recording's audio is, what has become of a voicemail, and the allowed moves. Pure."""

from enum import StrEnum


class State(StrEnum):
    """How far a recording has come. It climbs, one stage of its work after the other (`recordings.pipeline`)."""

    ANNOUNCED = "announced"  # Twilio or the caller's step spoke of it; audio may not be ready
    READY = "ready"  # Twilio says completed: to be fetched
    FETCHED = "fetched"  # in the spool of the machine that fetched it, the hash of the stream noted
    VERIFIED = "verified"  # read back from there: whole, and as long as Twilio told
    STORED = "stored"  # in our storage
    CLEARED = "cleared"  # deleted at Twilio, and seen to be gone
    TRANSCRIBED = "transcribed"
    REDACTED = "redacted"
    INDEXED = "indexed"
    ABSENT = "absent"  # Twilio has no usable audio
    DELETED = "deleted"  # by a rule, an erasure or a withdrawal


# The sound lies in our storage.
HERE = frozenset({State.STORED, State.CLEARED, State.TRANSCRIBED, State.REDACTED, State.INDEXED})

MOVES: dict[State, frozenset[State]] = {
    State.ANNOUNCED: frozenset({State.READY, State.ABSENT, State.DELETED}),
    State.READY: frozenset({State.FETCHED, State.ABSENT, State.DELETED}),
    State.FETCHED: frozenset({State.VERIFIED, State.DELETED}),
    State.VERIFIED: frozenset({State.STORED, State.DELETED}),
    State.STORED: frozenset({State.CLEARED, State.TRANSCRIBED, State.DELETED}),
    State.CLEARED: frozenset({State.TRANSCRIBED, State.DELETED}),
    State.TRANSCRIBED: frozenset({State.REDACTED, State.DELETED}),
    State.REDACTED: frozenset({State.INDEXED, State.DELETED}),
    State.INDEXED: frozenset({State.DELETED}),
    State.ABSENT: frozenset({State.DELETED}),
    State.DELETED: frozenset(),
}

# What we hold is lost or damaged, and fetched again. No news of Twilio's leads back.
LOSABLE = frozenset({State.FETCHED, State.VERIFIED, State.STORED})

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
    """Tell whether a recording in `old` may climb to `new`."""
    return new in MOVES[old]


def furthest(one: State, other: State) -> State:
    """Name the state that is further up: work that is done again leads nowhere back."""
    return max(one, other, key=list(State).index)


class TranscriptState(StrEnum):
    """How far a provider's try at a recording has come."""

    ASKED = "asked"  # the provider has the sound, and sends the text when it is ready
    ANSWERED = "answered"  # what it sent lies sealed, not yet read
    WRITTEN = "written"


class CopyKind(StrEnum):
    ORIGINAL = "original"
    REDACTED = "redacted"  # in which something is silent


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
