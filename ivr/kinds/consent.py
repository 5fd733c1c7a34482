"""Ask the caller whether the call may be recorded, or tell that it is, as the policy of the call says."""

from dataclasses import dataclass

from ivr.kinds import consenting
from ivr.kinds.base import ExitName, Heard, Leave, Move, Step, Turn
from ivr.kinds.consenting import Settled


@dataclass(frozen=True, slots=True)
class Consent(Step):
    KIND = "consent"
    LABEL = "Consent to recording"
    EXITS = (
        ExitName("agreed", "May be recorded, or nothing is"),
        ExitName("refused", "Does not agree"),
    )
    #: the queue whose policy is asked; none: the policy of the call as it stands
    TAKES = "queue"
    TAKES_REQUIRED = False
    WAITS = True

    @property
    def consents(self) -> str:
        return f"talk:{self.reference}"

    def enter(self, turn: Turn) -> Move:
        return self._after(consenting.begin(turn, self.consents))

    def resume(self, turn: Turn, heard: Heard) -> Move:
        return self._after(consenting.go_on(turn, heard, self.consents))

    @staticmethod
    def _after(move: Move | Settled) -> Move:
        if isinstance(move, Settled):
            return Leave("refused" if move.refused else "agreed", requests=move.requests)
        return move
