"""Go on in another flow, in the version of it that is published at that moment."""

from dataclasses import dataclass

from ivr.kinds.base import ExitName, GoTo, Move, Step, Turn


@dataclass(frozen=True, slots=True)
class GoToFlow(Step):
    KIND = "go_to"
    LABEL = "Go to flow"
    EXITS = (ExitName("unavailable", "Flow is not published", required=False),)
    TAKES = "to_flow"
    SPEAKS = False
    ENDS = True

    def enter(self, turn: Turn) -> Move:  # noqa: ARG002 (as every kind has it)
        return GoTo(self.reference)
