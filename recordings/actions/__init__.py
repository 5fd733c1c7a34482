"""Every write to recordings, voicemails and the log of who listened."""

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
from recordings.actions.returning import BeingCalled, NoPhone, call_back
from recordings.actions.voicemails import claim_telling, note_missed, note_told, presume_missed, take_voicemail
from recordings.actions.working import (
    Impossible,
    NotAMember,
    Settled,
    Taken,
    assign,
    claim,
    finish,
    mark,
    may_work,
    release,
    reopen,
)

__all__ = [
    "LEASE",
    "LONGEST_PAUSE",
    "STORING_LEASE",
    "TRIES",
    "BeingCalled",
    "Impossible",
    "NoPhone",
    "NotAMember",
    "Settled",
    "Taken",
    "announce",
    "assign",
    "call_back",
    "claim",
    "claim_fetch",
    "claim_telling",
    "finish",
    "give_up",
    "mark",
    "may_work",
    "note_fetch_failed",
    "note_fetched",
    "note_missed",
    "note_play",
    "note_told",
    "pause_after",
    "presume_missed",
    "release",
    "renew_claim",
    "reopen",
    "retry",
    "sweep_due",
    "sweep_silent",
    "take_voicemail",
]
