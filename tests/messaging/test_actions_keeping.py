"""Media are one worker's at a time; what is deleted goes everywhere; what a hold keeps stays."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from compliance import holds
from compliance.models import AccessEntry
from compliance.states import Access
from messaging.actions import keeping, threads
from messaging.files import Kept, path_of
from messaging.models import LineType, Media, Message, Removal, Thread
from messaging.states import MediaState
from recordings.pipeline import TRIES
from tests.calls.factories import AT, make_call
from tests.compliance.keepers import lift, make_hold, make_queue
from tests.messaging.factories import OURS, THEIRS, make_media, make_message, make_received, make_sender, make_thread
from tests.recordings.factories import make_user

pytestmark = pytest.mark.django_db
SOON = AT + timedelta(minutes=1)
KEPT = Kept("texts/1", 3, "abc", "tests", b"key")


def test_media_are_one_workers_until_its_claim_runs_out():
    media = make_media()
    first = keeping.claim_media(media.pk, at=AT)

    assert keeping.claim_media(media.pk, at=SOON) is None
    second = keeping.claim_media(media.pk, at=AT + keeping.LEASE)
    assert not keeping.note_stored(first, KEPT, content_type="", at=SOON)
    assert keeping.note_stored(second, KEPT, content_type="image/jpeg", at=SOON)
    media.refresh_from_db()
    assert (media.state, media.name, media.content_type) == (MediaState.STORED, "texts/1", "image/jpeg")


def test_a_failure_is_tried_again_later_and_at_last_by_a_person():
    media = make_media(attempts=TRIES - 1)
    keeping.note_failed(keeping.claim_media(media.pk, at=AT), why="+14155550123 broke off", at=AT)
    media.refresh_from_db()

    assert (media.retry_at, media.failure) == (None, "+1415****123 broke off")
    assert keeping.claim_media(media.pk, at=AT + timedelta(days=9)) is None
    assert keeping.retry(media, at=SOON)
    assert keeping.claim_media(media.pk, at=SOON) is not None
    assert not keeping.retry(make_media(media.message, state=MediaState.STORED), at=SOON)


def test_what_is_to_be_fetched_is_found():
    media = make_media()
    make_media(media.message, state=MediaState.ABSENT)

    assert keeping.sweep_media(at=AT) == [media.pk]


def test_who_looked_is_in_the_log():
    media, user = make_media(size=3, state=MediaState.STORED), make_user()
    keeping.note_look(media, by=user, address="192.0.2.1", at=AT)

    entry = AccessEntry.objects.get()
    assert (entry.action, entry.subject, entry.subject_id, entry.user) == (
        Access.LOOKED,
        "texted media",
        str(media.pk),
        user,
    )


def test_a_deleted_text_leaves_what_is_to_be_deleted_elsewhere():
    thread = make_thread(waits_since=AT, unread=1)
    received, sent = make_received(thread), make_message(thread)
    stored = make_media(received, state=MediaState.STORED, name="texts/1")
    fetched = make_media(received)
    went = keeping.delete_messages([received.pk], at=SOON)

    assert (went["messaging.Message"], went["messaging.Media"]) == (1, 2)
    assert set(Removal.objects.values_list("name", "sid")) == {
        (stored.name, ""),
        (path_of(fetched.pk, fetched.announced_at), ""),
        ("", received.sid),
    }
    assert list(thread.messages.all()) == [sent]
    thread.refresh_from_db()
    assert (thread.waits_since, thread.unread) == (None, 0)


def test_a_thread_goes_with_its_last_text():
    message = make_message()
    keeping.delete_messages([message.pk], at=SOON)

    assert Thread.objects.count() == 0


def test_all_of_a_person_goes():
    thread = make_thread()
    make_received(thread)
    make_message(thread)
    LineType.objects.create(number=THEIRS, kind="mobile", asked_at=AT)
    went = keeping.delete_thread(thread.pk, at=SOON)

    assert went["messaging.Message"] == 2
    assert (Message.objects.count(), Thread.objects.count(), LineType.objects.count()) == (0, 0, 0)
    assert set(Removal.objects.values_list("thread", flat=True)) == {thread.pk}


def test_removals_are_claimed_once():
    removal = Removal.objects.create(sid="SM1", at=AT)

    assert keeping.claim_removals(at=SOON) == [removal]
    assert keeping.claim_removals(at=SOON) == []
    keeping.note_not_removed(removal, why="no answer", at=SOON)
    assert keeping.claim_removals(at=SOON + keeping.FIRST_PAUSE) == [removal]


def held(message: Message) -> bool:
    with transaction.atomic():
        try:
            with holds.refusing():
                keeping.delete_messages([message.pk], at=SOON)
                transaction.set_rollback(True)
        except holds.Held:
            return True
    return False


@pytest.mark.parametrize(
    ("named", "is_held"),
    [
        ({"caller": THEIRS}, True),
        ({"caller": "+14155550999"}, False),
        ({"caller": "", "number": OURS}, True),
        ({"caller": THEIRS, "number": "+15005550999"}, False),
        ({"caller": "", "since": AT - timedelta(days=1)}, True),
        ({"caller": "", "since": AT + timedelta(days=1)}, False),
    ],
)
def test_what_a_hold_covers_is_not_deleted(named, is_held):
    message = make_received(make_thread(make_sender()))
    hold = make_hold(**named)

    assert held(message) is is_held
    lift(hold)
    assert not held(message)


def test_a_hold_of_a_call_or_a_queue_covers_the_texts_about_it():
    call, queue = make_call(), make_queue()
    about = make_message(call=call)
    theirs = make_received(make_thread(number="+14155550124", queue=queue))
    make_hold(caller="", call=call)

    assert (held(about), held(theirs)) == (True, False)
    make_hold(caller="", queue=queue)
    assert held(theirs)


@pytest.mark.parametrize("table", ["messaging_message", "messaging_media"])
def test_plain_sql_does_not_delete_it_either(table):
    media = make_media(name="texts/1", state=MediaState.STORED)
    make_hold(caller=THEIRS)
    row = {"messaging_message": media.message_id, "messaging_media": media.pk}[table]

    with pytest.raises(holds.Held), holds.refusing(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE id = %s", [row])
    assert Media.objects.count() == 1


def test_a_thread_that_needs_no_answer_waits_no_more_and_what_came_later_does():
    thread = make_thread(waits_since=AT, unread=1, last_at=AT)
    with pytest.raises(threads.NotWaiting):
        threads.finish(thread.pk, seen_until=AT - timedelta(seconds=1))

    threads.finish(thread.pk, seen_until=AT)
    thread.refresh_from_db()
    assert (thread.waits_since, thread.unread) == (None, 0)
    with pytest.raises(threads.NotWaiting):
        threads.finish(thread.pk, seen_until=AT)
