"""Refuse a call before it is answered, so that it costs nothing."""

from dataclasses import dataclass

from ivr.kinds.base import End, Move, Step, Turn
from ivr.kinds.settings import choice
from telephony.twiml import Hangup, Reject


@dataclass(frozen=True, slots=True)
class Refuse(Step):
    reason: str = choice("rejected", "The caller hears", (("rejected", "Not in service"), ("busy", "Busy")))

    KIND = "reject"
    LABEL = "Reject"
    SPEAKS = False
    ENDS = True

    def enter(self, turn: Turn) -> Move:
        # after any other verb Twilio has answered, and there is nothing left to refuse
        return End(self.reason, (Reject("busy" if self.reason == "busy" else "rejected") if turn.first else Hangup(),))
