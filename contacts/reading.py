"""Who has a number, as one statement: flows and the desk read it while somebody waits."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from contacts import popping
from contacts.models import Change, Choice, Contact, ContactQuerySet, OptOut, System
from contacts.states import Channel, What
from telephony import numbers

MOST = 20


@dataclass(frozen=True, slots=True)
class Known:
    """The contact that counts for a number; `matches` tells how many have it, `chosen` that somebody chose this one."""

    contact: UUID
    name: str
    language: str
    is_vip: bool
    priority: int
    is_blocked: bool
    do_not_call: bool
    attributes: Mapping[str, str]
    matches: int
    chosen: bool


def matches(number: str) -> list[Contact]:
    """Give the contacts with this number, 20 at most: who was chosen for it first, then who is known for longest.

    Each has `chosen` and `do_not_call`, the latter for this number. Nobody has a number that is withheld.
    """
    return list(_matching(number)[:MOST]) if numbers.is_e164(number) else []


def known(number: str, *, at: datetime) -> Known | None:
    """Give what a flow or a desk may know of who has this number; None where nobody is known. One statement."""
    found = matches(number)
    if not found:
        return None
    first = found[0]
    return Known(
        contact=first.pk,
        name=first.name,
        language=first.language,
        is_vip=first.is_vip,
        priority=first.priority if first.is_vip else 0,
        is_blocked=first.is_blocked(at),
        do_not_call=first.do_not_call,  # type: ignore[attr-defined]  # annotated
        attributes=first.attributes,
        matches=len(found),
        chosen=first.chosen,  # type: ignore[attr-defined]  # annotated
    )


def points(number: str) -> int:
    """Give the points by which who has this number stands further in front of queues; 0 for all but VIPs."""
    first = matches(number)[:1]
    return first[0].priority if first and first[0].is_vip else 0


def names(wanted: Iterable[str]) -> dict[str, str]:
    """Give the name of who has each of these numbers, by the number; one statement for all."""
    chosen = Choice.objects.filter(number=OuterRef("numbers__number"), contact=OuterRef("pk"))
    rows = (
        Contact.objects.filter(numbers__number__in=set(wanted))
        .annotate(chosen=Exists(chosen))
        .order_by("chosen", "-created_at", "-pk")  # the last that is written counts
        .values_list("numbers__number", "name")
    )
    return {number: name for number, name in rows if name}


def framed_origins() -> list[str]:
    """Give the origins of the systems whose pages are shown on the desk."""
    found = []
    for template in System.objects.filter(embeds=True).exclude(url_template="").values_list("url_template", flat=True):
        with suppress(popping.Unsafe):
            found.append(popping.origin(template))
    return found


def successor(contact_id: UUID) -> UUID | None:
    """Tell in which contact one that is gone lives on; None where it was not merged, or that one is gone for good."""
    seen = {contact_id}
    while found := Change.objects.filter(other=contact_id, what=What.MERGED).order_by("-id").first():
        if found.contact in seen:
            return None
        contact_id = found.contact
        seen.add(contact_id)
        if Contact.objects.filter(pk=contact_id).exists():
            return contact_id
    return None


def history(contact: Contact) -> list[Change]:
    """Give what was done with a contact and with those that were merged into it, the newest first, 100 at most."""
    gone = Change.objects.filter(contact=contact.pk, what=What.MERGED).values("other")
    rows = Change.objects.filter(contact=contact.pk) | Change.objects.filter(contact__in=gone)
    return list(rows.select_related("by").order_by("-id")[:100])


def _matching(number: str) -> ContactQuerySet:
    return (
        Contact.objects.filter(numbers__number=number)
        .annotate(
            chosen=Exists(Choice.objects.filter(number=number, contact=OuterRef("pk"))),
            do_not_call=Exists(OptOut.objects.active(Channel.CALLS).filter(number=number)),
        )
        .order_by("-chosen", "created_at", "pk")
    )
