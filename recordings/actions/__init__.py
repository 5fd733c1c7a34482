"""Every write to recordings, voicemails and the log of who listened."""

from recordings.actions.announcing import announce, give_up, provider_of, sweep_silent
from recordings.actions.keys import left_to_rewrap, rewrap
from recordings.actions.listening import note_play
from recordings.actions.pipeline import (
    LEASE,
    claim,
    keep_copy,
    note_cleared,
    note_failed,
    note_fetched,
    note_stored,
    note_verified,
    renew_claim,
    retry,
    step_back,
    sweep_due,
)
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
    "Impossible",
    "Taken",
    "announce",
    "claim",
    "claim_telling",
    "give_up",
    "keep_copy",
    "left_to_rewrap",
    "mark",
    "note_cleared",
    "note_failed",
    "note_fetched",
    "note_missed",
    "note_play",
    "note_stored",
    "note_told",
    "note_verified",
    "presume_missed",
    "provider_of",
    "release",
    "renew_claim",
    "retry",
    "rewrap",
    "step_back",
    "sweep_due",
    "sweep_silent",
    "take",
    "take_voicemail",
]
