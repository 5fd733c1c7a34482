"""The TwiML verbs that answer a text message, as data, and their one rendering. Pure.

Names follow Twilio's pages "TwiML for Programmable Messaging"; an attribute left at None is not written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from telephony import twiml
from telephony.twiml import Redirect, document, element, escape


@dataclass(frozen=True, slots=True)
class Message:
    """A message to who wrote, or to somebody else. Without `from_` it comes from the number that was written to.

    `media` are addresses of pictures and the like, of which Twilio takes ten.
    """

    body: str = ""
    media: Sequence[str] = ()
    to: str | None = None
    from_: str | None = None
    status_callback: str | None = None


Verb: TypeAlias = Message | Redirect


def render(verbs: Sequence[Verb]) -> str:
    """Write the verbs as a TwiML document. Characters that XML cannot hold are left out."""
    return document(map(written, verbs))


def written(verb: Verb) -> str:
    """Write one verb as XML."""
    if isinstance(verb, Redirect):
        return twiml.written(verb)
    parts = [element("Body", escape(verb.body))] if verb.body else []
    parts += [element("Media", escape(url)) for url in verb.media]
    # `from` is no name in Python
    ends = {"to": verb.to, "from": verb.from_, "statusCallback": verb.status_callback}
    return element("Message", "".join(parts), **ends)
