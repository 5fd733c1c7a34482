"""A contact is made, changed, chosen and deleted; each leaves a line of what was done."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction

from contacts.actions.opting import opt_all_in, opt_all_out
from contacts.details import Block, Details, HasProblems, Problem, settled
from contacts.models import Change, Choice, Contact, ContactNumber, ExternalId, System
from contacts.signals import contacts_changed
from contacts.states import Channel, How, What
from telephony import numbers

Said: TypeAlias = Sequence[tuple[Contact, Details]]


class Gone(Exception):
    """There is no such contact any more."""


class Different(Exception):
    """The contact is not any more as whoever changes it has seen it."""


class NotTheirs(Exception):
    """The contact does not have this number, or this id."""


def create(said: Details, *, by: AbstractBaseUser | None = None, how: How, at: datetime) -> Contact:
    """Make a contact. `how` is kept with the opt-outs that are made of `do_not_call`.

    Raises HasProblems: also where an id elsewhere is another contact's. Sends `contacts_changed`.
    """
    return create_many([settled(said, country=settings.DEFAULT_COUNTRY)], by=by, how=how, at=at)[0]


def create_many(wanted: Sequence[Details], *, by: AbstractBaseUser | None, how: How, at: datetime) -> list[Contact]:
    """Make contacts of details that are settled already, in a few statements for all. Raises HasProblems as `create`.

    Sends `contacts_changed`.
    """
    made = [(Contact(created_at=at, updated_at=at), said) for said in wanted]
    contacts = [contact for contact, _said in made]
    with transaction.atomic():
        for contact, said in made:
            _set(contact, said, at=at)
        Contact.objects.bulk_create(contacts)
        _set_numbers(made)
        _set_ids(made)
        _set_calls({contact.pk: True for contact, said in made if said.do_not_call}, by=by, how=how, at=at)
        _note_many([(contact, What.CREATED, {}) for contact in contacts], by=by, at=at)
    return contacts


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

    Sends `contacts_changed` where something is different.
    """
    with transaction.atomic():
        contact = locked(contact_id)[0]
        if version is not None and version != contact.version:
            raise Different
        said = settled(said, country=contact.country or settings.DEFAULT_COUNTRY)
        _change([(contact, said)], by=by, how=how, at=at)
    return contact


def change_many(
    wanted: Sequence[tuple[UUID, int | None, Details]], *, by: AbstractBaseUser | None, how: How, at: datetime
) -> set[UUID]:
    """Change several contacts by details that are settled already; returns those that are different now.

    Each is meant once, and in the version that was seen, if one is given. It takes a few statements however many they
    are. Raises Gone, Different, HasProblems. Sends `contacts_changed`.
    """
    with transaction.atomic():
        contacts = locked(*(contact_id for contact_id, _version, _said in wanted))
        for contact, (_id, version, _said) in zip(contacts, wanted, strict=True):
            if version not in (None, contact.version):
                raise Different
        said = [said for _id, _version, said in wanted]
        return _change(list(zip(contacts, said, strict=True)), by=by, how=how, at=at)


def note_saved(contact_id: UUID, *, is_new: bool, fields: Iterable[str], by: AbstractBaseUser, at: datetime) -> None:
    """Note that a form has saved a contact with its lists: it gets its next version. Sends `contacts_changed`."""
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
        return bool(_set_calls({locked(contact_id)[0].pk: wants_none}, by=by, how=how, at=at))


def choose(number: str, contact_id: UUID, *, by: AbstractBaseUser, at: datetime) -> None:
    """Remember which of several contacts calls from a number. Raises Gone and NotTheirs. Sends `contacts_changed`."""
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

    Sends `contacts_changed` while its row is still there.
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
    _note_many([(contact, what, detail or {})], other=other, by=by, at=at)


def save_changed(*contacts: Contact, at: datetime) -> None:
    """Save all of locked contacts as their next versions, in one statement."""
    for contact in contacts:
        contact.updated_at = at
        contact.version += 1
    fields = [*FIELDS, "blocked_at", "blocked_until", "blocked_because", "version", "updated_at"]
    # they are there, for they are locked: it is only their columns that are written
    Contact.objects.bulk_create(contacts, update_conflicts=True, unique_fields=["id"], update_fields=fields)


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


def _change(wanted: Said, *, by: AbstractBaseUser | None, how: How, at: datetime) -> set[UUID]:
    were_blocked = {contact.pk for contact, _said in wanted if contact.blocked_at is not None}
    changed = {contact.pk: set(_set(contact, said, at=at)) for contact, said in wanted}
    calls = {contact.pk: said.do_not_call for contact, said in wanted if said.do_not_call is not None}
    for field, those in (
        ("numbers", _set_numbers(wanted)),
        ("external_ids", _set_ids(wanted)),
        ("do_not_call", _set_calls(calls, by=by, how=how, at=at)),  # of the numbers that they have now
    ):
        for contact_id in those:
            changed[contact_id].add(field)
    different = [contact for contact, _said in wanted if changed[contact.pk]]
    if different:
        save_changed(*different, at=at)
        told = [
            (contact, _what(contact.pk in were_blocked, contact), {"fields": sorted(changed[contact.pk])})
            for contact in different
        ]
        _note_many(told, by=by, at=at)
    return {contact.pk for contact in different}


