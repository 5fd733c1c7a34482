"""What a line says when its flow cannot be, as verbs. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from ivr import lines
from telephony.numbers import is_e164
from telephony.twiml import Dial, Hangup, Number, Say, Verb

EVERYTHING_ELSE = "*"
LAST_RESORT = "We cannot take your call right now. Please try again later."


@dataclass(frozen=True, slots=True)
class Emergency:
    """A line's sentence for bad times, and the number to ring after it ("" for none)."""

    text: str = LAST_RESORT
    language: str = "en-US"
    voice: str = ""
    forward_to: str = ""


def find(known: Mapping[str, Emergency], address: str) -> Emergency:
    """Give the emergency of the line at `address`, else that of `*`, else a last resort."""
    return known.get(lines.address(address)) or known.get(EVERYTHING_ELSE) or Emergency()


def verbs(emergency: Emergency, *, called: str, caller: str) -> tuple[Verb, ...]:
    """Say the sentence, then ring the forwarding number or hang up."""
    said = Say(emergency.text, voice=emergency.voice or None, language=emergency.language)
    if not emergency.forward_to:
        return (said, Hangup())
    # Twilio rings a number only in the name of a number: a browser's or SIP caller is shown as the line
    shown = called if not is_e164(caller) and is_e164(called) else None
    return (said, Dial([Number(emergency.forward_to)], caller_id=shown), Hangup())
