"""What a walk leaves in the history of its call. Pure."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from ivr.kinds.base import Dialed, Heard, Keys, Silence, Speech, Step
from ivr.kinds.sent import Referred, Unreached
from telephony import markup
from telephony.twiml import Client, Conference, Dial, Gather, Number, Play, Say, Sip, Verb, Written

Event: TypeAlias = tuple[str, dict[str, Any]]

DOTS = "•••"


def sent(verbs: Iterable[Verb], *, media: str) -> Iterator[Event]:
    """Tell what the caller hears and whom we ring."""
    for verb in verbs:
        match verb:
            case Gather(prompts=prompts):
                yield from sent((prompt for prompt in prompts if isinstance(prompt, Say | Play)), media=media)
            case Say():
                yield "heard", {"text": verb.text, "language": verb.language, "voice": verb.voice}
            case Play():
                yield "heard", {"audio": (verb.url or "").removeprefix(media)}
            case Written(xml):
                yield from sent(markup.verbs(xml), media=media)
            case Dial(nouns=nouns):
                yield "rang", {"targets": list(map(_target, nouns))}


def heard(what: Heard, step: Step) -> Iterator[Event]:
    """Tell what the caller did; dots, where the step is not to know."""
    hidden = step.hides_input
    match what:
        case Keys(digits):
            yield "pressed", {"step": step.id, "digits": DOTS if hidden else digits}
        case Speech(text, confidence):
            yield "spoke", {"step": step.id, "text": DOTS if hidden else text, "confidence": confidence}
        case Silence():
            yield "silent", {"step": step.id}
        case Referred(status, code, last):
            yield "sent-away", {"step": step.id, "outcome": status or "unknown", "code": last or code}
        case Unreached(error):
            yield "sent-away", {"step": step.id, "outcome": "unreached", "code": error}
        case Dialed(status, bridged, sid, seconds):
            yield (
                "dialed",
                {"step": step.id, "status": status, "bridged": bridged, "leg": sid, "seconds": seconds},
            )


def _target(noun: Number | Client | Sip | Conference) -> str:
    match noun:
        case Number(number=number):
            return number
        case Client(identity=identity):
            return f"client:{identity}"
        case Sip(uri=uri):
            return uri
        case Conference():
            return noun.name
