"""One leg of a call: who is on it, what state it is in, what was heard and said on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Literal, Protocol

from simulator.numbers import Number
from simulator.process import Inbox, Process
from simulator.sounds import Sound
from simulator.webhooks import Cookies

Status = Literal["queued", "ringing", "in-progress", "completed", "busy", "failed", "no-answer", "canceled"]
Direction = Literal["inbound", "outbound-api", "outbound-dial"]
HeardKind = Literal["say", "play", "ring", "beep", "silence", "note", "person"]
Event = Literal["initiated", "ringing", "answered", "completed"]
Decision = Literal["answer", "decline", "busy", "failed", "no-answer"]
Withdrawal = Literal["hung up", "updated"]

LIVE: frozenset[Status] = frozenset({"queued", "ringing", "in-progress"})

CHARACTERS_PER_SECOND = 15.0


def speaking_seconds(text: str) -> float:
    """Return how long Twilio's voice takes for a text: an estimate that is the same on every machine."""
    return max(0.2, len(text) / CHARACTERS_PER_SECOND)


def rfc2822(moment: datetime) -> str:
    """Return a moment as Twilio writes it in voice webhooks and in the 2010 API."""
    return format_datetime(moment)


@dataclass(slots=True)
class Heard:
    """Something that the person on a leg heard; `cut` when a key or a voice stopped it early."""

    at: datetime
    kind: HeardKind
    text: str
    language: str = ""
    voice: str = ""
    url: str = ""
    cut: bool = False
    sound: Sound | None = None
    """How it sounds, where a recording could tell."""

    def as_json(self) -> dict[str, Any]:
        """Return it for the page."""
        return {
            "at": self.at.isoformat(),
            "kind": self.kind,
            "text": self.text,
            "language": self.language,
            "voice": self.voice,
            "url": self.url,
            "cut": self.cut,
        }


@dataclass(frozen=True, slots=True)
class Utterance:
    """What the person on a leg says: PCM16 at 8 kHz from a moment on."""

    at: datetime
    pcm: bytes

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.pcm) / 16_000

    def sound(self, since: datetime | None = None) -> Sound:
        """Return it as something that is heard, from the begin on or from later."""
        return Sound(self.at, lambda: self.pcm, self.seconds, since)


@dataclass(frozen=True, slots=True)
class Key:
    """A key was pressed."""

    digit: str


@dataclass(frozen=True, slots=True)
class Speech:
    """Somebody began to speak: what recognition will make of it, and until when it lasts."""

    text: str
    confidence: float
    until: datetime


@dataclass(frozen=True, slots=True)
class Source:
    """Where a leg's next document comes from: a URL with the fields for it, or the text itself."""

    url: str = ""
    method: str = "POST"
    fields: Mapping[str, str] = field(default_factory=dict)
    twiml: str = ""
    is_fallback: bool = False


@dataclass(frozen=True, slots=True)
class Callback:
    """Whom to tell about events, and about which."""

    url: str = ""
    method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})

    def wants(self, event: str) -> bool:
        """Return whether this event is to be told."""
        return bool(self.url) and event in self.events


NO_CALLBACK = Callback()


class Hears(Protocol):
    """A recording of a place, as far as those who speak there need it."""

    sid: str
    heard: list[Sound]


class Place(Protocol):
    """Where a leg can be with others: the account's conferences, or its queues."""

    def leave(self, leg: "Leg", why: Withdrawal, /) -> None:
        """Take out a leg that has ended, or that got another document."""
        ...

    def listeners(self, leg: "Leg", /) -> list["Leg"]:
        """Return the legs that hear this one."""
        ...

    def said(self, leg: "Leg", utterance: Utterance, /) -> None:
        """Take notice of what is said there."""
        ...

    def recording_of(self, leg: "Leg", /) -> Hears | None:
        """Return the recording of the place that hears this leg now, if there is one."""
        ...


