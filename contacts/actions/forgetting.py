"""What an erasure takes from contacts: a number, and with the last one the whole contact."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import Q

from contacts.actions.changing import Gone, locked, save_changed
from contacts.models import Change, Choice, Contact, ContactNumber, ExternalId, OptOut
from contacts.signals import contacts_changed
from contacts.states import What


def forget(contact_id: UUID, number: str, *, by: AbstractBaseUser | None, at: datetime) -> Counter[str]:
    """Take a number from a contact; without another number the contact goes, with its ids and its history.

    Gives how many rows went, by their model. Sends `contacts_changed`; who is gone already is as good.
    """
    with transaction.atomic():
        try:
            contact = locked(contact_id)[0]
        except Gone:
            return Counter()
        if ContactNumber.objects.filter(contact=contact).exclude(number=number).exists():
            went = Counter(ContactNumber.objects.filter(contact=contact, number=number).delete()[1])
            went += Counter(Choice.objects.filter(contact=contact, number=number).delete()[1])
            save_changed(contact, at=at)
            _note(contact, by=by, at=at)
            contacts_changed.send(sender=Contact, contacts=[contact], what=What.CHANGED, at=at)
            return went
        went = Counter(ContactNumber.objects.filter(contact=contact).delete()[1])
        went += Counter(ExternalId.objects.filter(contact=contact).delete()[1])
        contact.name, contact.attributes = "", {}  # whoever is told of it is told no more than which it was
        contacts_changed.send(sender=Contact, contacts=[contact], what=What.DELETED, at=at)
        went += Counter(Contact.objects.filter(pk=contact.pk).delete()[1])
        history = Change.objects.filter(Q(contact=contact.pk) | Q(other=contact.pk))
        return went + Counter(history.delete()[1])


def forget_opt_out(entry_id: UUID) -> Counter[str]:
    """Delete an entry of the ledger that has ended; one in force stays."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL contacts.erasing = 'on'")
        went = Counter(OptOut.objects.filter(pk=entry_id, ended_at__isnull=False).delete()[1])
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL contacts.erasing = 'off'")
    return went


def _note(contact: Contact, *, by: AbstractBaseUser | None, at: datetime) -> None:
    detail = {"fields": ["numbers"]}
    Change.objects.create(contact=contact.pk, what=What.CHANGED, detail=detail, by_id=by.pk if by else None, at=at)
