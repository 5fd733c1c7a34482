"""End the call, and note why."""

from dataclasses import dataclass

from ivr.kinds.base import End, Move, Role, Step, Turn
from ivr.kinds.settings import choice
from telephony.twiml import Hangup

REASONS = (("completed", "Completed"), ("closed", "Closed"), ("abuse", "Abuse"), ("other", "Other"))


@dataclass(frozen=True, slots=True)
class HangUp(Step):
    reason: str = choice("completed", "Reason", REASONS)

    KIND = "hang_up"
    LABEL = "Hang up"
    PROMPTS = (Role("goodbye", "Goodbye", required=False),)
    ENDS = True

    def enter(self, turn: Turn) -> Move:
        return End(self.reason, (*self.say(turn, "goodbye"), Hangup()))
