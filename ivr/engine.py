"""The walk of a call through documents: from a position and what was heard to verbs and the next position. Pure.

It is total: whatever is heard, however often, the answer lets the call wait for the caller or ends it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, NamedTuple, Self

from ivr import history
from ivr.document import Document
from ivr.history import Event
from ivr.hours.opening import Opening
from ivr.kinds.base import (
    Asked,
    Consents,
    End,
    GoTo,
    Heard,
    Keys,
    Leave,
    Move,
    Place,
    Progress,
    QueueStatus,
    Silence,
    Speech,
    Stay,
    Step,
    Told,
    Turn,
    Urls,
    Wait,
)
from ivr.kinds.known import KnownCaller
from ivr.kinds.queue import Queue
from ivr.kinds.requests import Hush, Request
from ivr.kinds.ring import Ring
from ivr.kinds.settings import Broken
from ivr.measuring import is_too_long
from ivr.script import Prompt
from telephony import twiml
from telephony.twiml import Gather, Hangup, Pause, Redirect, Say, Verb

#: steps in a row without the caller doing anything, and steps in a call; no call of a checked flow comes near
MOST_HOPS = 100
MOST_STEPS = 1000

#: seconds for which a secret question waits until a recorder has been paused
MOST_HUSHING = 10
HUSHING = "hushing"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the engine is told of the world. `apology` is what ends the call when a flow cannot go on.

    `queues`, and what follows `accepted`, are as in `Turn`. `overheard`: a recorder may hear what the caller presses.
    `now` is when the request came.
    """

    openings: Mapping[str, Opening] = field(default_factory=dict)
    flows: Mapping[str, Document] = field(default_factory=dict)
    queues: Mapping[str, QueueStatus] = field(default_factory=dict)
    accepted: bool = False
    place: Place | None = None
    told: Told = field(default_factory=Told)
    admitted: Literal["", "host", "guest"] = ""
    meeting: bool = False
    caller: str = ""
    own_number: str = ""
    consents: Mapping[str, Consents] = field(default_factory=dict)
    asked: Asked | None = None
    known: KnownCaller | None = None
    now: datetime | None = None
    called: str = ""
    seed: str = ""
    by_sip: bool = False
    drawn: Mapping[str, str] = field(default_factory=dict)
    overheard: bool = False
    announcements: Mapping[str, Prompt] = field(default_factory=dict)
    apology: tuple[Verb, ...] = (Hangup(),)

    def at(self, _step: Step) -> "Facts":
        """Give the facts as they are at a step that is entered: the same, but where they are known by step."""
        return self


@dataclass(frozen=True, slots=True)
class Position:
    """Where a call stands.

    `step` is "" when the walk is over. `pending`: the step is still to be entered. `begun`: a verb was sent.
    """

    flow: str
    step: str
    language: str
    progress: Progress = field(default_factory=Progress)
    variables: Mapping[str, str] = field(default_factory=dict)
    hops: int = 0
    steps: int = 0
    begun: bool = False
    pending: bool = False

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote. Raises Broken."""
        try:
            return cls(**{**data, "progress": Progress(**data["progress"])})
        except (KeyError, TypeError) as error:
            raise Broken("the call's position cannot be read") from error


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to one request: what is sent, what is noted, what is asked of the domain, and where the call stands.

    `document` is the one that `position` belongs to. `ending` is "" while the call goes on. `stays`: the turn is not
    over, and its addresses go on to count. `owners` tell of each verb how many steps had been entered when it was sent.
    """

    position: Position
    document: Document
    verbs: tuple[Verb, ...]
    events: tuple[Event, ...]
    requests: tuple[Request, ...]
    ending: str
    stays: bool = False
    owners: tuple[int, ...] = ()


class Waiting(NamedTuple):
    """The answer to somebody who waits in a queue. It is only true once its requests are carried out."""

    verbs: tuple[Verb, ...]
    position: Position
    events: tuple[Event, ...] = ()
    requests: tuple[Request, ...] = ()


class Screening(NamedTuple):
    """The answer to somebody who was rung. Without verbs the two are connected."""

    verbs: tuple[Verb, ...]
    accepted: bool


def begin(document: Document, *, facts: Facts, urls: Urls) -> Outcome:
    """Answer a new call with the first step of `document`."""
    walk = Walk(document, Position(document.flow, document.first, document.script.default), facts, urls)
    walk.follow(walk.enter(document.first))
    return walk.outcome()


