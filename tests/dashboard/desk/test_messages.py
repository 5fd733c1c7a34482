"""What is pressed about messages: the own mailboxes alone, as it was seen, every refusal in words."""

import re

import pytest
from django.utils import timezone

from agents.models import Agent
from agents.roles import AGENT
from recordings.models import Voicemail
from tests.agents.factories import ready_agent, user
from tests.dashboard.desk.factories import panel, press, said
from tests.recordings.factories import make_mailbox, make_user, make_voicemail

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("any_hour")]


@pytest.fixture
def message(ann):
    mailbox = make_mailbox("Sales")
    mailbox.members.add(ann.user)
    return make_voicemail(mailbox, left_at=timezone.now())


def row(client):
    """The row of the only message, as the page has it."""
    return re.search(r'name="row" value="([^"]+)"', panel(client, "inbox"))[1]


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("take-message", "yours"),
        ("finish-message", "No messages."),
        ("call-back", "You are calling now."),
    ],
)
def test_a_message_is_worked_on_and_the_panel_comes_back_as_it_is_then(desk, message, what, words):
    answer = press(desk, what, on="panel-inbox", row=row(desk))

    assert answer.status_code == 200
    assert words in answer.content.decode()


def test_what_was_done_is_undone_at_once(desk, message):
    answer = press(desk, "finish-message", on="panel-inbox", row=row(desk))
    assert "is done." in answer.content.decode()

    press(desk, "reopen-message", row=row(desk))

    message.refresh_from_db()
    assert not message.is_done


def test_a_message_is_passed_on_to_a_colleague_and_given_back(desk, ann, message):
    ben = ready_agent("Ben", account=user(AGENT, username="ben"))
    message.mailbox.members.add(ben.user)

    press(desk, "assign-message", row=row(desk), to=ben.user.pk)
    message.refresh_from_db()
    assert message.taken_by == ben.user
    press(desk, "take-over-message", row=row(desk))
    message.refresh_from_db()
    assert message.taken_by == ann.user
    press(desk, "release-message", row=row(desk))

    message.refresh_from_db()
    assert message.taken_by is None


@pytest.mark.parametrize("what", ["take-message", "finish-message", "call-back"])
def test_who_is_slower_at_a_message_is_told_who_has_it(desk, message, what):
    ben = ready_agent("Ben", account=user(AGENT, username="ben"))
    old = row(desk)
    Voicemail.objects.update(taken_by=ben.user)

    answer = press(desk, what, row=old)

    assert (answer.status_code, said(answer)["text"]) == (409, "ben looks after it.")


def test_a_message_of_a_mailbox_of_others_is_not_there(desk, message):
    old = row(desk)
    message.mailbox.members.clear()

    assert "not there any more" in said(press(desk, "take-message", row=old))["text"]
    assert "not there any more" in said(press(desk, "take-message", row="nonsense"))["text"]


def test_who_may_only_listen_has_no_buttons(client, message):
    lead = make_user("listener", "agents.use_desk")
    ready_agent("Listener", account=lead, at=timezone.now())
    message.mailbox.members.add(lead)
    client.force_login(lead)

    text = panel(client, "inbox")

    assert "+1415****123" in text
    assert 'name="row"' not in text
    assert "not work on them" in said(press(client, "take-message", row="x"))["text"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"activity": "talking"}, "You are on a call, or are being rung."),
        ({"phone_registered": False}, "You have no phone that can ring now: see My phone."),
    ],
)
def test_why_nobody_is_called_back_is_told(desk, ann, message, fields, words):
    Agent.objects.update(**fields)

    assert said(press(desk, "call-back", row=row(desk)))["text"] == words


def test_the_desk_says_that_the_own_phone_rings_first(desk, ann, message):
    press(desk, "call-back", row=row(desk))

    text = panel(desk, "talk")

    assert "You call back: pick up, and the number is rung" in text
    assert "+1 415-555-0123" in text
