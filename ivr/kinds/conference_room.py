"""Let callers into a standing conference room, by a PIN."""

from dataclasses import dataclass, replace

from ivr.kinds.base import ExitName, Heard, Keys, Leave, Move, Progress, Role, Step, Turn, Wait
from ivr.kinds.requests import EnterRoom
from ivr.kinds.settings import whole
from telephony.twiml import Gather, Prompting, Redirect

INSIDE = "inside"
LONGEST_PIN = 12


@dataclass(frozen=True, slots=True)
class ConferenceRoom(Step):
    timeout: int = whole(5, "Seconds to wait for each key", minimum=1, maximum=60)
    max_tries: int = whole(3, "Ask so many times", minimum=1, maximum=10)

    KIND = "conference_room"
    LABEL = "Conference room"
    EXITS = (
        ExitName("left", "Left the room", by_caller=True),
        ExitName("ended", "The room was closed", by_caller=True),
        ExitName("wrong_pin", "Wrong PIN"),
        ExitName("full", "The room is full"),
    )
    PROMPTS = (
        Role("pin", "Ask for the PIN, ended by the pound key"),
        Role("wrong", "After a wrong PIN", required=False),
    )
    TAKES = "room"
    WAITS = True

    @property
    def hides_input(self) -> bool:
        return True

    def enter(self, turn: Turn) -> Move:
        return self._ask(turn, Progress())

    def resume(self, turn: Turn, heard: Heard) -> Move:
        if turn.progress.phase == INSIDE:
            return self._come_out(turn)
        if isinstance(heard, Keys) and turn.admitted:
            enter = EnterRoom(self.reference, host=turn.admitted == "host", onward=turn.urls.resume)
            return Wait((), Progress(phase=INSIDE), (enter,))
        mistakes = turn.progress.mistakes + 1
        if mistakes >= self.max_tries:
            return Leave("wrong_pin")
        before = self.say(turn, "wrong") if isinstance(heard, Keys) else ()
        return self._ask(turn, replace(turn.progress, mistakes=mistakes), before)

    def _come_out(self, turn: Turn) -> Move:
        if turn.progress.noted == "full":
            return Leave("full")
        return Leave("left" if turn.meeting else "ended")

    def _ask(self, turn: Turn, progress: Progress, before: tuple[Prompting, ...] = ()) -> Move:
        prompts = before + self.say(turn, "pin")
        gather = Gather(turn.urls.resume, prompts, timeout=self.timeout, finish_on_key="#", num_digits=LONGEST_PIN)
        return Wait((gather, Redirect(turn.urls.resume)), progress)
