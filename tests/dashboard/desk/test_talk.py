"""The middle of the desk: a ring, a call, a line that broke."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from agents.roles import SUPERVISOR
from conferences.models import Conference, Participant
from conferences.room import Phase, Role
from conferences.states import LegState
from tests.agents.factories import agent as make_agent
from tests.agents.factories import ready_agent, user
from tests.dashboard.desk.factories import conversation, panel
from tests.patience import PATIENCE

pytestmark = pytest.mark.django_db


def test_a_ring_tells_who_calls_what_they_pressed_and_how_long_they_wait(desk, ann):
    conversation(ann, leg=LegState.RINGING, phase=Phase.OPENING)

    text = panel(desk, "talk")

    assert "Incoming call" in text
    assert "+1 415-555-0123" in text
    assert "English (US)" in text or "English" in text
    assert "pressed 2" in text
    assert "For support, press 2." in text
    assert 'id="press-answer"' in text
    assert any(73 <= int(since) < 73 + PATIENCE for since in re.findall(r'data-since="(\d+)"', text))


def test_a_ring_on_a_telephone_is_picked_up_there(desk, ann):
    _, mine, _, _ = conversation(ann, leg=LegState.RINGING, phase=Phase.OPENING)
    Participant.objects.filter(pk=mine.pk).update(endpoint="number", address="+15005550199")

    text = panel(desk, "talk")

    assert "Pick it up there" in text
    assert 'id="press-answer"' not in text


def test_a_call_shows_only_what_is_legal_and_who_hears_whom(desk, ann):
    conference, _, caller, _ = conversation(ann, leg=LegState.JOINED)

    talking = panel(desk, "talk")
    Conference.objects.filter(pk=conference.pk).update(held=True)
    Participant.objects.filter(pk=caller.pk).update(held=True, wants_held=True)
    held = panel(desk, "talk")

    assert "You and the caller hear each other." in talking
    assert "/desk/do/hold" in talking
    assert "/desk/do/unhold" not in talking
    assert "/desk/do/complete" not in talking
    assert "The caller is on hold, with music, and hears nobody." in held
    assert "/desk/do/unhold" in held


def test_a_wish_that_twilio_has_not_confirmed_is_told_as_one(desk, ann):
    _, _, caller, _ = conversation(ann, leg=LegState.JOINED)
    Participant.objects.filter(pk=caller.pk).update(wants_held=True)

    text = panel(desk, "talk")

    assert "is being put on hold" in text
    assert "You and the caller hear each other." in text


def test_who_listens_in_is_shown_only_when_the_agent_is_told(desk, ann):
    conference, _, _, _ = conversation(ann, leg=LegState.JOINED)
    kim = make_agent("Kim")
    leg = Participant.objects.create(
        conference=conference,
        role=Role.SUPERVISOR,
        agent=kim,
        endpoint="browser",
        address="client:kim",
        state=LegState.JOINED,
        muted=True,
        wants_muted=True,
        wanted_at=timezone.now(),
    )

    secret = panel(desk, "talk")
    leg.supervisions.create(by=user(SUPERVISOR), mode="listen", told=True, at=timezone.now())
    told = panel(desk, "talk")

    assert "Kim" not in secret
    assert "Kim is muted" in told


def test_a_line_that_broke_offers_to_come_back(desk, ann):
    now = timezone.now()
    _, mine, _, _ = conversation(ann, leg=LegState.JOINED, phase=Phase.RECOVERING, due_at=now + timedelta(seconds=20))
    Participant.objects.filter(pk=mine.pk).update(state=LegState.LEFT, outcome="lost", left_at=now)

    text = panel(desk, "talk")

    assert "Your line broke" in text
    assert "/desk/do/rejoin" in text
    assert "/desk/do/give-back" in text


def test_numbers_are_hidden_from_who_may_not_see_them(client):
    person = user(username="cleo")
    person.user_permissions.add(*_permissions("use_desk"))
    cleo = ready_agent("Cleo", account=person, at=timezone.now())
    conversation(cleo, leg=LegState.RINGING, phase=Phase.OPENING)
    client.force_login(person)

    text = panel(client, "talk")

    assert "415-555-0123" not in text
    assert "****" in text


def _permissions(*names):
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(codename__in=names)


def test_somebody_elses_call_is_not_shown(desk, ann):
    conversation(ready_agent("Bo"), leg=LegState.JOINED)

    assert "No call right now" in panel(desk, "talk")


def test_who_was_asked_and_did_not_come_is_told_for_a_while(desk, ann):
    now = timezone.now()
    conference, _, _, _ = conversation(ann, leg=LegState.JOINED)
    asked = Participant.objects.create(
        conference=conference,
        role=Role.TARGET,
        agent=ready_agent("Bo"),
        endpoint="browser",
        address="client:bo",
        state=LegState.LEFT,
        outcome="declined",
        wanted_at=now,
        left_at=now,
    )

    told = panel(desk, "talk")
    Participant.objects.filter(pk=asked.pk).update(left_at=now - timedelta(minutes=2))
    later = panel(desk, "talk")

    assert "Bo declined." in told
    assert "Bo declined." not in later
