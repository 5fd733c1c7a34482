"""Who wants no texts or no calls: asked before anything is sent or dialed."""

from collections.abc import Iterable

from contacts.models import OptOut
from contacts.states import Channel


def opted_out(number: str, channel: Channel) -> OptOut | None:
    """Give the entry by which this number (E.164) wants nothing of the kind; None where it does not mind."""
    return OptOut.objects.active(channel).filter(number=number).first()


def among(numbers: Iterable[str], channel: Channel) -> set[str]:
    """Give those of these numbers that want nothing of the kind; one statement for all."""
    return set(OptOut.objects.active(channel).filter(number__in=set(numbers)).values_list("number", flat=True))
