"""Whose events are: the contact, where it is exactly known, and the CRM's own record of the order."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from contacts.models import Choice, ContactNumber
from crm.models import Event
from outbound.models import Order

# The number of the customer in each conversation: of the first leg that is nobody's who works here.
NUMBERS = """
SELECT DISTINCT ON (leg.conversation) leg.conversation,
    CASE WHEN leg.direction LIKE 'outbound%%' THEN leg.to_number ELSE leg.from_number END
FROM calls_call AS leg
WHERE leg.conversation = ANY (%(conversations)s) AND leg.parent_id IS NULL AND NOT EXISTS (
    SELECT FROM conferences_participant WHERE call_id = leg.id AND role <> 'customer')
ORDER BY leg.conversation, leg.started_at, leg.id
"""
FILL = """
UPDATE crm_event SET {column} = found.value
FROM unnest(%(conversations)s::uuid[], %(values)s::{type}[]) AS found (conversation, value)
WHERE crm_event.id = ANY (%(ids)s) AND crm_event.conversation = found.conversation AND {empty}
"""


def note_whose(ids: Collection[int]) -> None:
    """Fill in contact and reference of events where whoever wrote them down did not know."""
    fresh = Event.objects.filter(pk__in=ids, conversation__isnull=False)
    conversations = {one for one in fresh.values_list("conversation", flat=True) if one is not None}
    if not conversations:
        return
    orders = Order.objects.filter(conversation__in=conversations).exclude(reference="")
    references = dict(orders.values_list("conversation", "reference"))
    _fill(FILL.format(column="reference", type="text", empty="crm_event.reference = ''"), ids, references)
    contacts = _contacts(_numbers(conversations))
    _fill(FILL.format(column="contact", type="uuid", empty="crm_event.contact IS NULL"), ids, contacts)


def exact(numbers: Iterable[str]) -> dict[str, UUID]:
    """Give the contact of each number: whom somebody chose for it, else the only one who has it."""
    wanted = set(numbers)
    found: dict[str, UUID] = {}
    several: set[str] = set()
    for number, contact in ContactNumber.objects.filter(number__in=wanted).values_list("number", "contact"):
        if found.setdefault(number, contact) != contact:
            several.add(number)
    chosen = dict(Choice.objects.filter(number__in=wanted).values_list("number", "contact"))
    return {number: contact for number, contact in found.items() if number not in several} | chosen


def _numbers(conversations: Collection[UUID]) -> dict[UUID, str]:
    with connection.cursor() as cursor:
        cursor.execute(NUMBERS, {"conversations": list(conversations)})
        return dict(cursor.fetchall())


def _contacts(numbers: Mapping[UUID, str]) -> dict[UUID, UUID]:
    known = exact(numbers.values()) if numbers else {}
    return {conversation: known[number] for conversation, number in numbers.items() if number in known}


def _fill(statement: str, ids: Collection[int], values: Mapping[UUID, Any]) -> None:
    if values:
        with connection.cursor() as cursor:
            found: dict[str, Any] = {"conversations": list(values), "values": list(values.values()), "ids": list(ids)}
            cursor.execute(statement, found)
