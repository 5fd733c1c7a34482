"""Two contacts become one, and one becomes two; both leave a line on each."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from contacts.actions.changing import Different, NotTheirs, locked, note, save_changed
from contacts.merging import Merged, Side, merged
from contacts.models import Choice, Contact, ContactNumber, ExternalId
from contacts.signals import contacts_changed
from contacts.states import What
from telephony import numbers as telephone

TRAITS = ("name", "language", "country", "attributes", "is_vip", "priority", "blocked_until", "blocked_because")


class SameContact(Exception):
    """A contact cannot be merged with itself."""


class NothingLeft(Exception):
    """Neither the new contact nor the old one may be left without any number and id."""


def side(contact: Contact, *, at: datetime) -> Side:
    """Read a contact as the rule of merging looks at it."""
    return Side(
        name=contact.name,
        language=contact.language,
        country=contact.country,
        attributes=contact.attributes,
        numbers={one.number: one.label for one in contact.numbers.order_by("pk")},
        ids=tuple(contact.external_ids.order_by("pk").values_list("system__name", "value")),
        is_vip=contact.is_vip,
        priority=contact.priority,
        is_blocked=contact.is_blocked(at),
        blocked_until=contact.blocked_until,
        blocked_because=contact.blocked_because,
    )


def preview(stays: Contact, goes: Contact, *, at: datetime) -> Merged:
    """Tell what `merge` would make of the two."""
    return merged(side(stays, at=at), side(goes, at=at))


def merge(
    stays_id: UUID,
    goes_id: UUID,
    *,
    versions: tuple[int, int] | None = None,
    by: AbstractBaseUser | None,
    at: datetime,
) -> Contact:
    """Make one contact of two, by the rule of `contacts.merging`: the id of the one that goes leads to the other.

    Raises SameContact, Gone, and Different where one of them is not in the version that was seen. Sends
    `contacts_changed` for the one that goes, with `into` and while its row is still there, then for the one that stays.
    """
    if stays_id == goes_id:
        raise SameContact
    with transaction.atomic():
        stays, goes = locked(stays_id, goes_id)
        if versions is not None and versions != (stays.version, goes.version):
            raise Different
        rule = preview(stays, goes, at=at)
        contacts_changed.send(sender=Contact, contacts=[goes], what=What.MERGED, into=stays, at=at)
        blocked_at = min(filter(None, (stays.blocked_at, goes.blocked_at)), default=at)
        for trait in TRAITS:
            setattr(stays, trait, getattr(rule.side, trait))
        stays.blocked_at = blocked_at if rule.side.is_blocked else None
        if not rule.side.is_blocked:
            stays.blocked_until, stays.blocked_because = None, ""
        ExternalId.objects.filter(contact=goes).update(contact=stays)
        Choice.objects.filter(contact=goes).update(contact=stays)
        Contact.objects.filter(pk=goes.pk).delete()
        ContactNumber.objects.bulk_create(
            [ContactNumber(contact=stays, number=one, label=label) for one, label in (rule.side.numbers or {}).items()],
            update_conflicts=True,
            unique_fields=["contact", "number"],
            update_fields=["label"],
        )
        save_changed(stays, at=at)
        detail = {"lost": sorted(lost.field for lost in rule.lost)}
        note(stays, What.MERGED, detail=detail, other=goes_id, by=by, at=at)
    return stays


def split(
    contact_id: UUID,
    *,
    name: str,
    numbers: Collection[str],
    ids: Collection[int],
    version: int | None = None,
    by: AbstractBaseUser | None,
    at: datetime,
) -> Contact:
    """Make a new contact of some of a contact's numbers (E.164) and external ids (primary keys).

    It gets language and country, and the choices for its numbers; flags and attributes stay where they are. Raises
    Gone, Different, NotTheirs, and NothingLeft. Sends `contacts_changed` for both.
    """
    with transaction.atomic():
        old = locked(contact_id)[0]
        if version is not None and version != old.version:
            raise Different
        theirs = ContactNumber.objects.filter(contact=old)
        known = ExternalId.objects.filter(contact=old)
        moved, moved_ids = theirs.filter(number__in=numbers), known.filter(pk__in=ids)
        if moved.count() != len(set(numbers)) or moved_ids.count() != len(set(ids)):
            raise NotTheirs
        left = theirs.count() + known.count() - len(set(numbers)) - len(set(ids))
        if not (numbers or ids) or left == 0:
            raise NothingLeft
        new = Contact(name=name.strip()[:120], language=old.language, country=old.country, created_at=at, updated_at=at)
        new.save(force_insert=True)
        Choice.objects.filter(contact=old, number__in=numbers).update(contact=new)
        moved.update(contact=new)
        moved_ids.update(contact=new)
        save_changed(old, at=at)
        detail = {
            "numbers": sorted(telephone.mask(number) for number in numbers),
            "external_ids": len(ids),
        }
        note(new, What.CREATED, detail={"split": True}, other=old.pk, by=by, at=at)
        note(old, What.SPLIT, detail=detail, other=new.pk, by=by, at=at)
    return new
