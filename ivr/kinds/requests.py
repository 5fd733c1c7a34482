"""What a step asks of the domain: carried out by `ivr.actions` in the transaction of the answer."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class TakeVoicemail:
    """`empty` says that it is shorter than the step calls a message, but to be kept."""

    mailbox: str
    recording: str
    seconds: int
    language: str
    empty: bool = False


@dataclass(frozen=True, slots=True)
class NoteMissed:
    """The caller left no message. `recording` is what to throw away, "" where nothing was recorded."""

    mailbox: str
    recording: str = ""


@dataclass(frozen=True, slots=True)
class JoinQueue:
    """`onward` is where the call goes on after waiting and talking."""

    queue: str
    language: str
    priority: int
    onward: str


@dataclass(frozen=True, slots=True)
class LeaveQueue:
    """The caller waits no longer, `why` in words; `timed_out`: because of the wait, and not by choice."""

    why: str
    timed_out: bool = False


@dataclass(frozen=True, slots=True)
class AskCallBack:
    """What became of it is noted in the progress: stored, present (asked for before), refused or failed."""

    queue: str
    number: str
    language: str


@dataclass(frozen=True, slots=True)
class EnterRoom:
    """Brings its own verbs; where the room is full, that is noted in the progress."""

    room: str
    host: bool
    onward: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A notice in one language; `notice` is the id of its version, None for the standard text."""

    text: str
    language: str
    notice: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """What a caller is still to hear about recording by a policy, in each language; `asks`: it is a question."""

    policy: int
    asks: bool
    wordings: tuple[Wording, ...]


@dataclass(frozen=True, slots=True)
class NoteConsent:
    """What the caller has made of a notice (a word of `compliance.states.Answer`), and the key that said so."""

    policy: int
    wording: Wording
    answer: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class AskSource:
    """Ask a source of the owner, for so many seconds. `sent` goes along; in the answer the names in `keep` count."""

    source: str
    step: str
    seconds: int
    language: str
    sent: tuple[tuple[str, str], ...]
    keep: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StopAsking:
    """The caller goes on without the answer that the step has asked for."""

    step: str


@dataclass(frozen=True, slots=True)
class SendText:
    """What became of it is noted in the progress: sent (to be, soon) or refused. `queue` "": of no queue."""

    queue: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Hush:
    """Nothing is to be recorded while secret digits are collected; with `over` that is done."""

    over: bool = False


Request: TypeAlias = (
    TakeVoicemail
    | NoteMissed
    | JoinQueue
    | LeaveQueue
    | AskCallBack
    | EnterRoom
    | NoteConsent
    | AskSource
    | StopAsking
    | SendText
    | Hush
)
