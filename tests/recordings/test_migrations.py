"""What a migration does with what was written before it."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from compliance.actions import access
from recordings.models import Recording
from recordings.states import State
from tests.calls.factories import AT
from tests.compliance.factories import log
from tests.recordings.factories import make_recording, make_stored, make_user
from tests.recordings.listening import HIDDEN, logged, make_transcript, redacted

pytestmark = pytest.mark.django_db


def test_who_listened_so_far_is_told_by_the_first_entries_of_the_log() -> None:
    log(1)
    migration = import_module("recordings.migrations.0007_plays_into_the_log")
    apps = MigrationLoader(connection).project_state(("recordings", "0007_plays_into_the_log")).apps
    Play = apps.get_model("recordings", "Play")
    with connection.schema_editor() as editor:
        editor.create_model(Play)
    ann, bob, recording = make_user("ann"), make_user("bob"), make_recording()
    for user, address, hours in ((ann, "::ffff:192.0.2.7", 2), (bob, None, 1)):
        Play.objects.create(recording_id=recording.pk, user_id=user.pk, address=address, at=AT + timedelta(hours=hours))

    migration.move_plays(apps, None)
    log(2)

    assert logged("action", "who", "user", "subject_id")[1:3] == [
        ("played", "bob", bob.pk, str(recording.pk)),
        ("played", "ann", ann.pk, str(recording.pk)),
    ]
    verdict = access.verify()
    assert (verdict.entries, verdict.broken) == (4, None)


def test_what_was_redacted_before_hides_something_still() -> None:
    of_text, of_copy, harmless = (make_stored(state=State.INDEXED) for _ in range(3))
    make_transcript(of_text, findings=HIDDEN)
    redacted(of_copy)
    make_transcript(harmless, findings=[])

    with connection.cursor() as cursor:
        cursor.execute(import_module("recordings.migrations.0016_what_was_redacted_hides").HIDES)

    assert set(Recording.objects.filter(hides=True)) == {of_text, of_copy}
