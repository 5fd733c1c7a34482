"""Which addresses of the web flows may send calls to: the same that look-ups may ask, and none of ours."""

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _

from ivr.document import Document
from ivr.kinds import raw_twiml
from ivr.kinds.base import Problem, Step
from ivr.kinds.raw_twiml import RawTwiml
from ivr.kinds.send_away import SendAway
from rest import outgoing


def problem(address: str) -> str:
    """Tell why calls may not be sent to an address; "" if they may."""
    if f"{address}/".startswith(f"{settings.PUBLIC_BASE_URL}/"):
        return _("This address is ours: go on with a step of this flow, or with “Go to flow”.")
    return outgoing.problem(address)


def named(step: Step) -> Iterator[tuple[str, str]]:
    """Give the addresses of the web that a step leads calls to, each with the setting that names it."""
    match step:
        case SendAway(to="document", address=address) if address:
            yield "address", address
        case RawTwiml(twiml=twiml):
            for found in raw_twiml.addresses(twiml):
                yield "twiml", found


def refused(document: Document) -> Iterator[Problem]:
    """Find steps that lead calls to addresses which they may not be sent to."""
    for step in document.steps.values():
        for _setting, address in named(step):
            if told := problem(address):
                yield step.error("address_not_allowed", f"Step “{step.name}” leads calls to {address}. {told}")
