"""Every write to recordings, voicemails and the log of who listened."""

from recordings.actions import recorders
from recordings.actions.announcing import announce, give_up, sweep_silent
from recordings.actions.fetching import (
    LEASE,
    LONGEST_PAUSE,
    STORING_LEASE,
    TRIES,
    claim_fetch,
    note_fetch_failed,
    note_fetched,
    pause_after,
    renew_claim,
    retry,
    sweep_due,
)
from recordings.actions.listening import note_play
from recordings.actions.voicemails import (
    Impossible,
    Taken,
    claim_telling,
    mark,
    note_missed,
    note_told,
    presume_missed,
    release,
    take,
    take_voicemail,
)

__all__ = [
    "LEASE",
    "LONGEST_PAUSE",
    "STORING_LEASE",
    "TRIES",
    "Impossible",
    "Taken",
    "announce",
    "claim_fetch",
    "claim_telling",
    "give_up",
    "mark",
    "note_fetch_failed",
    "note_fetched",
    "note_missed",
    "note_play",
    "note_told",
    "pause_after",
    "presume_missed",
    "recorders",
    "release",
    "renew_claim",
    "retry",
    "sweep_due",
    "sweep_silent",
    "take",
    "take_voicemail",
]
