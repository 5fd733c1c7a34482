"""Reads of texts for pages and the API: which threads a person sees, a conversation, and what a text would cost."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.db.models import Prefetch

from agents.models import User
from contacts import optouts
from contacts import reading as contacts
from contacts.states import Channel
from messaging.actions.rows import country_of
from messaging.models import Media, Message, Thread
from messaging.segments import Length, cost, measure

LOOK = "messaging.look_at_media"
SEND = "messaging.send_text"
MOST = 100


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a text would be billed as. `price` is None where nobody knows what one segment costs."""

    length: Length
    price: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """A thread with its last texts, in the order in which they came, and what stands beside them.

    `contact` names who has the number; `wants_none`: they have opted out. `is_cut`: there are older ones.
    """

    thread: Thread
    messages: tuple[Message, ...]
    contact: str
    wants_none: bool
    is_cut: bool
    seen_until: datetime


def may_look(user: User, media: Media) -> bool:
    """Tell whether a person may look at a picture or file."""
    seen = Thread.objects.visible_to(user).filter(messages=media.message_id)
    return user.is_active and user.has_perm(LOOK) and seen.exists()


def conversation(thread: Thread, *, most: int = MOST) -> Conversation:
    """Read a thread for a page, in a fixed number of statements."""
    newest = list(
        thread.messages.select_related("by", "fallback")
        .prefetch_related(Prefetch("media", Media.objects.order_by("pk")))
        .order_by("-at", "-pk")[: most + 1]
    )
    shown = tuple(reversed(newest[:most]))
    return Conversation(
        thread=thread,
        messages=shown,
        contact=contacts.names([thread.number]).get(thread.number, ""),
        wants_none=optouts.opted_out(thread.number, Channel.TEXTS) is not None,
        is_cut=len(newest) > most,
        seen_until=thread.last_at,
    )


def names_of(threads: Iterable[Thread]) -> dict[str, str]:
    """Give who has the numbers of these threads, by the number; one statement for all."""
    return contacts.names([one.number for one in threads])


def estimate(text: str, number: str) -> Estimate:
    """Tell what a text to this number would be billed as: by what the last one to its country cost, or as it is set."""
    length = measure(text)
    price, currency = _price_of_segment(country_of(number))
    return Estimate(length, cost(length.segments, price) if price is not None else None, currency)


def _price_of_segment(country: str) -> tuple[Decimal | None, str]:
    rated = Message.objects.filter(country=country, price__isnull=False, media_urls=[]).exclude(country="")
    last = rated.order_by("-ended_at").values_list("price", "segments", "currency").first()
    if last is not None and last[0] is not None:
        return last[0] / max(last[1], 1), last[2]
    try:
        return Decimal(settings.TEXT_PRICE_PER_SEGMENT), settings.TEXT_CURRENCY
    except InvalidOperation:
        return None, ""
