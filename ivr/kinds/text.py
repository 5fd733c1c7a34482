"""Text something to the caller, in the caller's language: an address, a link, a number to keep."""

from dataclasses import dataclass

from ivr.kinds.base import ExitName, Heard, Leave, Move, Progress, Role, Step, Turn, Wait
from ivr.kinds.requests import SendText
from telephony import numbers
from telephony.twiml import Redirect

ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Text(Step):
    KIND = "text"
    LABEL = "Text message"
    EXITS = (
        ExitName("sent", "Is texted"),
        ExitName("not_possible", "Cannot be texted: withheld, a landline, or wants no texts"),
    )
    PROMPTS = (
        Role("text", "What is texted: a written text in each language, no sound"),
        Role("sent", "Say that a text is on its way", required=False),
    )
    #: the queue from whose number it comes; none: from the number that was called, or the standard one
    TAKES = "queue"
    TAKES_REQUIRED = False
    WAITS = True
    LISTENS = False

    def enter(self, turn: Turn) -> Move:
        language, text = turn.script.written(self.prompts.get("text", ""), turn.language, words=turn.variables)
        if not text or not numbers.is_e164(turn.caller) or numbers.is_withheld(turn.caller):
            return Leave("not_possible")
        ask = SendText(self.reference, text, language)
        # whether it may be sent is known to nobody before the next request
        return Wait((Redirect(turn.urls.resume),), Progress(phase=ASKED), (ask,))

    def resume(self, turn: Turn, _heard: Heard) -> Move:
        if turn.progress.noted != "sent":
            return Leave("not_possible")
        return Leave("sent", self.say(turn, "sent"))
