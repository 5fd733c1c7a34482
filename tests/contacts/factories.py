"""Contacts and their surroundings, with sensible defaults."""

from datetime import UTC, datetime
from typing import Any

from contacts.models import Contact, ContactNumber, ExternalId, System

AT = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
CALLER = "+14155550123"


def contact(name: str = "Caller 1", *numbers: str, at: datetime = AT, **fields: Any) -> Contact:
    """Make a contact with these numbers, or with that of the caller."""
    made = Contact.objects.create(name=name, created_at=at, updated_at=at, **fields)
    ContactNumber.objects.bulk_create([ContactNumber(contact=made, number=one) for one in numbers or (CALLER,)])
    return made


def system(name: str = "CRM", **fields: Any) -> System:
    return System.objects.create(name=name, **fields)


def external_id(contact: Contact, system: System, value: str) -> ExternalId:
    return ExternalId.objects.create(contact=contact, system=system, value=value)
