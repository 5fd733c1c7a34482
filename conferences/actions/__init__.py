"""Every write to conferences and who is in them."""

from conferences.actions.observing import accept, answer, hear, note_quality, observe, observe_leg
from conferences.actions.opening import (
    Place,
    Target,
    add,
    close,
    consult,
    decline,
    hand_over,
    invite,
    invite_customer,
    open_conversation,
    rejoin,
    withdraw,
)
from conferences.actions.pressing import announce, mute, press, remove, send_away, send_digits
from conferences.actions.steering import NotNow
from conferences.actions.supervising import (
    answer_help,
    ask_help,
    change_mode,
    stop_supervising,
    supervise,
    take_over,
)

__all__ = [
    "NotNow",
    "Place",
    "Target",
    "accept",
    "add",
    "announce",
    "answer",
    "answer_help",
    "ask_help",
    "change_mode",
    "close",
    "consult",
    "decline",
    "hand_over",
    "hear",
    "invite",
    "invite_customer",
    "mute",
    "note_quality",
    "observe",
    "observe_leg",
    "open_conversation",
    "press",
    "rejoin",
    "remove",
    "send_away",
    "send_digits",
    "stop_supervising",
    "supervise",
    "take_over",
    "withdraw",
]
