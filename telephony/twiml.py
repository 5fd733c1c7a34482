"""The TwiML verbs that steer a call, as data, and their one rendering. Pure.

Names and defaults follow Twilio's pages "TwiML for Programmable Voice"; an attribute left at None is not written.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Say:
    """Speech. `text` is plain, or with `markup` a fragment of SSML that `ivr.prompts.ssml` has found safe."""

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
class Conference:
    """A room by its name. What happens in it is told to `status_callback`; only that of the first one there counts.

    Nobody ends it by leaving: Twilio silently refuses to change that of somebody on hold, so the server ends rooms.
    """

    name: str
    label: str | None = None
    muted: bool | None = None
    coach: str | None = None
    beep: bool = False
    start_on_enter: bool | None = None
    wait_url: str | None = None
    most: int | None = None
    status_callback: str | None = None


@dataclass(frozen=True, slots=True)
class Dial:
    """Ring the nouns together. All status events of a child leg are asked for where it names a callback."""

    nouns: Sequence[Number | Client | Sip | Conference]
    action: str | None = None
    timeout: int | None = None
    caller_id: str | None = None
    answer_on_bridge: bool | None = None
    time_limit: int | None = None


@dataclass(frozen=True, slots=True)
class Enqueue:
    """Wait in a queue of Twilio's, made on demand, hearing the document of `wait_url` over and over."""

    name: str
    action: str
    wait_url: str


@dataclass(frozen=True, slots=True)
class Leave:
    """Out of the queue, in a wait document only; Enqueue's action is told `leave`."""


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
class Refer:
    """Ask the caller's telephone system to call `uri` in place of us; only possible on a leg that is SIP."""

    uri: str
    action: str


@dataclass(frozen=True, slots=True)
class Reject:
    reason: Literal["rejected", "busy"] = "rejected"


@dataclass(frozen=True, slots=True)
class Hangup:
    pass


@dataclass(frozen=True, slots=True)
class Written:
    """Verbs that somebody has written as XML, and that were checked (`telephony.markup`)."""

    xml: str


Verb: TypeAlias = (
    Say | Play | Pause | Gather | Dial | Enqueue | Leave | Record | Redirect | Refer | Reject | Hangup | Written
)


def render(verbs: Sequence[Verb]) -> str:
    """Write the verbs as a TwiML document. Characters that XML cannot hold are left out."""
    return document(map(written, verbs))


def written(verb: Verb) -> str:
    """Write one verb as XML."""
    match verb:
        case Say():
            return element(
                "Say", verb.text if verb.markup else escape(verb.text), voice=verb.voice, language=verb.language
            )
        case Gather():
            return _gather(verb)
        case Play():
            return element("Play", escape(verb.url or ""), digits=verb.digits, loop=verb.loop)
        case Pause():
            return element("Pause", length=verb.length)
        case Redirect():
            return element("Redirect", escape(verb.url))
        case Dial():
            return _dial(verb)
        case Enqueue():
            return element("Enqueue", escape(verb.name), action=verb.action, waitUrl=verb.wait_url)
        case Leave():
            return "<Leave/>"
        case Record():
            return _record(verb)
        case Refer():
            return element("Refer", element("Sip", escape(verb.uri)), action=verb.action)
        case Reject():
            return element("Reject", reason=verb.reason)
        case Hangup():
            return "<Hangup/>"
        case Written():
            return verb.xml


def _gather(verb: Gather) -> str:
    return element(
        "Gather",
        "".join(map(written, verb.prompts)),
        input=verb.input,
        action=verb.action,
        timeout=verb.timeout,
        finishOnKey=verb.finish_on_key,
        numDigits=verb.num_digits,
        speechTimeout=verb.speech_timeout,
        language=verb.language,
        hints=verb.hints,
        bargeIn=verb.barge_in,
        profanityFilter=verb.profanity_filter,
    )


def _dial(verb: Dial) -> str:
    return element(
        "Dial",
        "".join(map(_noun, verb.nouns)),
        action=verb.action,
        timeout=verb.timeout,
        callerId=verb.caller_id,
        answerOnBridge=verb.answer_on_bridge,
        timeLimit=verb.time_limit,
    )


def _noun(noun: Number | Client | Sip | Conference) -> str:
    if isinstance(noun, Conference):
        return _conference(noun)
    # without the list of events Twilio would tell of the end alone
    events = "initiated ringing answered completed" if noun.status_callback else None
    match noun:
        case Number():
            return element(
                "Number",
                escape(noun.number),
                url=noun.url,
                sendDigits=noun.send_digits,
                statusCallback=noun.status_callback,
                statusCallbackEvent=events,
            )
        case Client():
            body = escape(noun.identity)
            if noun.parameters:
                parameters = [element("Parameter", name=name, value=value) for name, value in noun.parameters]
                body = "".join([f"<Identity>{body}</Identity>", *parameters])
            return element(
                "Client", body, url=noun.url, statusCallback=noun.status_callback, statusCallbackEvent=events
            )
        case Sip():
            return element(
                "Sip",
                escape(noun.uri),
                username=noun.username,
                password=noun.password,
                url=noun.url,
                statusCallback=noun.status_callback,
                statusCallbackEvent=events,
            )


def _conference(noun: Conference) -> str:
    return element(
        "Conference",
        escape(noun.name),
        muted=noun.muted,
        beep=noun.beep,
        startConferenceOnEnter=noun.start_on_enter,
        endConferenceOnExit=False,
        waitUrl=noun.wait_url,
        maxParticipants=noun.most,
        participantLabel=noun.label,
        coach=noun.coach,
        statusCallback=noun.status_callback,
        # without the list Twilio would tell of nothing
        statusCallbackEvent="start end join leave mute hold modify announcement" if noun.status_callback else None,
    )


def _record(verb: Record) -> str:
    return element(
        "Record",
        action=verb.action,
        maxLength=verb.max_length,
        timeout=verb.timeout,
        finishOnKey=verb.finish_on_key,
        playBeep=verb.play_beep,
        trim=verb.trim,
        recordingStatusCallback=verb.status_callback,
        # an empty recording is told of as absent, and only to those who ask
        recordingStatusCallbackEvent="in-progress completed absent" if verb.status_callback else None,
    )


def document(verbs: Iterable[str]) -> str:
    """Put verbs that are written already into a document."""
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{"".join(verbs)}</Response>'


def element(tag: str, body: str = "", /, **attributes: str | int | bool | None) -> str:
    """Write an element around a body that is XML already."""
    parts = [tag]
    for key, value in attributes.items():
        if value is None:
            continue
        if value is True or value is False:
            value = "true" if value else "false"
        elif isinstance(value, str):
            value = escape(value)
        parts.append(f'{key}="{value}"')
    return f"<{' '.join(parts)}>{body}</{tag}>" if body else f"<{' '.join(parts)}/>"


_SPECIAL = re.compile('[&<>"\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]')
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "\n", "\t": "\t", "\r": "\n", "\x7f": "\x7f"}


def escape(text: str) -> str:
    """Write a text as XML."""
    return _SPECIAL.sub(lambda found: _ESCAPES.get(found[0], ""), text) if _SPECIAL.search(text) else text
