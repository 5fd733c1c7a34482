from uuid import uuid4

import pytest

from crm.models import Event
from tests.crm.factories import AT, note

pytestmark = pytest.mark.django_db


def test_an_event_is_told_with_its_place_and_without_the_numbers_within():
    conversation = uuid4()
    event = note(conversation=conversation)
    event.position, event.sequence = 7, 2

    told = event.as_told({"call": "masked"})

    assert told == {
        "id": str(event.key),
        "type": "call.started",
        "version": 1,
        "occurred_at": AT,
        "position": 7,
        "conversation": str(conversation),
        "sequence": 2,
        "contact": None,
        "reference": "",
        "data": {"call": "masked"},
    }


def test_only_what_has_its_place_is_told():
    note()

    assert not Event.objects.told().exists()
    assert Event.objects.unnumbered().count() == 1