def step(
    document: Document, position: Position, heard: Heard, *, facts: Facts, urls: Urls, here: Urls | None = None
) -> Outcome:
    """Answer a call that stands at `position` of `document` and was heard of again.

    `urls` are those of the next turn, `here` those of the present one.
    """
    walk = Walk(document, position, facts, urls, here)
    current = document.steps.get(position.step)
    if not position.step:
        walk.finish(End("completed", (Hangup(),)))
    elif current is None or position.flow != document.flow:
        walk.follow(walk.give_up("lost", "The call's step is not in the document."))
    elif position.progress.phase == HUSHING:
        walk.follow(walk.hush(current))
    elif position.pending or not current.WAITS:
        walk.follow(current.enter(walk.turn()))
    else:
        # what holds nothing is nothing heard
        heard = Silence() if heard in (Keys(""), Speech("")) else heard
        walk.note(heard, current)
        walk.follow(current.resume(walk.turn(), heard))
    return walk.outcome()


def wait(document: Document, position: Position, heard: Heard, loop: int, *, facts: Facts, urls: Urls) -> Waiting:
    """Answer somebody who waits in a queue: the piece of its list that follows, and the keys that choose a way out.

    Who waits where nobody should is led back to the step. `urls.wait` is the document after this one.
    """
    current = document.steps.get(position.step)
    if not isinstance(current, Queue) or position.flow != document.flow:
        return Waiting((twiml.Leave(),), position)
    heard = Silence() if heard == Keys("") else heard
    noted = tuple(history.heard(heard, current)) if isinstance(heard, Keys) else ()
    match current.wait(Walk(document, position, facts, urls).turn(), heard, loop):
        case Leave(exit_, requests=requests):
            # a key that is told of twice finds the way out chosen already
            progress = replace(position.progress, noted=exit_ or position.progress.noted)
            return Waiting((twiml.Leave(),), replace(position, progress=progress), noted, requests)
        case Wait(verbs, progress):
            # what is played to pass the time would be most of the history
            said = [verb for verb in _prompts(verbs) if isinstance(verb, Say)]
            events = (*noted, *history.sent(said, media=urls.media))
            return Waiting(verbs, replace(position, progress=progress), events)


def screen(document: Document, position: Position, heard: Keys | Silence | None, *, urls: Urls) -> Screening:
    """Answer somebody who was rung and picked up (`heard` is None), then pressed something or nothing."""
    current = document.steps.get(position.step)
    if not isinstance(current, Ring) or position.flow != document.flow:
        return Screening((Hangup(),), accepted=False)
    whisper = document.script.say(current.prompts.get("whisper", ""), position.language, media=urls.media)
    match heard:
        case None if current.screening:
            return Screening((Gather(urls.screen, whisper, timeout=10, num_digits=1), Hangup()), accepted=False)
        case None:
            return Screening(whisper, accepted=False)
        case Keys("1"):
            return Screening((), accepted=True)
        case _:
            return Screening((Hangup(),), accepted=False)


