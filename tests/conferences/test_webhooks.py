"""The addresses that Twilio asks, as requests. What every webhook has in common is tested for all of them at once."""

import pytest
from django.test import Client
from django.urls import reverse

from conferences.models import Announcement
from conferences.room import Role
from conferences.states import LegState
from telephony.models import Delivery
from tests import signed
from tests.conferences.factories import conference, customer, person

pytestmark = pytest.mark.django_db


def test_a_leg_that_was_rung_is_brought_into_its_conference(client: Client) -> None:
    room = conference()
    customer(room)
    guest = person(room, Role.GUEST, LegState.RINGING)
    fields = {"CallSid": guest.call_sid, "CallStatus": "in-progress"}

    answer = signed.post(client, reverse("voice-participant", args=[guest.pk]), fields)

    assert room.name in answer.content.decode()
    guest.refresh_from_db()
    assert guest.state == LegState.TAKEN


def test_news_of_the_conference_and_of_the_leg_is_taken_in(client: Client) -> None:
    room = conference()
    caller = customer(room, LegState.TAKEN)
    joined = {
        "StatusCallbackEvent": "participant-join",
        "FriendlyName": room.name,
        "ConferenceSid": room.sid,
        "CallSid": caller.call_sid,
        "ParticipantLabel": caller.label,
        "SequenceNumber": "2",
        "Hold": "false",
        "Muted": "false",
        "Coaching": "false",
    }

    assert signed.post(client, "/webhooks/conference", joined).status_code == 204

    caller.refresh_from_db()
    assert caller.state == LegState.JOINED


def test_keys_that_are_played_are_in_no_record_of_requests(client: Client) -> None:
    room = conference()
    said = Announcement.objects.create(conference=room, digits="4711", at=room.opened_at)

    answer = signed.post(client, reverse("voice-announcement", args=[said.pk]), {"CallSid": "CA1"})

    assert "4711" in answer.content.decode()
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("name", ["voice-alone", "voice-hold", "voice-moment", "voice-released"])
def test_what_is_heard_needs_no_database(client: Client, name: str, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert signed.post(client, reverse(name), {"CallSid": "CA1"}).status_code == 200
