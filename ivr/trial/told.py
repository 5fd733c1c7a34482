"""What a trial tells: what was heard and done at which second, the way, the time in each step, and the end. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

#: what a moment is
What: TypeAlias = Literal[
    "heard",  # words; `text`, `language`, `voice`
    "sound",  # a sound; `audio` is its hash, "" for the house's music; `text` the address
    "pause",
    "pressed",
    "said",
    "silent",
    "waits",  # the caller does nothing but wait
    "rings",  # whom; `text`
    "whispered",  # what somebody hears who is rung; `text`
    "rung",  # how ringing ended; `text` is a word of `conditions.Rung`
    "joined",  # a queue; `text` its name
    "left",  # a queue
    "talks",  # with somebody; `text` names the queue, or whom it rang
    "speaks",  # a message
    "meets",  # in a room; `text` its name
    "asked",  # a source; `text` its name
    "answers",  # a source has; `text` its name
    "unanswered",  # a source has not
    "texted",
    "not texted",
    "called back",  # what became of the wish; `text` is a word of `conditions.CallBackOutcome`
    "consent",  # `text` is what the caller has made of a notice
    "message",  # went to a mailbox; `text` its name
    "missed",  # no message; `text` the mailbox's name
    "sent away",  # `text`: where to
    "hung up",  # by the caller
    "failed",  # the flow could not go on; `text` says why
    "ended",  # by the flow; `text` the reason
]
Kind: TypeAlias = Literal["person", "mailbox", "room", "callback", "away", "ended", "waiting", "open"]
May: TypeAlias = Literal["answer", "message", "wait", "talk", "meet", "nothing"]


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happens at a second of the call, for so many seconds, in a step of a flow.

    `document` is the place of the answer in `Trial.documents` that brought it about.
    """

    second: float
    what: What
    flow: str
    step: str
    text: str = ""
    seconds: float = 0.0
    language: str = ""
    voice: str = ""
    audio: str = ""
    document: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """An exit that the call took, at which second."""

    flow: str
    step: str
    exit: str
    second: float = 0.0


@dataclass(frozen=True, slots=True)
class Stay:
    """A step in which the call was, from when, for how long. `exit` is "" where it has not left it."""

    flow: str
    step: str
    name: str
    kind: str
    second: float
    seconds: float
    exit: str = ""


@dataclass(frozen=True, slots=True)
class Reached:
    """Where the caller has come to: the first person, mailbox, room, call back or other place, else how it ended.

    `name` is that of the queue, mailbox or room, whom it rang, or the reason of the end. `open`: the call goes on.
    """

    kind: Kind
    flow: str = ""
    step: str = ""
    name: str = ""
    second: float = 0.0


@dataclass(frozen=True, slots=True)
class Expects:
    """What the caller may do now. `keys` are those that lead on, each with its exit ("" where any digits do).

    `digits`: at most so many are taken; `words`: words are understood; `seconds`: how long is waited for an answer.
    """

    may: May
    flow: str = ""
    step: str = ""
    keys: tuple[tuple[str, str], ...] = ()
    digits: int = 0
    presses: bool = False
    words: bool = False
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """A document as Twilio would get it. `to` is who hears it: the caller, or somebody who is rung."""

    second: float
    turn: int
    twiml: str
    to: Literal["caller", "rung"] = "caller"


@dataclass(frozen=True, slots=True)
class Trial:
    """`ending` is "" while the call goes on; `used` counts the inputs that were taken, `seconds` the call's length."""

    moments: tuple[Moment, ...]
    path: tuple[Taken, ...]
    stays: tuple[Stay, ...]
    reached: Reached
    variables: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    ending: str = ""
    expects: Expects = field(default_factory=lambda: Expects("nothing"))
    documents: tuple[Sent, ...] = ()
    used: int = 0
    seconds: float = 0.0

    @property
    def twiml(self) -> tuple[str, ...]:
        return tuple(one.twiml for one in self.documents)

    @property
    def heard(self) -> tuple[str, ...]:
        """The words that the caller heard, one after the other."""
        return tuple(moment.text for moment in self.moments if moment.what == "heard")
