"""What every kind of step is made of: what it hears, what it knows when it answers, and how it says what comes next."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cache
from typing import ClassVar, Literal, NamedTuple, Self, TypeAlias

from ivr.hours.opening import Opening
from ivr.kinds.known import KnownCaller
from ivr.kinds.reading import read_list, read_text, read_texts
from ivr.kinds.requests import Notice, Request
from ivr.kinds.sent import Referred, Unreached
from ivr.kinds.settings import Broken, Setting
from ivr.kinds.wait_items import WaitItem, wait_item
from ivr.script import Prompt, Script
from telephony.twiml import Prompting, Verb


@dataclass(frozen=True, slots=True)
class Keys:
    digits: str
    finished_on: str = ""


@dataclass(frozen=True, slots=True)
class Speech:
    """`confidence` is None where Twilio did not tell it."""

    text: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """A request that brings nothing: the caller was silent, or the verb before it is over without a result."""


@dataclass(frozen=True, slots=True)
class Dialed:
    """Ringing is over. `bridged` is None where Twilio did not tell."""

    status: str
    bridged: bool | None = None
    sid: str = ""
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    sid: str
    seconds: int
    hung_up: bool = False


@dataclass(frozen=True, slots=True)
class Queued:
    """Waiting is over; `result` is Twilio's word for how."""

    result: str


Heard: TypeAlias = Keys | Speech | Silence | Dialed | Recorded | Queued | Referred | Unreached


@dataclass(frozen=True, slots=True)
class QueueStatus:
    """A queue as a caller meets it."""

    staffed: bool
    full: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a call stands in the line that it joined last.

    `state` is one of `queues.states`, `waited` in seconds, `destination` where an agent has sent the caller on to.
    """

    state: str
    queue: str = ""
    waited: float = 0.0
    destination: str = ""


@dataclass(frozen=True, slots=True)
class Consents:
    """What a caller is still to hear about recording, and whether they have said no before."""

    owed: tuple[Notice, ...] = ()
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a source of the owner was asked in this step: its answer, once there is one, and whether its time is up."""

    answer: Mapping[str, str] | None = None
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody who waits may be told now: the place in line, and a band of minutes. None is not to be said."""

    position: int | None = None
    minutes: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the call is within its step. What `phase` and `index` mean is the step's own affair.

    `noted` is what the next request must know: the way out chosen while waiting, or what became of a request.
    """

    phase: str = ""
    silences: int = 0
    mistakes: int = 0
    index: int = 0
    noted: str = ""


