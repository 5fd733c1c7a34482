"""Events for other systems: they end by rules, and go with a person."""

import pytest

from conferences.models import Conference
from contacts.actions import changing
from contacts.models import Contact
from contacts.signals import contacts_changed
from contacts.states import What
from crm.models import Delivery, Event, Try
from retention.actions.conversations import delete_calls
from tests.calls.factories import AT, make_call
from tests.contacts.factories import contact
from tests.retention import rows

pytestmark = pytest.mark.django_db


def test_with_a_call_go_the_events_of_its_conversation_and_what_was_sent_of_them():
    call = make_call(status="completed")
    rows.sent(conversation=call.conversation)
    rows.sent(call=call.pk)
    other = rows.sent()

    went = delete_calls({call.pk}, rooms=Conference.objects.none(), deleted_for="a test", at=AT)

    assert went["crm.Event"] == 2
    assert list(Delivery.objects.all()) == [other]
    assert Try.objects.count() == 1


def test_the_events_of_a_conversation_stay_as_long_as_there_is_another_call_of_it():
    call = make_call(status="completed")
    make_call(conversation=call.conversation)
    about_it = rows.sent(conversation=call.conversation, call=call.pk)
    about_all = rows.sent(conversation=call.conversation)

    delete_calls({call.pk}, rooms=Conference.objects.none(), deleted_for="a test", at=AT)

    assert list(Event.objects.all()) == [about_all.event]
    assert about_it.event_id != about_all.event_id


def test_what_was_told_of_a_contact_goes_with_the_contact():
    known = contact("Ada", "+14155550123")
    contacts_changed.send(sender=Contact, contacts=[known], what=What.CHANGED, at=AT)
    assert Event.objects.get().data["name"] == "Ada"

    changing.delete(known.pk, at=AT)

    (event,) = Event.objects.all()
    assert (event.data["what"], event.data["name"], event.data["numbers"]) == ("deleted", "", [])
