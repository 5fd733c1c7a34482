"""Somebody waits in a queue: item after item, until they leave or are led out."""

from uuid import uuid4

import pytest

from ivr import actions
from ivr.kinds.base import Keys, Silence
from ivr.models import Visit
from queues.models import Entry
from telephony.payloads import VoiceRequest
from tests.ivr.actions.callers import begun, request
from tests.ivr.rows import AT
from tests.queues.factories import make_queue
from tests.scenarios import flows
from tests.scenarios.desk import story

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting() -> tuple[VoiceRequest, Visit]:
    wait = flows.queue(
        make_queue(),
        ("message", "First."),
        ("message", "Second."),
        answered="Bye",
        timed_out="Bye",
        choices={"Out": flows.Choice("Bye", "9")},
        unstaffed="never",
    )
    return begun({"Wait": wait, "Bye": flows.hang_up("Goodbye.")})


def test_items_come_one_after_the_other_and_the_turn_stays(waiting):
    caller, visit = waiting

    first, second = (actions.wait(visit.pk, 1, loop, caller, Silence(), at=AT) for loop in (0, 1))

    visit.refresh_from_db()
    assert ("First." in first, "Second." in second, visit.turn) == (True, True, 1)


def test_a_key_leads_out_of_the_queue(waiting):
    caller, visit = waiting

    answer = actions.wait(visit.pk, 1, 0, caller, Keys("9"), at=AT)

    assert "<Leave/>" in answer
    assert Entry.objects.get().state == "left"
    assert "pressed 9" in story(visit.call)


def test_who_does_not_wait_there_is_led_back_to_the_step(waiting):
    caller, visit = waiting
    asked = [(visit.pk, 2, caller), (visit.pk, 1, request()), (uuid4(), 1, caller)]

    answers = [actions.wait(one, turn, 0, who, Silence(), at=AT) for one, turn, who in asked]
    Visit.objects.update(position={"written": "by another release"})
    answers.append(actions.wait(visit.pk, 1, 0, caller, Silence(), at=AT))

    assert all(answer.endswith("<Response><Leave/></Response>") for answer in answers)
    assert Entry.objects.get().state == "waiting"