@dataclass(frozen=True, slots=True)
class Urls:
    """Where Twilio is to go: absolute addresses, except that `media` is a prefix for the hash of a sound.

    `wait` is the next document of somebody who waits in a queue, `music` the house's own.
    """

    resume: str
    wait: str
    music: str
    screen: str
    media: str
    child_status: str
    recording: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What a step may know when it answers. `first`: no verb was sent on this call yet.

    `here` are the addresses of the present turn, for a step that answers once more in place of going on. `admitted` is
    as what the pressed PIN lets somebody into a room; `meeting`: the room that the call was in is still open.
    `consents` are by what a step asks for, `variables` by their names, `announcements` by the keys that facts name.
    `now` is None where nobody tells the time; `called` is our end, as Twilio wrote it. `seed` is the same for all of a
    call; `drawn` are the ways that were drawn for it already, by step.
    """

    progress: Progress
    language: str
    first: bool
    script: Script
    urls: Urls
    here: Urls
    openings: Mapping[str, Opening]
    accepted: bool
    caller: str
    own_number: str
    queues: Mapping[str, QueueStatus]
    place: Place | None
    told: Told
    admitted: Literal["", "host", "guest"]
    meeting: bool
    consents: Mapping[str, Consents]
    variables: Mapping[str, str]
    asked: Asked | None
    known: KnownCaller | None
    announcements: Mapping[str, Prompt] = field(default_factory=dict)
    now: datetime | None = None
    called: str = ""
    seed: str = ""
    by_sip: bool = False
    drawn: Mapping[str, str] = field(default_factory=dict)

    def say(self, prompt: str | None, language: str = "") -> tuple[Prompting, ...]:
        if not prompt:
            return ()
        return self.script.say(prompt, language or self.language, media=self.urls.media, words=self.variables)


@dataclass(frozen=True, slots=True)
class Wait:
    """Send the verbs; the call stays in this step until it is heard of again. The last verb leads to `urls.resume`."""

    verbs: tuple[Verb, ...]
    progress: Progress = field(default_factory=Progress)
    requests: tuple[Request, ...] = ()
    events: tuple[tuple[str, Mapping[str, object]], ...] = ()


@dataclass(frozen=True, slots=True)
class Stay:
    """Answer again, and keep the turn: where the call goes on next was told to others and must not change."""

    verbs: tuple[Verb, ...]
    progress: Progress


@dataclass(frozen=True, slots=True)
class Leave:
    """Go on by an exit, after the verbs; `events` are told to the history of the call.

    `over`: the caller has hung up, nobody would hear the next step.
    """

    exit: str
    verbs: tuple[Verb, ...] = ()
    language: str = ""
    variables: tuple[tuple[str, str], ...] = ()
    requests: tuple[Request, ...] = ()
    events: tuple[tuple[str, Mapping[str, object]], ...] = ()
    over: bool = False


@dataclass(frozen=True, slots=True)
class GoTo:
    """Go on with the first step of another flow, or with the one that is named, if the flow has it."""

    flow: str
    step: str = ""


@dataclass(frozen=True, slots=True)
class End:
    """The call is over after the verbs."""

    reason: str
    verbs: tuple[Verb, ...]


Move: TypeAlias = Wait | Stay | Leave | GoTo | End


class ExitName(NamedTuple):
    """A way out that a kind always has. `by_caller`: it is taken only because somebody did something."""

    name: str
    label: str
    by_caller: bool = False
    required: bool = True


class Role(NamedTuple):
    """What a prompt is for. Required unless told otherwise."""

    name: str
    label: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Option:
    """A way out that the caller chooses: by key, by word, or by either."""

    exit: str
    keys: str = ""
    words: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a document, as a sentence for a person. Errors stop publishing, warnings do not."""

    code: str
    severity: Literal["error", "warning"]
    step: str
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a document. A kind is a subclass that adds settings (`kinds.settings`) and says how it moves.

    `reference` is the id of the schedule, mailbox, flow, queue, room or source that the kind TAKES.
    """

    id: str
    name: str
    exits: Mapping[str, str]
    prompts: Mapping[str, str]
    options: tuple[Option, ...] = ()
    reference: str = ""
    wait_items: tuple[WaitItem, ...] = ()

    KIND: ClassVar[str]
    LABEL: ClassVar[str]
    EXITS: ClassVar[tuple[ExitName, ...]] = ()
    PROMPTS: ClassVar[tuple[Role, ...]] = ()
    HAS_OPTIONS: ClassVar[bool] = False
    TAKES: ClassVar[Literal["", "schedule", "mailbox", "to_flow", "queue", "room", "source"]] = ""
    TAKES_REQUIRED: ClassVar[bool] = True
    #: whether callers wait in it, and hear its list of items meanwhile
    HAS_WAIT: ClassVar[bool] = False
    #: whether it sends a verb, after which a call cannot be rejected any more
    SPEAKS: ClassVar[bool] = True
    #: whether the call stays here until it is heard of again
    WAITS: ClassVar[bool] = False
    #: whether a silence in it is the caller's, and not that of somebody who is to wait
    LISTENS: ClassVar[bool] = True
    #: whether the call may end here
    ENDS: ClassVar[bool] = False
    IS_RAW: ClassVar[bool] = False  # holds TwiML that somebody has written, for which one needs a permission

    @property
    def consents(self) -> str:
        """Name what callers are asked about recording here: the key of `Turn.consents`; "" for nothing."""
        return ""

    @property
    def asks_who_calls(self) -> bool:
        """Whether it has to be known which contact calls."""
        return False

    @property
    def hides_input(self) -> bool:
        """Whether what the caller presses or says here must be kept nowhere."""
        return False

    def enter(self, turn: Turn) -> Move:
        """Answer a call that comes to this step."""
        raise NotImplementedError

    def resume(self, turn: Turn, heard: Heard) -> Move:
        """Answer a call that stands in this step, if it WAITS: to anything heard, awaited or not."""
        raise NotImplementedError

    def problems(self) -> Iterator[Problem]:
        """Find what is wrong with the step's own settings and options; `ivr.problems` finds the rest."""
        yield from ()

    def brings(self) -> Iterator[str]:
        """Give the names under which the step may keep something of the call."""
        yield from ()

    def reads(self) -> Iterator[str]:
        """Give the names of what was kept of the call before that the step needs, besides those in its prompts."""
        yield from ()

    def in_words(self, option: Option) -> str:
        """Tell what takes the way of an option."""
        keys = f"key {option.keys}" if option.keys else ""
        words = "“" + "”, “".join(option.words) + "”" if option.words else ""
        return " or ".join(filter(None, (keys, words)))

    def say(self, turn: Turn, role: str) -> tuple[Prompting, ...]:
        return turn.say(self.prompts.get(role))

    def said(self) -> Iterator[str]:
        """Give the ids of all prompts that the step may say."""
        yield from self.prompts.values()
        yield from (item.prompt for item in self.wait_items if item.prompt)

    def exit_names(self) -> Iterator[ExitName]:
        """All ways out: those that the kind always has, then one for each option."""
        yield from self.EXITS
        for option in self.options:
            yield ExitName(option.exit, option.exit, by_caller=True)

    def is_by_caller(self, exit: str) -> bool:  # noqa: A002 (the word of this domain)
        """Whether an exit is taken only because somebody did something; an option always is."""
        return next((row.by_caller for row in self.exit_names() if row.name == exit), True)

    def error(self, code: str, text: str) -> Problem:
        return Problem(code, "error", self.id, text)

    def warning(self, code: str, text: str) -> Problem:
        return Problem(code, "warning", self.id, text)

    @classmethod
    @cache
    def settings(cls) -> Mapping[str, Setting]:
        """The kind's settings by name, in the order in which a form shows them."""
        return {row.name: row.metadata["setting"] for row in fields(cls) if "setting" in row.metadata}

    @classmethod
    def parse(cls, id: str, data: Mapping[str, object]) -> Self:  # noqa: A002 (the field's name)
        """Read a step of a document's JSON. Raises Broken."""
        unknown = data.keys() - _KEYS - {cls.TAKES, "wait" if cls.HAS_WAIT else ""}
        if unknown:
            raise Broken(f"{sorted(unknown)[0]!r} does not belong to a step of the kind {cls.LABEL}")
        return cls(
            id=id,
            name=read_text(data, "name"),
            exits=read_texts(data, "exits"),
            prompts=read_texts(data, "prompts"),
            options=tuple(map(_option, read_list(data, "options"))),
            reference=read_text(data, cls.TAKES) if cls.TAKES in data else "",
            wait_items=tuple(map(wait_item, read_list(data, "wait"))),
            **cls._read_settings(data.get("settings", {})),
        )

    @classmethod
    def _read_settings(cls, given: object) -> dict[str, object]:
        if not isinstance(given, dict):
            raise Broken("the settings must be an object")
        known = cls.settings()
        for name in given:
            if name not in known:
                raise Broken(f"there is no setting {name!r} in a step of the kind {cls.LABEL}")
        return {name: known[name].read(value) for name, value in given.items()}


_KEYS = frozenset({"kind", "name", "settings", "exits", "prompts", "options"})


def _option(data: object) -> Option:
    if not isinstance(data, dict) or data.keys() - {"exit", "keys", "words", "language"} or not data.get("exit"):
        raise Broken("an option has an exit, keys, words and a language")
    words = read_list(data, "words")
    if not all(isinstance(word, str) for word in words):
        raise Broken("an option's words must be texts")
    spoken = tuple(word.strip() for word in words if isinstance(word, str) and word.strip())
    return Option(read_text(data, "exit"), read_text(data, "keys"), spoken, read_text(data, "language"))
