"""Recorders: brought to what the rules want, paused and ended by people, and what Twilio says of them.

Every change on a call leads to `settle`, which compares what is wanted with what is so and lets tasks ask Twilio for
the difference. One transaction at a time settles the recorders of a call: that lock is the last that anybody takes.
"""

from recordings.actions.recorders.observing import (
    Listed,
    claim_change,
    claim_start,
    give_back,
    note_failed,
    note_listed,
    note_status,
    observe,
    sweep,
    try_again,
)
from recordings.actions.recorders.pressing import (
    NotNow,
    end_forgotten_pauses,
    pause,
    resume,
    start,
    stop,
)
from recordings.actions.recorders.settling import end, settle

__all__ = [
    "Listed",
    "NotNow",
    "claim_change",
    "claim_start",
    "end",
    "end_forgotten_pauses",
    "give_back",
    "note_failed",
    "note_listed",
    "note_status",
    "observe",
    "pause",
    "resume",
    "settle",
    "start",
    "stop",
    "sweep",
    "try_again",
]
