"""Every write to queues: who waits, whom they are offered to, what came of it, the wrap-up; and callbacks."""

from queues.actions.handling import NotDone, NotExtendable, dispose, end_stuck_wrap_up, extend, finish, save_notes
from queues.actions.offering import match
from queues.actions.sweeping import keep_time, sweep
from queues.actions.talking import accept, close, connect, let_go, turn
from queues.actions.waiting import Full, Told, call_over, join, leave, move, pull_forward, tell_wait, time_out

__all__ = [
    "Full",
    "NotDone",
    "NotExtendable",
    "Told",
    "accept",
    "call_over",
    "close",
    "connect",
    "dispose",
    "end_stuck_wrap_up",
    "extend",
    "finish",
    "join",
    "keep_time",
    "leave",
    "let_go",
    "match",
    "move",
    "pull_forward",
    "save_notes",
    "sweep",
    "tell_wait",
    "time_out",
    "turn",
]
