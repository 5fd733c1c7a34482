from typing import Any

import pytest

from compliance.models import Policy
from recordings.models import Voicemail
from recordings.said import said, with_what_was_said
from recordings.states import State
from tests.recordings.factories import make_fetched, make_recording, make_transcript, make_voicemail

pytestmark = pytest.mark.django_db


def told(voicemail: Voicemail) -> str:
    found = said(with_what_was_said(Voicemail.objects.filter(pk=voicemail.pk)).get())
    return found.text or found.why_not


def test_the_current_transcript_is_what_was_said() -> None:
    voicemail = make_voicemail(recording=make_fetched())
    make_transcript(voicemail, "Old words.", is_current=False)
    make_transcript(voicemail, "Please call me.")

    assert told(voicemail) == "Please call me."


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": State.READY}, "The sound is on its way."),
        ({"state": State.FAILED, "failure": "no audio"}, "The sound is on its way."),
        ({"state": State.ABSENT}, "There is no sound."),
    ],
)
def test_without_sound_that_is_what_is_told(fields: dict[str, Any], words: str) -> None:
    assert told(make_voicemail(recording=make_recording(**fields))) == words


def test_why_there_is_no_text_yet_is_told() -> None:
    voicemail = make_voicemail(recording=make_fetched())
    assert told(voicemail) == "The transcript is being made."

    make_transcript(voicemail, "")
    assert told(voicemail) == "Nothing was understood."


def test_a_failure_is_told() -> None:
    voicemail = make_voicemail(recording=make_fetched(failure="the provider does not answer."))

    assert told(voicemail) == "The transcript could not be made: the provider does not answer."


def test_a_policy_may_want_none() -> None:
    policy = Policy.objects.create(name="No text", subject="voicemail", transcribes=False)
    voicemail = make_voicemail(recording=make_fetched(policy=policy))

    assert told(voicemail) == "No transcript for this mailbox."
