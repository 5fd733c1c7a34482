"""The world of a trial: stands in for what a live call reads, and for what its requests would do. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from compliance import policies
from compliance.policies import Entry, Present
from compliance.states import Mode, Party, Subject
from conferences import entrance
from ivr import apology
from ivr.carried import Carried, room_full
from ivr.document import Document
from ivr.engine import Facts, Position
from ivr.hours.opening import Opening, opening
from ivr.kinds.base import Asked, Consents, Heard, Keys, Place, QueueStatus, Told
from ivr.kinds.conference_room import ConferenceRoom
from ivr.kinds.look_up import LookUp
from ivr.kinds.queue import Queue
from ivr.kinds.requests import (
    AskCallBack,
    AskSource,
    EnterRoom,
    Hush,
    JoinQueue,
    LeaveQueue,
    NoteConsent,
    Notice,
    Request,
    SendText,
)
from ivr.trial.conditions import Conditions, QueueAs, RoomAs
from ivr.trial.world import World
from queues.states import EntryState

CUSTOMER = Present(Party.CUSTOMER)
#: stands in where chance draws by the call
SEED = "trial"
#: the policy that is only supposed
SUPPOSED = 0
Value = TypeVar("Value")


class Supposed:
    """What holds in a trial, and what has come of what its steps asked for."""

    def __init__(self, world: World, conditions: Conditions) -> None:
        self.world = world
        self.conditions = conditions
        self.place: Place | None = None
        self.joined = 0.0
        self.hushed = False
        self._queue: int | None = None
        self._asked: dict[str, tuple[float, AskSource]] = {}
        self._ledger: list[Entry] = []
        emergency = apology.find(world.emergencies, conditions.number)
        self._apology = apology.verbs(emergency, called=conditions.number, caller=conditions.caller)

    def facts(
        self,
        document: Document,
        position: Position | None,
        heard: Heard | None,
        second: float,
        *,
        accepted: bool = False,
    ) -> Facts:
        """Give what the engine may know at this second; `position` is None for a call that begins."""
        number, conditions = self.conditions.number, self.conditions
        here = document.steps.get(position.step) if position else None
        facts = Facts(
            openings=self._openings(second),
            announcements=self.world.announcements,
            flows=self.world.flows,
            queues=_Lazily(self.world.queues, self._status),
            accepted=accepted,
            place=self.standing(second) if isinstance(here, Queue) else None,
            caller=conditions.caller,
            own_number=number if number.startswith("+") else self.world.caller_id,
            consents=_Lazily(self._consent_keys(), self._consents),
            asked=self._answer(here.id, second) if isinstance(here, LookUp) else None,
            known=conditions.known,
            now=conditions.at + timedelta(seconds=second),
            called=number,
            by_sip=conditions.caller.startswith(("sip:", "sips:")),
            seed=SEED,
            drawn=conditions.drawn,
            overheard=conditions.recorded and not self.hushed,
            apology=self._apology,
        )
        if isinstance(here, ConferenceRoom):
            room = self.room(here.reference)
            if isinstance(heard, Keys):
                if heard.digits == room.host_pin:
                    return replace(facts, admitted="host")
                return replace(facts, admitted="guest" if heard.digits == room.guest_pin else "")
            return replace(facts, meeting=not room.closed)
        return facts

    def wait_facts(self, step: Queue, loop: int, second: float) -> Facts:
        """Give what somebody who waits may be told."""
        told = Told()
        place = self.standing(second)
        if place is not None and step.tells(loop) and place.state in (EntryState.WAITING, EntryState.OFFERED):
            queue = self.queue(place.queue)
            told = Told(queue.place, queue.minutes)
        return Facts(queues=_Lazily(self.world.queues, self._status), place=place, told=told)

    def standing(self, second: float) -> Place | None:
        """Give the call's place in line, by how long it has waited."""
        if self.place is None or self.place.state != EntryState.WAITING:
            return self.place
        waited = second - self.joined
        known = self.world.queues.get(self.place.queue)
        if known is not None and known.longest is not None and waited >= known.longest:
            self.place = replace(self.place, state=EntryState.TIMED_OUT, waited=waited)
            return self.place
        return replace(self.place, waited=waited)

    def becomes(self, state: EntryState) -> None:
        if self.place is not None:
            self.place = replace(self.place, state=state)

    def queue(self, key: str) -> QueueAs:
        return self.conditions.queues.get(key) or QueueAs()

    def room(self, key: str) -> RoomAs:
        return self.conditions.rooms.get(key) or RoomAs()

    def rung(self, step: str, attempt: int) -> str:
        """Tell what happens to whoever is rung, by the number of the attempt."""
        words = self.conditions.rung.get(step, "").split() or ["answered"]
        return words[min(attempt, len(words) - 1)]

    def carry_out(self, requests: Sequence[Request], second: float) -> Carried:
        """Do in the supposed world what `ivr.actions.requests` does in ours, and give what comes of it."""
        carried = Carried()
        for request in requests:
            match request:
                case JoinQueue(queue=queue):
                    self.place, self.joined = Place(EntryState.WAITING, queue), second
                    self._queue = int(queue) if queue.isdecimal() else None
                case LeaveQueue(timed_out=timed_out):
                    self.becomes(EntryState.TIMED_OUT if timed_out else EntryState.LEFT)
                case AskCallBack():
                    carried = Carried(noted=self.conditions.call_backs)
                case EnterRoom():
                    carried = self._enter(request)
                case NoteConsent():
                    said = request.wording.text
                    self._ledger.append(Entry(Party.CUSTOMER, request.answer, request.policy, said))
                case AskSource():
                    self._asked[request.step] = (second, request)
                case SendText():
                    carried = Carried(noted=self.conditions.texts)
                case Hush(over=over):
                    self.hushed = not over
        return carried

    def _enter(self, request: EnterRoom) -> Carried:
        known = self.world.rooms.get(request.room)
        if known is None or self.room(request.room).full:
            return room_full(request)
        verbs = entrance.verbs(
            self.world.meeting,
            self.world.participant,
            host=request.host,
            most=known.most,
            music=self.world.hold,
            news=self.world.conference_news,
            onward=request.onward,
        )
        return Carried(verbs)

    def _openings(self, second: float) -> Mapping[str, Opening]:
        at = self.conditions.at + timedelta(seconds=second)

        def of(schedule: str) -> Opening:
            state = self.conditions.openings.get(schedule)
            # mypy knows a word of JSON only as a text; `Conditions.from_json` has looked at it
            return Opening(state) if state else opening(self.world.weeks[schedule], at)  # type: ignore[arg-type]

        return _Lazily(self.world.weeks, of)

    def _status(self, key: str) -> QueueStatus:
        queue = self.queue(key)
        return QueueStatus(queue.staffed, queue.full)

    def _answer(self, step: str, second: float) -> Asked | None:
        if step not in self._asked:
            return None
        began, request = self._asked[step]
        told = self.conditions.looked_up.get(request.source)
        answer = None if told is None else {name: told[name] for name in request.keep if name in told}
        return Asked(answer, is_over=second - began >= request.seconds)

    # consent to recording

    def _consent_keys(self) -> frozenset[str]:
        if self.conditions.consent == "policy" and not self.world.policies:
            return frozenset()
        return frozenset(step.consents for one in self.world.documents for step in one.steps.values()) - {""}

    def _consents(self, key: str) -> Consents:
        what, _colon, queue = key.partition(":")
        subjects = (Subject.VOICEMAIL,) if what == "voicemail" else (Subject.CONVERSATION, Subject.AGENT)
        asked = list(self._asking(subjects, int(queue) if queue.isdecimal() else self._queue))
        left = tuple(notice for asking, notice in asked if policies.owes(asking, self._ledger, CUSTOMER))
        return Consents(left, bool(asked) and policies.has_refused(self._ledger, CUSTOMER))

    def _asking(self, subjects: Iterable[Subject], queue: int | None) -> Iterator[tuple[policies.Asking, Notice]]:
        match self.conditions.consent:
            case "policy":
                yield from self._by_policies(subjects, queue)
            case "ask" | "tell" as how:
                asks = how == "ask"
                wording = self.world.standard_ask if asks else self.world.standard_tell
                mode = Mode.ASK_ONE if asks else Mode.ANNOUNCE
                asking = policies.Asking(SUPPOSED, mode, frozenset({wording.text}))
                yield asking, Notice(SUPPOSED, asks, (wording,))

    def _by_policies(self, subjects: Iterable[Subject], queue: int | None) -> Iterator[tuple[policies.Asking, Notice]]:
        flow = self.world.document.flow
        known = policies.Facts(self.conditions.number, int(flow) if flow.isdecimal() else None, queue)
        by_id = {policy.rule.id: policy for policy in self.world.policies}
        rules = [policy.rule for policy in self.world.policies]
        found = {rule.id for subject in subjects if (rule := policies.governing(rules, subject, known, call=None))}
        for key in sorted(found):
            if by_id[key].asking.mode != Mode.NONE:
                yield by_id[key].asking, by_id[key].notice


class _Lazily(Mapping[str, Value]):
    """What is only worked out for those keys that somebody asks for."""

    def __init__(self, keys: Iterable[str], of: Callable[[str], Value]) -> None:
        self._keys = keys if isinstance(keys, Mapping) else frozenset(keys)
        self._of = of

    def __getitem__(self, key: str) -> Value:
        if key not in self._keys:
            raise KeyError(key)
        return self._of(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)
