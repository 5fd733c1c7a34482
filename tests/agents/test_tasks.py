"""The sweep of presence, as the clock starts it."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from agents import actions, presence, tasks
from agents.models import PresenceChange
from tests.agents import factories as people

pytestmark = pytest.mark.django_db


def test_the_sweep_notes_a_desk_that_fell_silent():
    long_ago = timezone.now() - timedelta(minutes=5)
    agent = people.ready_agent(at=long_ago)
    actions.heartbeat(agent.pk, microphone="allowed", phone_registered=True, at=long_ago)

    tasks.sweep.delay()

    assert PresenceChange.objects.present().get(agent=agent).standing == "offline"


def test_the_sweep_comes_often_enough_for_a_short_cool_off():
    beat = settings.CELERY_BEAT_SCHEDULE["sweep-agents"]

    assert beat["task"] == tasks.sweep.name
    assert beat["schedule"] <= presence.HEARTBEAT.total_seconds()
    assert beat["options"]["expires"] <= 2 * beat["schedule"]
