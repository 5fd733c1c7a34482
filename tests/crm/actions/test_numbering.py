from uuid import uuid4

import pytest

from crm.actions.numbering import number
from crm.models import Event
from tests.crm.factories import AT, note

pytestmark = pytest.mark.django_db


def numbered() -> list[tuple[int | None, int | None]]:
    return list(Event.objects.order_by("id").values_list("position", "sequence"))


def test_events_are_numbered_in_the_feed_and_in_their_conversation():
    one, other = uuid4(), uuid4()
    for conversation in (one, other, one, None, other):
        note(conversation=conversation)

    assert number(at=AT) == 5

    assert numbered() == [(1, 1), (2, 1), (3, 2), (4, None), (5, 2)]


def test_numbers_go_on_where_they_stopped():
    one = uuid4()
    note(conversation=one)
    number(at=AT)
    note(conversation=one)
    note()

    assert number(at=AT) == 2
    assert number(at=AT) == 0

    assert numbered() == [(1, 1), (2, 2), (3, None)]


def test_the_place_of_an_event_that_was_removed_is_not_given_again():
    note()
    number(at=AT)
    Event.objects.all().delete()
    note()

    number(at=AT)

    assert numbered() == [(2, None)]


def test_more_than_fit_into_one_transaction_are_numbered_too(monkeypatch):
    monkeypatch.setattr("crm.actions.numbering.AT_ONCE", 2)
    conversation = uuid4()
    for _ in range(5):
        note(conversation=conversation)

    assert number(at=AT) == 5

    assert numbered() == [(place, place) for place in range(1, 6)]
