"""Let the caller leave a message."""

from dataclasses import dataclass

from ivr.kinds import consenting
from ivr.kinds.base import ExitName, Heard, Leave, Move, Recorded, Role, Step, Turn, Wait
from ivr.kinds.consenting import Settled
from ivr.kinds.requests import NoteConsent, NoteMissed, TakeVoicemail
from ivr.kinds.settings import choice, flag, whole
from telephony.twiml import Record


@dataclass(frozen=True, slots=True)
class Voicemail(Step):
    max_length: int = whole(120, "Longest message in seconds", minimum=5, maximum=3600)
    silence: int = whole(5, "Seconds of silence that end the message", minimum=1, maximum=60)
    beep: bool = flag(True, "Beep before recording")
    finish_key: str = choice(
        "#", "Key that ends the message", (("#", "#"), ("*", "*"), ("1234567890*#", "Any key"), ("", "None"))
    )
    min_seconds: int = whole(2, "Shorter is empty (seconds)", minimum=0, maximum=60)
    keep_empty: bool = flag(False, "Keep empty messages")

    KIND = "voicemail"
    LABEL = "Voicemail"
    EXITS = (
        ExitName("recorded", "Recorded", by_caller=True),
        ExitName("empty", "Empty"),
        ExitName("refused", "Does not want to be recorded", required=False),
    )
    PROMPTS = (Role("greeting", "Greeting"),)
    TAKES = "mailbox"
    WAITS = True

    @property
    def consents(self) -> str:
        return "voicemail"

    def enter(self, turn: Turn) -> Move:
        return self._after(turn, consenting.begin(turn, self.consents))

    def _after(self, turn: Turn, move: Move | Settled) -> Move:
        if not isinstance(move, Settled):
            return move
        if move.refused:
            exit_ = "refused" if "refused" in self.exits else "empty"
            return Leave(exit_, requests=(*move.requests, NoteMissed(self.reference)))
        return self._record(turn, move.requests)

    def _record(self, turn: Turn, requests: tuple[NoteConsent, ...]) -> Move:
        record = Record(
            action=turn.urls.resume,
            max_length=self.max_length,
            timeout=self.silence,
            finish_on_key=self.finish_key,
            play_beep=self.beep,
            status_callback=turn.urls.recording,
        )
        return Wait((*self.say(turn, "greeting"), record), requests=requests)

    def resume(self, turn: Turn, heard: Heard) -> Move:
        if turn.progress.phase == consenting.ASKING and not isinstance(heard, Recorded):
            return self._after(turn, consenting.go_on(turn, heard, self.consents))
        if not isinstance(heard, Recorded):
            return Leave("empty", requests=(NoteMissed(self.reference),))
        if heard.sid and heard.seconds >= max(self.min_seconds, 1):
            taken = TakeVoicemail(self.reference, heard.sid, heard.seconds, turn.language)
            return Leave("recorded", requests=(taken,), over=heard.hung_up)
        if heard.sid and self.keep_empty:
            kept = TakeVoicemail(self.reference, heard.sid, heard.seconds, turn.language, empty=True)
            return Leave("empty", requests=(kept,), over=heard.hung_up)
        return Leave("empty", requests=(NoteMissed(self.reference, heard.sid),), over=heard.hung_up)
