"""Every write to recordings, their copies and voicemails; who listens is logged here too."""

from recordings.actions import recorders
from recordings.actions.announcing import announce, give_up, provider_of, sweep_silent
from recordings.actions.keys import left_to_rewrap, rewrap
from recordings.actions.listening import Listener, give_reason, keep_waves, note_heard, note_play, note_read
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
from recordings.actions.searching import note_search
from recordings.actions.sharing import TooLong, note_download, share, unshare
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
    "Listener",
    "Taken",
    "TooLong",
    "announce",
    "claim",
    "claim_telling",
    "give_reason",
    "give_up",
    "keep_copy",
    "keep_waves",
    "left_to_rewrap",
    "mark",
    "note_cleared",
    "note_download",
    "note_failed",
    "note_fetched",
    "note_heard",
    "note_missed",
    "note_play",
    "note_read",
    "note_search",
    "note_stored",
    "note_told",
    "note_verified",
    "presume_missed",
    "provider_of",
    "recorders",
    "release",
    "renew_claim",
    "retry",
    "rewrap",
    "share",
    "step_back",
    "sweep_due",
    "sweep_silent",
    "take",
    "take_voicemail",
    "unshare",
]
