from typing import Any

import pytest

from recordings import transcribing
from recordings.speech.deepgram import Deepgram
from recordings.speech.openai_compatible import OpenAICompatible
from recordings.speech.redaction import Finding, Kind
from tests.recordings.factories import make_recording

pytestmark = pytest.mark.django_db


def test_whoever_left_a_voicemail_is_the_customer() -> None:
    assert transcribing.speakers(make_recording(subject="voicemail")) == ["customer"]
    assert transcribing.speakers(make_recording(subject="conversation")) == []
    assert transcribing.speakers(make_recording(subject="voicemail", speakers=["Ann"])) == ["Ann"]


@pytest.mark.parametrize(
    ("channels", "speakers", "spans"),
    [
        (2, ["customer", "Ann"], {0: [(1, 2)], 1: [(3, 4)]}),
        (2, [], {0: [(1, 2), (3, 4)], 1: [(1, 2), (3, 4)]}),  # nobody knows who is where
        (1, ["customer and Ann"], {0: [(1, 2), (3, 4)]}),
    ],
)
def test_sound_is_silent_where_the_speaker_is(
    channels: int, speakers: list[str], spans: dict[int, list[tuple[float, float]]]
) -> None:
    recording = make_recording(channels=channels, speakers=speakers, subject="conversation")
    findings = (Finding(Kind.CARD, "customer", 1, 2), Finding(Kind.CODE, "Ann", 3, 4))

    assert transcribing._spans(recording, findings) == spans


@pytest.mark.parametrize(("secret", "later"), [("s" * 32, True), ("", False)])
def test_a_provider_answers_later_only_where_it_can_be_told_where_to(settings: Any, secret: str, later: bool) -> None:
    settings.TRANSCRIPTION_WEBHOOK_SECRET = secret

    assert (transcribing.answers_later(Deepgram(key="k3y")) is not None) is later
    assert transcribing.answers_later(OpenAICompatible(key="k3y")) is None
