from datetime import timedelta
from uuid import uuid4

import pytest

from contacts.models import Choice, Contact, ContactNumber
from crm.actions.numbering import number
from crm.actions.whose import exact
from tests.calls.factories import make_call
from tests.crm.factories import AT, note

pytestmark = pytest.mark.django_db
NUMBER = "+14155550123"


def contact(*numbers: str) -> Contact:
    made = Contact.objects.create(created_at=AT, updated_at=AT)
    for one in numbers:
        ContactNumber.objects.create(contact=made, number=one)
    return made


def test_the_contact_is_the_only_one_with_the_number_or_the_one_that_was_chosen(boss):
    only, one, other = contact("+14155550101"), contact(NUMBER), contact(NUMBER)

    assert exact(["+14155550101", NUMBER, "+14155550199"]) == {"+14155550101": only.pk}

    Choice.objects.create(contact=other, number=NUMBER, by=boss, at=AT)
    assert exact([NUMBER]) == {NUMBER: other.pk}
    assert one.pk != other.pk


def test_events_of_a_conversation_name_the_contact_who_calls():
    known = contact(NUMBER)
    call = make_call(from_number=NUMBER)
    make_call(
        conversation=call.conversation,
        direction="outbound-api",
        to_number="client:ada",
        from_number="+15005550100",
        started_at=call.started_at + timedelta(seconds=5),
    )
    event = note(conversation=call.conversation)
    unknown = note(conversation=uuid4())

    number(at=AT)

    event.refresh_from_db()
    unknown.refresh_from_db()
    assert event.contact == known.pk
    assert unknown.contact is None
