"""Messages, callbacks and missed rings: the own ones and nobody else's."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dashboard.desk.inbox import inbox
from dashboard.desk.viewer import Viewer
from queues.models import Callback, Entry, Offer
from recordings import actions
from recordings.models import Mailbox, MissedCall, Recording, Voicemail
from tests.agents.factories import ready_agent
from tests.calls.factories import make_call, new_sid
from tests.queues.factories import make_queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(ann):
    return Viewer(ann, ann.user, timezone.now())


def voicemail(mailbox, **fields):
    recording = Recording.objects.create(sid=new_sid("RE"), announced_at=timezone.now())
    return Voicemail.objects.create(
        mailbox=mailbox, recording=recording, call=make_call(), left_at=timezone.now(), **fields
    )


def test_messages_of_my_mailboxes_that_are_not_done_are_shown(viewer):
    mine, other = Mailbox.objects.create(name="Mine"), Mailbox.objects.create(name="Other")
    mine.members.add(viewer.user)
    voicemail(mine)
    voicemail(mine, status="done")
    voicemail(other)

    found = inbox(viewer).messages

    assert [(row.mailbox.name, row.number, row.count) for row in found.rows] == [("Mine", "+1 415-555-0123", 1)]
    assert found.total == 1


def test_what_i_have_marked_as_done_can_be_undone_for_a_while(viewer):
    mine = Mailbox.objects.create(name="Mine")
    mine.members.add(viewer.user)
    voicemail(mine)
    actions.finish(inbox(viewer).messages.rows[0].seen, by=viewer.user, at=viewer.at)
    later = Viewer(viewer.agent, viewer.user, viewer.at + timedelta(minutes=11))

    assert inbox(viewer).undone.number == "+1 415-555-0123"
    assert inbox(later).undone is None


def test_callbacks_that_did_not_come_about_are_shown_where_i_serve_the_queue_and_nobody_has_them(viewer):
    served, other = make_queue("Served", members=[viewer.agent]), make_queue("Other")
    bo = ready_agent("Bo")
    for queue, owner, state in (
        (served, None, "expired"),
        (served, viewer.user, "expired"),
        (served, bo.user, "expired"),
        (served, None, "done"),
        (other, None, "expired"),
    ):
        Callback.objects.create(
            queue=queue,
            number="+14155550123",
            owner=owner,
            state=state,
            asked_at=viewer.at,
            expires_at=viewer.at,
        )

    assert sorted(one.is_mine for one in inbox(viewer).owed) == [False, True]


def test_a_call_that_left_no_message_in_my_mailbox_is_among_the_messages(viewer):
    mine = Mailbox.objects.create(name="Mine")
    mine.members.add(viewer.user)
    MissedCall.objects.create(mailbox=mine, call=make_call(), at=viewer.at)

    assert inbox(viewer).messages.rows[0].counted.startswith("1 missed call, ")


def test_missed_rings_are_those_that_rang_here(viewer):
    for agent in (viewer.agent, ready_agent("Bo")):
        entry = Entry.objects.create(
            queue=make_queue(), call=make_call(), joined_at=viewer.at, aged_from=viewer.at, state="abandoned"
        )
        Offer.objects.create(
            entry=entry, agent=agent, state="missed", offered_at=viewer.at - timedelta(minutes=1), ends_at=viewer.at
        )

    found = inbox(viewer).missed

    assert [one.where.endswith("rang here") for one in found] == [True]
