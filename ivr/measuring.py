"""How long an answer is. Pure."""

from collections.abc import Sequence

from telephony.twiml import Dial, Gather, Say, Verb, Written, render

#: bytes of TwiML in an answer: Twilio takes 64 kB
MOST_BYTES = 60_000


def is_too_long(verbs: Sequence[Verb]) -> bool:
    """Tell whether verbs together take more than an answer may have."""
    # a letter takes six bytes at most, so that short answers need not be measured
    return sum(map(_length, verbs)) * 6 > MOST_BYTES and len(render(verbs).encode()) > MOST_BYTES


def _length(verb: Verb) -> int:
    match verb:
        case Say(text=text):
            return len(text) + 100
        case Gather(prompts=prompts, hints=hints):
            return sum(map(_length, prompts)) + len(hints or "") + 300
        case Written(xml):
            return len(xml)
        case Dial(nouns=nouns):
            return 400 * len(nouns) + 300
        case _:
            return 400
