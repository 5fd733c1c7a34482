"""Every write to agents: their presence, and what they are, from a file."""

from agents.actions.people import Different, HasProblems, import_agents
from agents.actions.presence import (
    Busy,
    NotAReason,
    begin_talking,
    begin_wrap_up,
    choose,
    end_wrap_up,
    extend_wrap_up,
    heartbeat,
    hold,
    note_missed,
    note_taken,
    occupy,
    release,
    reserve,
    review,
    sweep,
)

__all__ = [
    "Busy",
    "Different",
    "HasProblems",
    "NotAReason",
    "begin_talking",
    "begin_wrap_up",
    "choose",
    "end_wrap_up",
    "extend_wrap_up",
    "heartbeat",
    "hold",
    "import_agents",
    "note_missed",
    "note_taken",
    "occupy",
    "release",
    "reserve",
    "review",
    "sweep",
]