class Walk:
    """One answer in the making."""

    def __init__(
        self, document: Document, position: Position, facts: Facts, urls: Urls, here: Urls | None = None
    ) -> None:
        self.document = document
        self.before = position
        self.facts = facts
        self.urls = urls
        self.here = here or urls
        self.step = position.step
        self.language = position.language
        self.progress = position.progress
        self.variables = position.variables
        self.hops = position.hops
        self.steps = position.steps
        self.pending = False
        self.stays = False
        self.ending = ""
        self.verbs: list[Verb] = []
        self.owners: list[int] = []
        self.events: list[Event] = []
        self.requests: list[Request] = []

    def outcome(self) -> Outcome:
        position = Position(
            flow=self.document.flow,
            step="" if self.ending else self.step,
            language=self.language,
            progress=self.progress,
            variables=self.variables,
            hops=self.hops,
            steps=self.steps,
            begun=self.before.begun or bool(self.verbs),
            pending=self.pending,
        )
        made = (tuple(self.verbs), tuple(self.events), tuple(self.requests))
        return Outcome(position, self.document, *made, self.ending, self.stays, tuple(self.owners))

    def turn(self) -> Turn:
        return Turn(
            progress=self.progress,
            language=self.language,
            first=not (self.before.begun or self.verbs),
            script=self.document.script,
            urls=self.urls,
            here=self.here,
            openings=self.facts.openings,
            accepted=self.facts.accepted,
            caller=self.facts.caller,
            own_number=self.facts.own_number,
            queues=self.facts.queues,
            place=self.facts.place,
            told=self.facts.told,
            admitted=self.facts.admitted,
            meeting=self.facts.meeting,
            consents=self.facts.consents,
            variables=dict.fromkeys(self.document.variables, "") | dict(self.variables),
            asked=self.facts.asked,
            known=self.facts.known,
            now=self.facts.now,
            called=self.facts.called,
            seed=self.facts.seed,
            by_sip=self.facts.by_sip,
            drawn=self.facts.drawn,
            announcements=self.facts.announcements,
        )

    def enter(self, step: str) -> Move:
        entered = self.document.steps.get(step)
        if entered is None:
            return self.give_up("dead end", "There is no step to go on with.")
        self.hops += 1
        self.steps += 1
        if self.hops > MOST_HOPS or self.steps > MOST_STEPS:
            return self.give_up("too many steps", f"{self.hops} steps without the caller, {self.steps} in all.")
        self.step = step
        self.progress = Progress()
        self.facts = self.facts.at(entered)
        self.events.append(
            ("entered", {"step": step, "name": entered.name, "kind": entered.KIND, "flow": self.document.flow})
        )
        if entered.hides_input:
            self.requests.append(Hush())
            return self.hush(entered)
        return entered.enter(self.turn())

    def hush(self, entered: Step) -> Move:
        """Hold a secret question back until nothing records any more, for so long as a caller can be kept waiting."""
        waited = self.progress.index
        if self.facts.overheard and waited < MOST_HUSHING:
            return Wait((Pause(1), Redirect(self.urls.resume)), Progress(phase=HUSHING, index=waited + 1))
        if self.facts.overheard:
            self.events.append(
                ("failed", {"what": "A recording could not be paused", "detail": f"step “{entered.name}” is secret"})
            )
        self.progress = Progress()
        return entered.enter(self.turn())

    def follow(self, move: Move) -> None:
        """Make moves until the call waits or ends."""
        while True:
            match move:
                case Leave() | Wait() | End() if self.is_full(move.verbs):
                    self.verbs.append(Redirect(self.urls.resume))
                    self.owners.append(self.steps)
                    self.pending = True
                    return
                case Leave():
                    move = self.leave(move)
                case GoTo(flow, step):
                    move = self.go_to(flow, step)
                case Wait(verbs, progress, requests, events):
                    self.send(verbs)
                    self.events += [(kind, dict(data)) for kind, data in events]
                    self.requests += requests
                    self.progress = progress
                    return
                case Stay(verbs, progress):
                    self.send(verbs)
                    self.progress = progress
                    self.stays = True
                    return
                case End():
                    self.finish(move)
                    return

    def leave(self, move: Leave) -> Move:
        left = self.document.steps[self.step]
        self.send(move.verbs)
        self.requests += move.requests
        self.language = move.language or self.language
        if move.variables:
            self.variables = {**self.variables, **dict(move.variables)}
        self.events += [(kind, dict(data)) for kind, data in move.events]
        self.events.append(("left", {"step": self.step, "exit": move.exit}))
        if left.hides_input:
            self.requests.append(Hush(over=True))
        if move.over:
            return End("caller hung up", (Hangup(),))
        if left.is_by_caller(move.exit):
            self.hops = 0
        return self.enter(left.exits.get(move.exit, ""))

    def go_to(self, flow: str, step: str = "") -> Move:
        document = self.facts.flows.get(flow)
        if step:
            self.hops = 0  # somebody has sent the caller there
            if flow == self.document.flow and step in self.document.steps:
                return self.enter(step)
        if document is not None:
            self.document = document
            if self.language not in document.script.languages:
                self.language = document.script.default
            return self.enter(step if step in document.steps else document.first)
        if "unavailable" in self.document.steps[self.step].exits:
            return Leave("unavailable")
        return self.give_up("flow is not published", f"Flow {flow} has no published version.")

    def give_up(self, what: str, detail: str) -> End:
        self.events.append(("failed", {"what": what, "detail": detail}))
        return End("failed", self.facts.apology)

    def finish(self, end: End) -> None:
        self.send(end.verbs)
        self.ending = end.reason
        self.events.append(("ended", {"reason": end.reason}))

    def is_full(self, verbs: tuple[Verb, ...]) -> bool:
        """Whether an answer that already says something has no room left for `verbs`."""
        if not self.verbs or not verbs:
            return False
        return is_too_long((*self.verbs, *verbs))

    def send(self, verbs: tuple[Verb, ...]) -> None:
        self.verbs += verbs
        self.owners += [self.steps] * len(verbs)
        self.events += history.sent(verbs, media=self.urls.media)

    def note(self, heard: Heard, current: Step) -> None:
        if current.LISTENS or not isinstance(heard, Silence):
            self.events += history.heard(heard, current)


def _prompts(verbs: tuple[Verb, ...]) -> Iterator[Verb]:
    for verb in verbs:
        yield from verb.prompts if isinstance(verb, Gather) else (verb,)
