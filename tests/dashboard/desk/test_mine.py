"""My state in words."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agents.models import Agent, Reason
from agents.states import Activity, Chosen, Microphone
from dashboard.desk.mine import mine
from dashboard.desk.viewer import Viewer

pytestmark = pytest.mark.django_db


def told(ann, **changes):
    Agent.objects.filter(pk=ann.pk).update(**changes)
    fresh = Agent.objects.observed().get(pk=ann.pk)
    return mine(Viewer(fresh, fresh.user, timezone.now()))


def test_who_is_ready_reads_so_and_no_obstacle(ann):
    found = told(ann)

    assert found.word.text == "Ready"
    assert found.chose == "You chose to be ready."
    assert found.why_not == ()
    assert [choice.text for choice in found.choices if choice.is_chosen] == ["Ready"]


def test_what_keeps_calls_away_is_said_in_sentences(ann):
    found = told(ann, microphone=Microphone.BLOCKED)

    assert found.word.text == "Ready, but cannot be rung"
    assert found.why_not == ("The microphone is blocked. Allow it for this page in the browser.",)


def test_a_choice_made_in_a_call_is_told_for_afterwards(ann):
    lunch = Reason.objects.get(name="Lunch")

    found = told(ann, chosen=Chosen.NOT_READY, reason=lunch, chosen_at=timezone.now(), activity=Activity.TALKING)

    assert found.word.text == "On a call"
    assert found.chose == "After this you are not ready: Lunch."
    assert found.why_not == ()


def test_a_pause_that_lasts_too_long_is_reminded_of(ann):
    lunch = Reason.objects.get(name="Lunch")
    Reason.objects.filter(pk=lunch.pk).update(warn_minutes=30, limit_minutes=45)
    long_ago = timezone.now() - timedelta(minutes=31)

    found = told(ann, chosen=Chosen.NOT_READY, reason=lunch, chosen_at=long_ago)

    assert found.reminder == "Lunch has lasted 30 minutes."


def test_automatic_reasons_cannot_be_chosen(ann):
    automatic = Reason.objects.get(is_automatic=True)

    assert automatic.name not in [choice.text for choice in told(ann).choices]
