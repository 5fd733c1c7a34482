"""One recorded visit walked through a draft by the engine of live calls: what was heard then is heard again. Pure.

What the draft asks is answered by what was recorded in the same step. Where nothing was, nothing is guessed.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import NamedTuple

from ivr import engine
from ivr.document import Document
from ivr.engine import Facts, Outcome, Position, Walk
from ivr.hours.opening import Opening
from ivr.kinds.base import Consents, Heard, Leave, QueueStatus, Step, Urls
from ivr.kinds.branch import Branch
from ivr.kinds.caller import CALLER_NAME, Caller
from ivr.kinds.consent import Consent
from ivr.kinds.hours import Hours
from ivr.kinds.known import KnownCaller
from ivr.kinds.queue import Queue
from ivr.kinds.send_away import SendAway
from ivr.kinds.share import Share
from ivr.replay import known
from ivr.replay.ends import End, Kind, Met, end_of
from ivr.replay.recording import BEGINNING, Recorded, Stay, Visit, saying
from ivr.replay.unknown import CannotKnow, Unknown, Why
from telephony import numbers

#: nobody goes to these addresses
URLS = Urls(*("replay:" + name for name in ("resume", "wait", "music", "screen", "", "status", "recording")))
HAPPENED = frozenset({"pressed", "spoke", "silent", "dialed"})
#: kinds of which a call reaches not the step, but what it refers to
REFERRING = frozenset({"queue", "voicemail", "conference_room", "call_back"})


@dataclass(frozen=True, slots=True)
class World:
    """What a replay needs besides recordings.

    `flows` are what callers meet in each flow, the draft in its own. `opening` tells how a schedule stood at a moment,
    None for one that is gone; `was` gives what was published then: of a flow, by number or else by the moment.
    `longest` are the seconds after which queues send callers on. `asks`: some policy asks callers about recording.
    """

    draft: Document
    flows: Mapping[str, Document]
    opening: Callable[[str, float], Opening | None]
    was: Callable[[str, int | None, float], Document | None]
    longest: Mapping[str, int | None] = field(default_factory=dict)
    asks: bool = False


class Consulted(NamedTuple):
    """A schedule that was asked how it stood when an entry of the history was written, and what it said."""

    schedule: str
    place: int
    opening: Opening | None


class Over(Exception):
    """The walk is over: there is no more to know, or no more is needed. `open`: what follows is not known."""

    def __init__(self, end: End, *, open: bool = False) -> None:  # noqa: A002 (the word for it)
        super().__init__(end.key)
        self.end, self.open = end, open


@dataclass(frozen=True, slots=True)
class Walked:
    """Where a visit would come to; `unknown` in place of `end` where the recording does not tell.

    `consulted` are the schedules that were asked. `timed`: it depends on more that the text of the visit does not tell,
    such as the moment of the call.
    """

    path: list[Met]
    end: End | None
    unknown: Unknown | None = None
    open: bool = False
    timed: bool = False
    consulted: tuple[Consulted, ...] = ()


@dataclass(frozen=True, slots=True)
class _AsRecorded(Facts):
    """Facts that are those of a recording, step by step."""

    ask: Callable[[Step], Facts] | None = None

    def at(self, step: Step) -> Facts:
        return self.ask(step) if self.ask else self


class Replay:
    """The walk of one visit."""

    def __init__(self, visit: Visit, recorded: Recorded, world: World, *, tells: bool = False) -> None:
        self.visit = visit
        self.recorded = recorded
        self.world = world
        self.tells = tells
        self.path: list[Met] = []
        self.at = visit.began
        self.place: int | None = BEGINNING
        self.timed = False
        self.consulted: list[Consulted] = []
        self.unsure: set[str] = set()
        self.rest: dict[str, deque[Stay]] = {}
        self.asked: deque[tuple[Stay | None, CannotKnow | Over | None]] = deque()
        self.stay: Stay | None = None
        self.index = 0
        self.said: list[str] = []
        self.base = _AsRecorded(
            flows=world.flows, caller=visit.caller, own_number=visit.called, apology=(), ask=self._at_step
        )

    def begin(self) -> Outcome:
        """Bring the call to the first step of the draft, as it came there: new, or from another flow."""
        flow, stays = self.world.draft.flow, self.recorded.stays
        first = next((place for place, stay in enumerate(stays) if stay.flow == flow), None)
        if first is None:
            raise CannotKnow(Why.ERASED)
        for stay in stays[first:]:
            self.rest.setdefault(stay.step, deque()).append(stay)
        if first == 0:
            return engine.begin(self.world.draft, facts=self.base, urls=URLS)
        self.path += was_path(self.recorded, self.world, until=first)
        self.come_to(stays[first].entered, stays[first].place)
        # what was kept of the call in the flows before is not known here
        self.unsure |= {name for step in self.world.draft.steps.values() for name in step.reads()}
        return self._enter(stays[first])

    def _enter(self, came: Stay) -> Outcome:
        """Let the call come from another flow to the step to which somebody has sent it, else to the first."""
        draft, was = self.world.draft, self.published(came)
        language = next((said.split("\t")[1] for stay in self.recorded.stays for said in stay.said if "\t" in said), "")
        if language not in draft.script.languages:
            language = draft.script.default
        sent = was is not None and was.first != came.step and came.step in draft.steps
        walk = Walk(draft, Position(draft.flow, "", language, begun=True), self.base, URLS)
        walk.follow(walk.enter(came.step if sent else draft.first))
        return walk.outcome()

    def step(self, outcome: Outcome, heard: Heard, *, position: Position | None = None, **facts: object) -> Outcome:
        """Let the engine answer what is heard next."""
        told = replace(self.base, **facts) if facts else self.base  # type: ignore[arg-type]  # names of fields
        return engine.step(outcome.document, position or outcome.position, heard, facts=told, urls=URLS)

    def leave(self, outcome: Outcome, move: Leave) -> Outcome:
        """Let the call leave its step by the exit that is known to be taken."""
        walk = Walk(outcome.document, outcome.position, self.base, URLS)
        walk.follow(move)
        return walk.outcome()

    def come_to(self, at: float, place: int | None = None) -> None:
        """Let time go on to a moment: that of an entry, if it has a place there."""
        self.at, self.place = at, place

    def take_in(self, outcome: Outcome) -> None:
        """Keep what an answer of the engine means. Raises CannotKnow, and Over, at a step that can have no answer."""
        self.said = []
        for kind, data in outcome.events:
            match kind:
                case "entered":
                    stay, stop = self.asked.popleft()
                    step = self._steps_of(data["flow"])[data["step"]]
                    self.path.append(Met(step.id, step.KIND, step.name, data["flow"], step.reference))
                    self.stay, self.index = stay, 0
                    if isinstance(stop, Over):
                        raise self.reach()
                    if stop is not None:
                        raise stop
                case "left":
                    self.path[-1].exit = data["exit"]
                case "heard":
                    self.said.append(saying(data))
                    if self.tells:
                        self.path[-1].heard.append(self.said[-1])
                case _ if self.tells and kind in HAPPENED:
                    self.path[-1].did.append((kind, data))
        self.asked.clear()

    def hung_up(self, stay: Stay) -> bool:
        """Whether the caller hung up in this stay."""
        return not stay.exit and self.recorded.gave_up and stay is self.recorded.stays[-1]

    def give_up(self, step: Step, stay: Stay) -> Exception:
        """Tell of a caller who does no more in this step: they hung up then, and do so again if they hear the same."""
        if not self.hung_up(stay):
            return CannotKnow(Why.ASKED_AGAIN if stay.exit else Why.OUTCOME, step.id, step.name)
        if self.said != self.recorded.last_said:
            return CannotKnow(Why.OTHER_WORDS, step.id, step.name)
        return self.reach()

    def reach(self, *, joined: bool = False, open: bool = False) -> Over:  # noqa: A002
        """Tell that the call has come where it stays."""
        self.path[-1].joined = self.path[-1].joined or joined
        return Over(end_of(self.path, gave_up=True), open=open)

    def published(self, stay: Stay) -> Document | None:
        """Give the version in which a call met a step."""
        begun_in = self.recorded.stays[0].flow
        return self.world.was(stay.flow, self.recorded.version if stay.flow == begun_in else None, stay.entered)

    def was(self, stay: Stay | None) -> Step | None:
        """Give the step as it was then."""
        document = self.published(stay) if stay else None
        return document.steps.get(stay.step) if document and stay else None

    def same(self, step: Step, stay: Stay | None, *names: str) -> Step | None:
        """Give the step as it was, if it took the same and had these settings."""
        was = self.was(stay)
        if was is None or was.KIND != step.KIND or was.reference != step.reference:
            return None
        return was if all(getattr(was, name) == getattr(step, name) for name in names) else None

    def _steps_of(self, flow: str) -> Mapping[str, Step]:
        return (self.world.draft if flow == self.world.draft.flow else self.world.flows[flow]).steps

    def _at_step(self, step: Step) -> Facts:
        """Give the facts at a step that is entered: those that were recorded there."""
        stay = self._stay_in(step)
        stop: CannotKnow | Over | None = None
        facts: Facts = self.base
        try:
            facts = self._facts(step, stay)
        except (CannotKnow, Over) as found:
            stop = found
        if step.KIND in ("collect", "set"):
            self.unsure -= set(step.brings())
        self.asked.append((stay, stop))
        return facts

    def _stay_in(self, step: Step) -> Stay | None:
        stays = self.rest.get(step.id)
        if stays and stays[0].kind == step.KIND:
            return stays.popleft()
        if isinstance(step, Queue | Caller):  # the same question, whichever step asks it
            return next((stay for stay in self._others(step) if self.same(step, stay)), None)
        return None

    def _others(self, step: Step) -> list[Stay]:
        return [stay for stays in self.rest.values() for stay in stays if stay.kind == step.KIND]

    def _facts(self, step: Step, stay: Stay | None) -> Facts:
        unknown = CannotKnow(Why.VALUE, step.id, step.name)
        if any(name in self.unsure for name in step.reads()):
            raise unknown
        match step:
            case Hours():
                return replace(self.base, openings=self._openings(step, stay))
            case Caller():
                return replace(self.base, known=self._known(step, stay))
            case Queue():
                return replace(self.base, queues={step.reference: self._status(step, stay)})
            case Consent():
                return replace(self.base, consents={step.consents: self._consents(step, stay)})
            case Branch() | Share():
                self.timed = True
                now = datetime.fromtimestamp(self.at, UTC)
                return replace(self.base, now=now, called=self.visit.called, seed=self.visit.seed)
            case SendAway(to="sip"):
                if stay is None and not self.visit.caller.startswith(("sip:", "sips:")):
                    raise CannotKnow(Why.BY_SIP, step.id, step.name)
                return replace(self.base, by_sip=True)
            case _:
                return self.base

    def _openings(self, step: Hours, stay: Stay | None) -> dict[str, Opening]:
        if stay and stay.exit in ("open", "closed", "holiday") and self.same(step, stay):
            return {step.reference: Opening(stay.exit)}  # type: ignore[arg-type]  # one of these
        opening = self.world.opening(step.reference, self.at)
        if self.place is None:
            self.timed = True
        else:
            self.consulted.append(Consulted(step.reference, self.place, opening))
        return {step.reference: opening} if opening else {}

    def _known(self, step: Caller, stay: Stay | None) -> KnownCaller | None:
        if not numbers.is_e164(self.visit.caller) or numbers.is_withheld(self.visit.caller):
            return None
        if stay is None or not stay.exit:
            raise CannotKnow(Why.WHO_CALLS, step.id, step.name)
        found = known.known(step, stay, self.was(stay))
        if found is not None:
            self.unsure |= {CALLER_NAME, *step.keep}
        return found

    def _status(self, step: Queue, stay: Stay | None) -> QueueStatus:
        was = self.same(step, stay)
        if stay is None or not isinstance(was, Queue):
            return QueueStatus(staffed=True)
        if not stay.queued:
            return QueueStatus(staffed=stay.exit != "unstaffed", full=stay.exit == "full")
        if was.unstaffed == "never" and step.unstaffed != "never" and not stay.talked:
            raise CannotKnow(Why.STAFFED, step.id, step.name)
        return QueueStatus(staffed=True)

    def _consents(self, step: Consent, stay: Stay | None) -> Consents:
        if stay is not None and self.same(step, stay):
            if stay.exit:
                return Consents(refused=stay.exit == "refused")
            if self.hung_up(stay):
                raise Over(End(Kind.HUNG_UP, step.id, step.name))
        if self.world.asks:
            raise CannotKnow(Why.CONSENT, step.id, step.name)
        return Consents()


def was_path(recorded: Recorded, world: World, *, until: int | None = None) -> list[Met]:
    """Give the steps that a call met, as they were then. Raises CannotKnow where a version cannot be read any more."""
    path = []
    for stay in recorded.stays[:until]:
        number = recorded.version if stay.flow == recorded.stays[0].flow else None
        document = world.was(stay.flow, number, stay.entered)
        step = document.steps.get(stay.step) if document else None
        if step is None and stay.kind in REFERRING:
            raise CannotKnow(Why.VERSION, stay.step, stay.name)
        came = stay.queued or (stay.joined and stay.kind == "conference_room")
        path.append(
            Met(stay.step, stay.kind, stay.name, stay.flow, step.reference if step else "", stay.exit, joined=came)
        )
    return path
