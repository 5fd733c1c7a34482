from uuid import uuid4

import pytest

from crm.actions import events
from crm.catalogue import TYPES
from crm.models import Event
from tests.crm.factories import AT, note

pytestmark = pytest.mark.django_db


def test_an_event_is_written_in_one_statement(django_assert_num_queries):
    conversation = uuid4()

    with django_assert_num_queries(1):
        events.note("call.started", conversation=conversation, data=TYPES["call.started"].example, at=AT)

    event = Event.objects.get()
    assert (event.type, event.version, event.occurred_at, event.conversation) == ("call.started", 1, AT, conversation)
    assert event.data == TYPES["call.started"].example
    assert (event.position, event.sequence, event.only) == (None, None, None)


def test_a_type_that_is_not_in_the_catalogue_is_refused():
    with pytest.raises(KeyError):
        events.note("call.exploded", data={}, at=AT)


def test_an_event_is_numbered_when_it_is_committed(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        event = note(conversation=uuid4())

    event.refresh_from_db()
    assert (event.position, event.sequence) == (1, 1)
