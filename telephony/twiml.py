"""The TwiML verbs that we send, as data, and their one rendering. Pure.

Names and defaults follow Twilio's pages "TwiML for Programmable Voice"; an attribute left at None is not written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Say:
    """Speech. `text` is plain, or with `markup` a fragment of SSML that `ivr.ssml` has found safe."""

    text: str
    voice: str | None = None
    language: str | None = None
    markup: bool = False


@dataclass(frozen=True, slots=True)
class Play:
    url: str | None = None
    digits: str | None = None
    loop: int | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    length: int = 1


Prompting: TypeAlias = Say | Play | Pause


@dataclass(frozen=True, slots=True)
class Gather:
    """Keys, speech or both. Without input Twilio makes no request but runs the verb after it."""

    action: str
    prompts: Sequence[Prompting] = ()
    input: Literal["dtmf", "speech", "dtmf speech"] = "dtmf"
    timeout: int | None = None
    finish_on_key: str | None = None
    num_digits: int | None = None
    speech_timeout: str | None = None
    language: str | None = None
    hints: str | None = None
    barge_in: bool | None = None
    profanity_filter: bool | None = None


@dataclass(frozen=True, slots=True)
class Number:
    number: str
    url: str | None = None
    status_callback: str | None = None
    send_digits: str | None = None


@dataclass(frozen=True, slots=True)
class Client:
    identity: str
    url: str | None = None
    status_callback: str | None = None
    parameters: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Sip:
    uri: str
    url: str | None = None
    status_callback: str | None = None
    username: str | None = None
    password: str | None = None


@dataclass(frozen=True, slots=True)
class Dial:
    """Ring the nouns together. All status events of a child leg are asked for where it names a callback."""

    nouns: Sequence[Number | Client | Sip]
    action: str | None = None
    timeout: int | None = None
    caller_id: str | None = None
    answer_on_bridge: bool | None = None
    time_limit: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """Voicemail: the caller only. Always ends in a request to `action`."""

    action: str
    max_length: int | None = None
    timeout: int | None = None
    finish_on_key: str | None = None
    play_beep: bool | None = None
    trim: Literal["trim-silence", "do-not-trim"] | None = None
    status_callback: str | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    url: str


@dataclass(frozen=True, slots=True)
class Reject:
    reason: Literal["rejected", "busy"] = "rejected"


@dataclass(frozen=True, slots=True)
class Hangup:
    pass


Verb: TypeAlias = Say | Play | Pause | Gather | Dial | Record | Redirect | Reject | Hangup
