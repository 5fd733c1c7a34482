"""A contact is made, changed, chosen and deleted; each leaves a line of what was done."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import F

from contacts.actions.opting import opt_in, opt_out
from contacts.details import Block, Details, HasProblems, Problem, settled
from contacts.models import Change, Choice, Contact, ContactNumber, ExternalId, System
from contacts.signals import contact_changed
from contacts.states import Channel, How, What
from telephony import numbers


class Gone(Exception):
    """There is no such contact any more."""


class Different(Exception):
    """The contact is not any more as whoever changes it has seen it."""


class NotTheirs(Exception):
    """The contact does not have this number, or this id."""


def create(said: Details, *, by: AbstractBaseUser | None = None, how: How, at: datetime) -> Contact:
    """Make a contact. `how` is kept with the opt-outs that are made of `do_not_call`.

    Raises HasProblems: also where an id elsewhere is another contact's. Sends `contact_changed`.
    """
    said = settled(said, country=settings.DEFAULT_COUNTRY)
    contact = Contact(created_at=at, updated_at=at)
    with transaction.atomic():
        _set(contact, said, at=at)
        contact.save(force_insert=True)
        _set_lists(contact, said)
        if said.do_not_call:
            _set_calls(contact, said.do_not_call, by=by, how=how, at=at)
        note(contact, What.CREATED, by=by, at=at)
    return contact


def create_many(wanted: Sequence[Details], *, by: AbstractBaseUser | None, how: How, at: datetime) -> None:
    """Make contacts of details that are settled already, in a few statements for all. Raises HasProblems as `create`.

    Sends `contact_changed` for each.
    """
    made = [(Contact(created_at=at, updated_at=at), said) for said in wanted]
    systems = dict(System.objects.values_list("name", "pk"))
    with transaction.atomic():
        for contact, said in made:
            _set(contact, said, at=at)
        Contact.objects.bulk_create([contact for contact, _said in made])
        ContactNumber.objects.bulk_create(
            [
                ContactNumber(contact=contact, number=number, label=label)
                for contact, said in made
                for number, label in said.numbers or ()
            ]
        )
        try:
            with transaction.atomic():
                ExternalId.objects.bulk_create(
                    [
                        ExternalId(contact=contact, system_id=systems[name], value=value)
                        for contact, said in made
                        for name, value in said.ids or ()
                    ]
                )
        except IntegrityError:
            raise HasProblems((Problem("external_ids", "is the id of another contact already"),)) from None
        Change.objects.bulk_create(
            [
                Change(contact=contact.pk, what=What.CREATED, by_id=by.pk if by else None, at=at)
                for contact, _said in made
            ]
        )
        for contact, said in made:
            if said.do_not_call:
                _set_calls(contact, said.do_not_call, by=by, how=how, at=at)
            contact_changed.send(sender=Contact, contact=contact, what=What.CREATED, at=at)


def change(
    contact_id: UUID,
    said: Details,
    *,
    version: int | None = None,
    by: AbstractBaseUser | None = None,
    how: How,
    at: datetime,
) -> Contact:
    """Change what is said, if the contact is still in the `version` that was seen. Raises Gone, Different, HasProblems.

    Sends `contact_changed` where something is different.
    """
    with transaction.atomic():
        contact = locked(contact_id)[0]
        if version is not None and version != contact.version:
            raise Different
        said = settled(said, country=contact.country or settings.DEFAULT_COUNTRY)
        was_blocked = contact.blocked_at is not None
        changed = [*_set(contact, said, at=at), *_set_lists(contact, said)]
        if said.do_not_call is not None and _set_calls(contact, said.do_not_call, by=by, how=how, at=at):
            changed.append("do_not_call")
        if not changed:
            return contact
        save_changed(contact, at=at)
        note(contact, _what(was_blocked, contact), detail={"fields": sorted(set(changed))}, by=by, at=at)
    return contact


def note_saved(contact_id: UUID, *, is_new: bool, fields: Iterable[str], by: AbstractBaseUser, at: datetime) -> None:
    """Note that a form has saved a contact with its lists: it gets its next version. Sends `contact_changed`."""
    with transaction.atomic():
        contact = locked(contact_id)[0]
        if not is_new:
            save_changed(contact, at=at)
        what, detail = (What.CREATED, {}) if is_new else (What.CHANGED, {"fields": sorted(set(fields))})
        note(contact, what, detail=detail, by=by, at=at)


def set_calls(contact_id: UUID, wants_none: bool, *, by: AbstractBaseUser, how: How, at: datetime) -> bool:
    """Write into the ledger, for all numbers of a contact, that they want no calls, or that they take them again.

    Returns whether that was new. Raises Gone.
    """
    with transaction.atomic():
        return _set_calls(locked(contact_id)[0], wants_none, by=by, how=how, at=at)


def choose(number: str, contact_id: UUID, *, by: AbstractBaseUser, at: datetime) -> None:
    """Remember which of several contacts calls from a number. Raises Gone and NotTheirs. Sends `contact_changed`."""
    with transaction.atomic():
        contact = locked(contact_id)[0]
        if not ContactNumber.objects.filter(contact=contact, number=number).exists():
            raise NotTheirs
        if Choice.objects.filter(number=number, contact=contact).exists():
            return
        Choice.objects.update_or_create(number=number, defaults={"contact": contact, "by_id": by.pk, "at": at})
        note(contact, What.CHOSEN, detail={"number": numbers.mask(number)}, by=by, at=at)


def delete(contact_id: UUID, *, version: int | None = None, by: AbstractBaseUser | None = None, at: datetime) -> None:
    """Delete a contact with its numbers and ids; the ledger of opt-outs stays. Raises Gone and Different.

    Sends `contact_changed` while its row is still there.
    """
    with transaction.atomic():
        contact = locked(contact_id)[0]
        if version is not None and version != contact.version:
            raise Different
        note(contact, What.DELETED, by=by, at=at)
        Contact.objects.filter(pk=contact.pk).delete()


def locked(*contact_ids: UUID) -> list[Contact]:
    """Lock contacts, in the order of their ids, and give them in the order asked for. Raises Gone."""
    rows = Contact.objects.select_for_update(no_key=True).filter(pk__in=contact_ids).order_by("pk")
    found = {contact.pk: contact for contact in rows}
    if len(found) < len(set(contact_ids)):
        raise Gone
    return [found[contact_id] for contact_id in contact_ids]


def note(
    contact: Contact,
    what: What,
    *,
    detail: Mapping[str, object] | None = None,
    other: UUID | None = None,
    by: AbstractBaseUser | None,
    at: datetime,
) -> None:
    """Leave a line of what was done with a contact, and tell it."""
    Change.objects.create(
        contact=contact.pk, other=other, what=what, detail=dict(detail or {}), by_id=by.pk if by else None, at=at
    )
    contact_changed.send(sender=Contact, contact=contact, what=what, at=at)


def save_changed(contact: Contact, *, at: datetime) -> None:
    """Save all of a locked contact as its next version."""
    contact.updated_at = at
    contact.version = F("version") + 1
    contact.save(update_fields=[*FIELDS, "blocked_at", "blocked_until", "blocked_because", "version", "updated_at"])
    contact.refresh_from_db(fields=["version"])


FIELDS = ("name", "language", "country", "attributes", "is_vip", "priority")


def _set(contact: Contact, said: Details, *, at: datetime) -> list[str]:
    changed = []
    for field in FIELDS:
        value = getattr(said, field)
        if value is not None and value != getattr(contact, field):
            setattr(contact, field, value)
            changed.append(field)
    if said.block is not None and _set_block(contact, said.block, at=at):
        changed.append("blocked")
    return changed


def _set_block(contact: Contact, wanted: Block, *, at: datetime) -> bool:
    before = (contact.blocked_at is not None, contact.blocked_because, contact.blocked_until)
    if not wanted.holds:
        contact.blocked_at, contact.blocked_because, contact.blocked_until = None, "", None
        return before[0]
    if before == (True, wanted.because, wanted.until):
        return False
    contact.blocked_at = contact.blocked_at or at
    contact.blocked_because, contact.blocked_until = wanted.because, wanted.until
    return True


def _what(was_blocked: bool, contact: Contact) -> What:
    if was_blocked != (contact.blocked_at is not None):
        return What.UNBLOCKED if was_blocked else What.BLOCKED
    return What.CHANGED


def _set_lists(contact: Contact, said: Details) -> list[str]:
    changed = []
    if said.numbers is not None and _set_numbers(contact, said.numbers):
        changed.append("numbers")
    if said.ids is not None and _set_ids(contact, said.ids):
        changed.append("external_ids")
    return changed


def _set_numbers(contact: Contact, wanted: Sequence[tuple[str, str]]) -> bool:
    present = dict(ContactNumber.objects.filter(contact=contact).values_list("number", "label"))
    if present == dict(wanted):
        return False
    gone = present.keys() - dict(wanted).keys()
    ContactNumber.objects.filter(contact=contact, number__in=gone).delete()
    Choice.objects.filter(contact=contact, number__in=gone).delete()
    ContactNumber.objects.bulk_create(
        [ContactNumber(contact=contact, number=number, label=label) for number, label in wanted],
        update_conflicts=True,
        unique_fields=["contact", "number"],
        update_fields=["label"],
    )
    return True


def _set_ids(contact: Contact, wanted: Sequence[tuple[str, str]]) -> bool:
    present = set(ExternalId.objects.filter(contact=contact).values_list("system__name", "value"))
    if present == set(wanted):
        return False
    systems = {system.name: system for system in System.objects.filter(name__in={name for name, _value in wanted})}
    unknown = [name for name, _value in wanted if name not in systems]
    if unknown:
        raise HasProblems(tuple(Problem("external_ids", f"“{name[:80]}” is no system here") for name in unknown))
    for name, value in present - set(wanted):
        ExternalId.objects.filter(contact=contact, system__name=name, value=value).delete()
    fresh = [
        ExternalId(contact=contact, system=systems[name], value=value)
        for name, value in wanted
        if (name, value) not in present
    ]
    try:
        with transaction.atomic():
            ExternalId.objects.bulk_create(fresh)
    except IntegrityError:
        raise HasProblems((Problem("external_ids", "is the id of another contact already"),)) from None
    return True


def _set_calls(contact: Contact, wants_none: bool, *, by: AbstractBaseUser | None, how: How, at: datetime) -> bool:
    changed = []  # each of them, not the first that is new
    for number in ContactNumber.objects.filter(contact=contact).order_by("pk").values_list("number", flat=True):
        if wants_none:
            changed.append(opt_out(number, Channel.CALLS, how=how, by=by, at=at).at == at)
        else:
            changed.append(opt_in(number, Channel.CALLS, how=how, by=by, at=at))
    return any(changed)
