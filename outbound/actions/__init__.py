"""Every write to orders: made, tried, answered, canceled."""

from outbound.actions.clicking import NoPhone
from outbound.actions.ordering import NotNow, NotPossible, Wish, cancel, order
from outbound.actions.trying import begin, begin_due, note_machine, sweep, tidy

__all__ = [
    "NoPhone",
    "NotNow",
    "NotPossible",
    "Wish",
    "begin",
    "begin_due",
    "cancel",
    "note_machine",
    "order",
    "sweep",
    "tidy",
]
