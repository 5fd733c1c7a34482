"""Say something and go on."""

from dataclasses import dataclass

from ivr.kinds.base import ExitName, Leave, Move, Role, Step, Turn


@dataclass(frozen=True, slots=True)
class Message(Step):
    KIND = "message"
    LABEL = "Message"
    EXITS = (ExitName("next", "Next"),)
    PROMPTS = (Role("message", "Message"),)

    def enter(self, turn: Turn) -> Move:
        return Leave("next", self.say(turn, "message"))
