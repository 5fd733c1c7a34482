from datetime import timedelta

import pytest
from django.db import connection

from recordings.indexing import CONFIGURATIONS, PLAIN, belongings, configuration, mark, vector
from recordings.models import Transcript
from tests.calls.factories import AT
from tests.queues.factories import make_queue
from tests.recordings.factories import make_voicemail
from tests.recordings.listening import conversation, make_transcript


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en-US", "english"),
        ("en", "english"),
        ("EN_gb", "english"),
        ("de-AT", "german"),
        ("es-419", "spanish"),
        ("nb-NO", "norwegian"),
        ("ja-JP", PLAIN),
        ("pl", PLAIN),
        ("", PLAIN),
    ],
)
def test_a_language_has_its_configuration_and_what_has_none_the_plain_one(language: str, name: str) -> None:
    assert configuration(language) == name


@pytest.mark.django_db
def test_postgresql_knows_every_configuration() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cfgname FROM pg_ts_config")
        known = {name for (name,) in cursor.fetchall()}

    assert {*CONFIGURATIONS.values(), PLAIN} <= known


@pytest.mark.django_db
def test_a_vector_has_the_stems_in_their_places_and_the_name_of_its_configuration() -> None:
    transcript = make_transcript(conversation(), language="de-DE")

    Transcript.objects.update(search=vector("Die Rechnungen kamen", "de-DE"))

    transcript.refresh_from_db()
    assert transcript.search == f"'{mark('german')}' 'kam':3 'rechnung':2"


@pytest.mark.django_db
def test_a_transcript_keeps_of_its_recording_what_the_search_narrows_by() -> None:
    letter = make_voicemail().recording
    queue = make_queue()
    talk = conversation(queue, recorded_at=AT + timedelta(minutes=1))

    assert belongings(letter) == {
        "recorded_at": letter.announced_at,
        "queue_id": None,
        "agent_id": None,
        "subject": "voicemail",
        "mailbox_id": letter.voicemail.mailbox_id,
    }
    assert belongings(talk) == {
        "recorded_at": AT + timedelta(minutes=1),
        "queue_id": queue.pk,
        "agent_id": None,
        "subject": "conversation",
        "mailbox_id": None,
    }
