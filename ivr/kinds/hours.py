"""Choose the way by opening hours."""

from dataclasses import dataclass

from ivr.kinds.base import ExitName, Leave, Move, Step, Turn


@dataclass(frozen=True, slots=True)
class Hours(Step):
    KIND = "hours"
    LABEL = "Opening hours"
    EXITS = (ExitName("open", "Open"), ExitName("closed", "Closed"), ExitName("holiday", "Holiday"))
    TAKES = "schedule"
    SPEAKS = False

    def enter(self, turn: Turn) -> Move:
        found = turn.openings.get(self.reference)
        # a schedule that nobody looked up must not end the call: nobody there is the safe answer
        return Leave(found.state if found else "closed")
