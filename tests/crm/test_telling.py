import json
from uuid import uuid4

import pytest

from crm import telling
from crm.catalogue import TYPES
from crm.viewing import Viewer
from tests.crm.factories import note

pytestmark = pytest.mark.django_db
EVERYTHING = Viewer(types=frozenset(TYPES), sees_numbers=True)


def test_an_event_is_told_with_its_place_and_without_the_numbers_within():
    conversation = uuid4()
    event = note(conversation=conversation)
    event.position, event.sequence = 7, 2

    told = telling.envelope(event, EVERYTHING)

    assert told == {
        "id": str(event.key),
        "type": "call.started",
        "version": 1,
        "occurred_at": "2026-03-02T09:15:00.000Z",
        "position": 7,
        "conversation": str(conversation),
        "sequence": 2,
        "contact": None,
        "reference": "",
        "data": TYPES["call.started"].example,
    }
    assert json.loads(telling.body(event, EVERYTHING)) == told


def test_numbers_are_masked_for_who_may_not_see_them():
    event = note()

    told = telling.envelope(event, Viewer(types=frozenset(TYPES)))

    assert told["data"]["call"]["from_number"] == "+1202****142"
