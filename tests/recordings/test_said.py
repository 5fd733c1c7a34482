from typing import Any

import pytest

from recordings.models import Recording, Voicemail
from recordings.said import said, sound, with_what_was_said
from recordings.states import CopyKind, State
from tests.recordings.factories import make_copy, make_recording, make_stored, make_transcript, make_voicemail

pytestmark = pytest.mark.django_db


def read(voicemail: Voicemail) -> Voicemail:
    return with_what_was_said(Voicemail.objects.filter(pk=voicemail.pk)).get()


def told(recording: Recording, text: str | None = None, **fields: Any) -> str:
    voicemail = make_voicemail(recording=recording)
    if text is not None:
        make_transcript(voicemail, text, **fields)
    found = said(read(voicemail))
    return found.text or found.why_not


def test_the_current_transcript_is_what_was_said() -> None:
    voicemail = make_voicemail(recording=make_stored())
    make_transcript(voicemail, "Old words.", is_current=False)
    make_transcript(voicemail, "Please call me.")

    assert said(read(voicemail)).text == "Please call me."


def test_nobody_reads_what_is_not_redacted_yet() -> None:
    recording = make_stored(transcribes=True)

    assert told(recording, "My card is …", redacted_at=None) == "The transcript is being made."


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": State.READY, "transcribes": True}, "The sound is on its way."),
        ({"state": State.VERIFIED}, "The sound is on its way."),
        (
            {"state": State.READY, "transcribes": True, "failure": "no answer."},
            "The sound could not be fetched: no answer.",
        ),
        ({"state": State.STORED, "transcribes": True}, "The transcript is being made."),
        (
            {"state": State.STORED, "transcribes": True, "failure": "too loud"},
            "The transcript could not be made: too loud.",
        ),
        ({"state": State.STORED}, "No transcript for this mailbox."),
        ({"state": State.ABSENT}, "There is no sound."),
        ({"state": State.DELETED}, "It was deleted."),
    ],
)
def test_why_there_is_no_text_is_told(fields: dict[str, Any], words: str) -> None:
    assert told(make_recording(**fields)) == words


def test_a_text_without_words_is_told() -> None:
    assert told(make_stored(transcribes=True), "") == "Nothing was understood."


def test_there_is_sound_as_soon_as_it_is_stored() -> None:
    here, on_its_way = make_voicemail(recording=make_stored(b"x")), make_recording(state=State.FETCHED)

    assert sound(read(here)) == here.recording
    assert sound(read(make_voicemail(here.mailbox, on_its_way))) is None


def test_sound_in_which_something_is_to_be_hidden_waits_for_the_copy_in_which_it_is() -> None:
    voicemail = make_voicemail(recording=make_stored(b"x", state=State.REDACTED))
    make_transcript(voicemail, "My card is ••••.", findings=[{"kind": "card"}])
    assert sound(read(voicemail)) is None

    make_copy(voicemail.recording, b"y", CopyKind.REDACTED)

    assert sound(read(voicemail)) == voicemail.recording