def _set_numbers(wanted: Said) -> set[UUID]:
    """Give contacts the numbers that are said of them; returns whose are different now."""
    meant = {contact.pk: dict(said.numbers) for contact, said in wanted if said.numbers is not None}
    present: dict[UUID, dict[str, str]] = {contact_id: {} for contact_id in meant}
    rows = dict[tuple[UUID, str], int]()
    if meant:
        found = ContactNumber.objects.filter(contact__in=meant).values_list("pk", "contact", "number", "label")
        for pk, contact_id, number, label in found:
            present[contact_id][number] = label
            rows[contact_id, number] = pk
    changed = {contact_id for contact_id, numbers_ in meant.items() if numbers_ != present[contact_id]}
    gone = {one for one in rows if one[0] in changed and one[1] not in meant[one[0]]}
    if gone:
        ContactNumber.objects.filter(pk__in=[rows[one] for one in gone]).delete()
        choices = Choice.objects.filter(contact__in={contact_id for contact_id, _number in gone})
        chosen = choices.values_list("pk", "contact", "number")
        Choice.objects.filter(pk__in=[pk for pk, *one in chosen if tuple(one) in gone]).delete()
    ContactNumber.objects.bulk_create(
        [
            ContactNumber(contact_id=contact_id, number=number, label=label)
            for contact_id, theirs in meant.items()
            for number, label in theirs.items()
            if contact_id in changed
        ],
        update_conflicts=True,
        unique_fields=["contact", "number"],
        update_fields=["label"],
    )
    return changed


def _set_ids(wanted: Said) -> set[UUID]:
    """Give contacts the ids elsewhere that are said of them; returns whose are different now."""
    meant = {contact.pk: said.ids for contact, said in wanted if said.ids is not None}
    if not meant:
        return set()
    systems = dict(System.objects.values_list("name", "pk"))
    names = dict.fromkeys(name for ids in meant.values() for name, _value in ids)
    if unknown := [name for name in names if name not in systems]:
        raise HasProblems(tuple(Problem("external_ids", f"“{name[:80]}” is no system here") for name in unknown))
    present: dict[UUID, dict[tuple[str, str], int]] = {contact_id: {} for contact_id in meant}
    found = ExternalId.objects.filter(contact__in=meant).values_list("pk", "contact", "system__name", "value")
    for pk, contact_id, name, value in found:
        present[contact_id][name, value] = pk
    changed = {contact_id for contact_id, ids in meant.items() if set(ids) != present[contact_id].keys()}
    gone = [pk for one in changed for written, pk in present[one].items() if written not in meant[one]]
    if gone:
        ExternalId.objects.filter(pk__in=gone).delete()
    fresh = [
        ExternalId(contact_id=contact_id, system_id=systems[name], value=value)
        for contact_id, ids in meant.items()
        for name, value in ids
        if (name, value) not in present[contact_id]
    ]
    try:
        with transaction.atomic():
            ExternalId.objects.bulk_create(fresh)
    except IntegrityError:
        raise HasProblems((Problem("external_ids", "is the id of another contact already"),)) from None
    return changed


def _set_calls(wanted: Mapping[UUID, bool], *, by: AbstractBaseUser | None, how: How, at: datetime) -> set[UUID]:
    """Note for all numbers of contacts whether they want no calls; returns of whom that is new."""
    if not wanted:
        return set()
    theirs = list(ContactNumber.objects.filter(contact__in=wanted).values_list("contact", "number"))
    back = {number for contact_id, number in theirs if not wanted[contact_id]}
    out = {number for contact_id, number in theirs if wanted[contact_id]}
    # of who share a number, one who wants no calls is enough
    new = opt_all_in(back, Channel.CALLS, how=how, by=by, at=at) | opt_all_out(
        out, Channel.CALLS, how=how, by=by, at=at
    )
    return {contact_id for contact_id, number in theirs if number in new}


def _note_many(
    told: Sequence[tuple[Contact, What, Mapping[str, object]]],
    *,
    other: UUID | None = None,
    by: AbstractBaseUser | None,
    at: datetime,
) -> None:
    by_id = by.pk if by else None
    Change.objects.bulk_create(
        [
            Change(contact=contact.pk, other=other, what=what, detail=dict(detail), by_id=by_id, at=at)
            for contact, what, detail in told
        ]
    )
    for what in dict.fromkeys(what for _contact, what, _detail in told):
        contacts = [contact for contact, done, _detail in told if done == what]
        contacts_changed.send(sender=Contact, contacts=contacts, what=what, at=at)
