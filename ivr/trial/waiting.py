"""A wait in a queue by the virtual clock: item after item, until somebody takes the call or something ends it. Pure."""

from math import inf

from ivr import engine
from ivr.document import Document
from ivr.engine import Position
from ivr.kinds.base import Dialed, Heard, Keys, Queued, Silence
from ivr.kinds.queue import Queue
from ivr.kinds.requests import LeaveQueue
from ivr.trial.conditions import HangUp, Press, StaySilent, Wait
from ivr.trial.phone import HungUp, Phone, Stopped, flattened, taken
from ivr.trial.supposed import Supposed
from ivr.trial.told import Expects
from ivr.trial.world import Addresses
from queues.states import EntryState
from telephony import twiml
from telephony.twiml import Gather, Verb, render

#: seconds after which nothing is waited for any more, where no step and no queue has a limit; and where one has
LONGEST = 3600.0
LONGEST_WITH_LIMIT = 14_460.0
#: a wait document takes so long at least
SHORTEST_LOOP = 1.0


class Waiting:
    """One wait, from joining the queue to the request that comes after it."""

    def __init__(
        self, phone: Phone, supposed: Supposed, document: Document, position: Position, turn: int, urls: Addresses
    ) -> None:
        step = document.steps[position.step]
        assert isinstance(step, Queue)
        self.phone = phone
        self.supposed = supposed
        self.document = document
        self.position = position
        self.step = step
        self.turn = turn
        self.urls = urls
        self.name = self._name()
        answered_after = supposed.queue(step.reference).answered_after
        self.answered_at = inf if answered_after is None else supposed.joined + answered_after
        known = supposed.world.queues.get(step.reference)
        limited = bool(step.longest or (known and known.longest))
        self.given_up_at = supposed.joined + (LONGEST_WITH_LIMIT if limited else LONGEST)
        # when the caller is asked again what to do: at once
        self.until = phone.diary.second
        self.pressed = ""

    def go(self) -> Heard:
        """Wait, and give what the request after it brings; `position` is where the call stands then."""
        loop, heard = 0, Keys("")
        while True:
            if self.phone.diary.second >= self.answered_at and self._waits():
                return self._talk()
            verbs = self._ask(loop, heard)
            if any(isinstance(verb, twiml.Leave) for verb in verbs):
                self.phone.diary.note("left", self.name)
                return Queued("leave")
            began = self.phone.diary.second
            self.pressed = ""
            if not self._play(verbs):
                return self._talk()
            self.phone.diary.second = max(self.phone.diary.second, began + SHORTEST_LOOP)
            heard = Keys(self.pressed)
            loop += 1

    def _ask(self, loop: int, heard: Keys) -> tuple[Verb, ...]:
        """Ask for the document of `loop`, as Twilio would."""
        diary = self.phone.diary
        facts = self.supposed.wait_facts(self.step, loop, diary.second)
        urls = self.urls(self.turn, loop + 1)
        given = heard if heard.digits else Silence()
        waiting = engine.wait(self.document, self.position, given, loop, facts=facts, urls=urls)
        self.supposed.carry_out([one for one in waiting.requests if isinstance(one, LeaveQueue)], diary.second)
        self.position = waiting.position
        self.phone.sent(self.turn, render(waiting.verbs))
        return waiting.verbs

    def _play(self, verbs: tuple[Verb, ...]) -> bool:
        """Let the caller hear a document; False where somebody takes the call meanwhile."""
        gather = next((verb for verb in verbs if isinstance(verb, Gather)), None)
        for verb, may_press in flattened(verbs):
            self._hear(verb, gather if may_press else None)
            if self.phone.diary.second >= self.answered_at and self._waits():
                return False
            if self.pressed:
                self.phone.diary.note("pressed", self.pressed)
                return True
        return True

    def _hear(self, verb: twiml.Prompting, gather: Gather | None) -> None:
        """Play one verb, for as long as nothing ends it. Where the trial stops in it, it is told to its end."""
        diary, length = self.phone.diary, self.phone.length(verb)
        began, stops = diary.second, False
        end = min(began + length, self.answered_at)
        try:
            self._look(gather)
            while not self.pressed and diary.second < end:
                diary.second = min(end, self.until)
                self._look(gather)
        except Stopped:
            stops = True
            raise
        finally:
            now = diary.second
            diary.second = began
            self.phone.note(verb, length if stops else now - began)
            diary.second = now

    def _look(self, gather: Gather | None) -> None:
        """Ask the caller what to do, where it is time to."""
        diary = self.phone.diary
        while not self.pressed and self.until <= diary.second < self.answered_at:
            match self.phone.next(self._expects(gather)):
                case HangUp():
                    raise HungUp
                case StaySilent():
                    self.until = inf
                case Wait(seconds):
                    self.until = diary.second + seconds
                case Press(keys) if gather is not None and (digits := taken(keys, gather)[0]):
                    self.pressed = digits
                case other:
                    self.phone.in_vain(other)
        if diary.second >= self.given_up_at:
            diary.reach("waiting", self.name)
            raise Stopped(self._expects(gather))

    def _waits(self) -> bool:
        place = self.supposed.standing(self.phone.diary.second)
        return place is not None and place.state == EntryState.WAITING

    def _talk(self) -> Heard:
        """Somebody takes the call, and the two talk until that is over."""
        diary = self.phone.diary
        diary.reach("person", self.name)
        self.supposed.becomes(EntryState.TALKING)
        diary.note("talks", self.name)
        seconds = self.phone.talk(Expects("talk", diary.flow, diary.step))
        self.supposed.becomes(EntryState.ANSWERED)
        return Dialed("completed", bridged=None, seconds=int(seconds))

    def _expects(self, gather: Gather | None) -> Expects:
        keys = tuple((option.keys, option.exit) for option in self.step.options if option.keys) if gather else ()
        most = gather.num_digits or 0 if gather else 0
        diary = self.phone.diary
        return Expects("wait", diary.flow, diary.step, keys, most, presses=bool(keys))

    def _name(self) -> str:
        known = self.supposed.world.queues.get(self.step.reference)
        return known.name if known else self.step.name
