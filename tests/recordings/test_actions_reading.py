"""That a list has shown what was said is logged once in a while, however often it is drawn."""

from datetime import timedelta

import pytest

from compliance.models import AccessEntry
from recordings import actions, worklist
from recordings.actions import Listener
from recordings.worklist import Asked
from tests.calls.factories import AT
from tests.recordings.factories import make_mailbox, make_stored, make_transcript, make_user, make_voicemail

pytestmark = pytest.mark.django_db


def test_who_reads_in_a_list_is_logged_once_in_a_while_for_each_message() -> None:
    mailbox = make_mailbox()
    ann, bob = make_user("ann"), make_user("bob")
    mailbox.members.add(ann, bob)
    for text in ("First.", "Second."):
        make_transcript(make_voicemail(mailbox, make_stored(b"x")), text)
    make_voicemail(mailbox, make_stored(b"x"))

    for hours, person in ((0, ann), (1, ann), (1, bob), (13, ann)):
        at = AT + timedelta(hours=hours)
        page = worklist.read(person, Asked(), mailboxes=[mailbox.pk], at=at)
        actions.note_listed(page.readable, listener=Listener(person, "127.0.0.1"), at=at)

    read = AccessEntry.objects.filter(action="read").order_by("id").values_list("who", "at", "subject_id")
    assert [(who, at) for who, at, _key in read] == [
        *[("ann", AT)] * 2,
        *[("bob", AT + timedelta(hours=1))] * 2,
        *[("ann", AT + timedelta(hours=13))] * 2,
    ]
    assert len({key for _who, _at, key in read}) == 2


def test_what_nobody_could_read_is_not_logged() -> None:
    mailbox = make_mailbox()
    make_transcript(make_voicemail(mailbox, make_stored(b"x")), "First.")
    auditor = make_user("auditor", "recordings.see_every_mailbox")

    page = worklist.read(auditor, Asked(), mailboxes=[mailbox.pk], at=AT)
    actions.note_listed(page.readable, listener=Listener(auditor, None), at=AT)

    assert not AccessEntry.objects.exists()
