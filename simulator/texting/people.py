"""What people do with texts on their phones."""

from collections.abc import Sequence

from simulator.numbers import Number, is_e164
from simulator.switchboard import Switchboard
from simulator.texting.messages import LONGEST_BODY, MOST_BYTES, MOST_MEDIA, Medium


class CannotWrite(Exception):
    """Raise when a phone cannot send this; the text is one clear sentence for people."""


def write(board: Switchboard, from_: str, number: Number, body: str, media: Sequence[tuple[str, bytes]]) -> str:
    """Write to one of the account's numbers and return the message's sid."""
    phone = board.phones[from_]
    if not is_e164(from_):
        raise CannotWrite(f"{from_} is no phone that writes texts.")
    if phone.texts in ("landline", "off"):
        raise CannotWrite(f"{phone.name} cannot write: it is {'a landline' if phone.texts == 'landline' else 'off'}.")
    if not body.strip() and not media:
        raise CannotWrite("There is nothing to send.")
    if len(body) > LONGEST_BODY:
        raise CannotWrite(f"A text has at most {LONGEST_BODY} letters.")
    if len(media) > MOST_MEDIA or sum(len(content) for _, content in media) > MOST_BYTES:
        raise CannotWrite(f"A text carries at most {MOST_MEDIA} pictures and {MOST_BYTES >> 20} MB.")
    now = board.clock.now()
    attached = [Medium("", kind, content, now) for kind, content in media]
    return board.texting.receive(from_, number, body, attached).sid