@dataclass(slots=True, eq=False)
class Leg:
    """One leg. Fields change only through the switchboard."""

    sid: str
    from_: str
    to: str
    direction: Direction
    created: datetime
    parent: "Leg | None" = None
    phone: str = ""
    """The address of the person on it; empty when the other end is one of our own numbers."""
    number: Number | None = None
    status: Status = "queued"
    updated: datetime | None = None
    started: datetime | None = None
    answered: datetime | None = None
    ended: datetime | None = None
    fallback: Source | None = None
    callback: Callback = NO_CALLBACK
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Fields of this leg alone: what a calling client or SIP phone sends along."""
    shown: dict[str, str] = field(default_factory=dict)
    """What the called device gets with the call: a client's parameters, SIP headers."""
    sequence: int = 0
    queue_ms: int = 0
    sip_code: int | None = None
    cookies: Cookies = field(default_factory=Cookies)
    heard: list[Heard] = field(default_factory=list)
    said: list[Utterance] = field(default_factory=list)
    played: list[Sound] = field(default_factory=list)
    """What is heard on it, voices of others too; what no recording needs any more is dropped."""
    playing: Sound | None = None
    """What its document plays, or played last."""
    doing: str = ""
    process: Process | None = None
    inbox: Inbox | None = None
    """Where keys and speech go while a verb listens."""
    listens_for: frozenset[type] = frozenset()
    decision: Inbox | None = None
    """Where the answer of a ringing phone goes."""
    rings_at: frozenset[str] = frozenset()
    """The browser phones that it rings at."""
    device: str = ""
    """The browser phone that took it."""
    watcher: Inbox | None = None
    """The Dial that waits for this leg."""
    bridged: "Leg | None" = None
    far: "Leg | None" = None
    """The other leg of a call between two of the account's own addresses."""
    place: Place | None = None
    """The conference or queue that it is in."""
    audience: Callable[[], list["Leg"]] | None = None
    """Who hears the same; only a shadow has one."""
    whispering: bool = False
    rings_through: bool = False
    """An answerOnBridge Dial ran: the end of the document does not answer the call."""
    recording_fields: dict[str, str] = field(default_factory=dict)
    answered_by: str = ""
    """Who answered, as far as answering machine detection has found out."""
    beeped: datetime | None = None
    """When the machine at its other end began to record."""
    price: str | None = None
    """What it cost; None until that is known."""

    @property
    def signs_port(self) -> bool:
        """Whether the port of an HTTPS address is signed; of a call it is not."""
        return False

    @property
    def live(self) -> bool:
        """Whether the leg has not ended."""
        return self.status in LIVE

    @property
    def heard_text(self) -> str:
        """Everything heard as one text, a line for each thing."""
        return "\n".join(heard.text for heard in self.heard if heard.text)

    @property
    def voicemail(self) -> list[str]:
        """What a machine has recorded: whatever was begun after its beep, none of what was cut into by it."""
        if self.beeped is None:
            return []
        kept = ("say", "play", "person")
        return [heard.text for heard in self.heard if heard.kind in kept and heard.at >= self.beeped]

    @property
    def duration(self) -> int:
        """Seconds from the answer to the end; 0 while there is neither."""
        if self.answered is None or self.ended is None:
            return 0
        return round((self.ended - self.answered).total_seconds())

    @property
    def can(self) -> list[str]:
        """What the person on it can do now."""
        if not self.phone or not self.live:
            return []
        if self.direction != "inbound" and self.status != "in-progress":
            return ["answer", "decline"] if self.decision is not None else []
        return ["press", "speak", "hang_up"] if self.status == "in-progress" else ["hang_up"]

    @property
    def listeners(self) -> list["Leg"]:
        """The legs that hear the person on this one."""
        if self.bridged is not None:
            return [self.bridged]
        return self.place.listeners(self) if self.place is not None else []

    @property
    def overhearers(self) -> list["Leg"]:
        """The legs that hear what a document plays on this one: over two own numbers, whoever is at the other end."""
        if self.audience is not None:
            return self.audience()
        return self.far.listeners if self.far is not None and self.direction == "inbound" else []

    def withdraw(self, why: Withdrawal) -> None:
        """Leave the conference or queue that it is in."""
        place, self.place = self.place, None
        if place is not None:
            place.leave(self, why)

    def shadow(self, audience: Callable[[], list["Leg"]] | None = None) -> "Leg":
        """Return a double that runs a document beside the leg's own: what it hears, the leg hears, or the audience."""
        return Leg(
            sid=self.sid,
            from_=self.from_,
            to=self.to,
            direction=self.direction,
            created=self.created,
            parent=self.parent,
            status="in-progress",
            answered=self.answered,
            parameters=self.parameters,
            cookies=self.cookies,
            heard=self.heard if audience is None else [],
            played=self.played if audience is None else [],
            far=self.far if self.direction != "inbound" else None,
            audience=audience,
        )

    def as_json(self) -> dict[str, Any]:
        """Return the leg for the page."""
        return {
            "sid": self.sid,
            "parent_sid": self.parent.sid if self.parent else None,
            "phone": self.phone,
            "from": self.from_,
            "to": self.to,
            "direction": self.direction,
            "status": self.status,
            "doing": self.doing,
            "can": self.can,
            "heard": [heard.as_json() for heard in self.heard],
            "parameters": {**self.parameters, **self.shown},
            "started": self.created.isoformat(),
            "answered": self.answered.isoformat() if self.answered else None,
            "ended": self.ended.isoformat() if self.ended else None,
        }
