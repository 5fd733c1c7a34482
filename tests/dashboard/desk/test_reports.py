"""What the page reports of itself."""

import jwt
import pytest
from django.urls import reverse
from django.utils import timezone

from agents.models import Agent
from agents.states import Microphone
from conferences.models import Participant
from conferences.states import LegState
from tests.dashboard.desk.factories import conversation

pytestmark = pytest.mark.django_db


def test_a_heartbeat_tells_of_microphone_and_phone(desk, ann):
    Agent.objects.update(phone_registered=False, microphone=Microphone.UNKNOWN, desk_seen_at=None)

    answer = desk.post(reverse("desk-heartbeat"), {"microphone": "allowed", "registered": "yes"})

    assert answer.status_code == 204
    ann.refresh_from_db()
    assert ann.phone_registered
    assert ann.microphone == Microphone.ALLOWED
    assert timezone.now() - ann.desk_seen_at < timezone.timedelta(seconds=10)


def test_the_last_beat_of_a_page_promises_nothing(desk, ann):
    desk.post(reverse("desk-heartbeat"), {"microphone": "allowed", "registered": "no"})

    ann.refresh_from_db()
    assert not ann.phone_registered


def test_a_microphone_in_an_unknown_state_is_refused(desk):
    assert desk.post(reverse("desk-heartbeat"), {"microphone": "broken"}).status_code == 400


def test_the_token_is_for_the_agents_own_phone_and_lets_nobody_be_rung(desk, ann, settings):
    settings.TWILIO_API_KEY, settings.TWILIO_API_SECRET = "SK" + "7" * 32, "a-secret-of-thirty-two-characters"

    answer = desk.post(reverse("desk-phone-token"))

    grants = jwt.decode(answer.json()["token"], settings.TWILIO_API_SECRET, algorithms=["HS256"])["grants"]
    assert grants["identity"] == ann.identity
    assert grants["voice"] == {"incoming": {"allow": True}}
    assert answer.json()["seconds"] >= 300
    assert "no-store" in answer["Cache-Control"]


def test_without_a_key_the_page_is_told_so(desk, settings):
    settings.TWILIO_API_KEY = ""

    answer = desk.post(reverse("desk-phone-token"))

    assert answer.status_code == 503
    assert answer.json() == {"error": "The browser phone is not set up on this server."}


def test_warnings_are_kept_with_the_leg(desk, ann):
    _, mine, _, _ = conversation(ann, leg=LegState.JOINED)

    desk.post(reverse("desk-phone-quality"), {"warning": ["high-rtt", "low-mos"]})

    kept = Participant.objects.get(pk=mine.pk).quality
    assert [warning["name"] for warning in kept] == ["high-rtt", "low-mos"]


def test_a_warning_without_a_call_is_nothing(desk):
    assert desk.post(reverse("desk-phone-quality"), {"warning": "high-rtt"}).status_code == 204
