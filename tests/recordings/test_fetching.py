import io
from collections.abc import Iterator

import pytest

from recordings.fetching import Stopped, Unusable, fetched, length_of
from telephony import client
from tests.recordings.factories import wav
from tests.scripted import Scripted, twilio

pytestmark = pytest.mark.django_db  # the cap on requests to Twilio is kept in the database


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    monkeypatch.setattr(client, "PAUSES", (0.0,))
    with twilio() as script:
        yield script


def always() -> bool:
    return True


def test_audio_comes_whole_with_its_hash(script: Scripted) -> None:
    sound = wav(3)
    script.answer("/Recordings/RE1.wav", 200, sound)

    with fetched("RE1", told_seconds=3, goes_on=always) as audio:
        assert audio.file.read() == sound
        assert (audio.size, audio.seconds) == (len(sound), 3)
        assert len(audio.sha256) == 64

    assert script.requests[0][1].startswith("Basic ")


@pytest.mark.parametrize(
    ("sound", "claimed", "told", "words"),
    [
        (wav(3)[:-1000], len(wav(3)), 3, "broke off"),
        (wav(30)[:100_000], None, 30, "breaks off after 6 of 30 seconds"),
        (wav(3), None, 30, "lasts 3 seconds, Twilio told of 30"),
        (b"<html>Not what you wanted</html>", None, 3, "no WAV audio"),
        (b"", None, 3, "no WAV audio"),
    ],
)
def test_what_is_not_the_recording_is_refused(
    script: Scripted, sound: bytes, claimed: int | None, told: int, words: str
) -> None:
    script.answer(".wav", 200, sound, claimed_length=claimed)

    with (
        pytest.raises((Unusable, client.Unreachable), match=words),
        fetched("RE1", told_seconds=told, goes_on=always),
    ):
        pass


@pytest.mark.parametrize("told", [2, 3, 4, None])
def test_a_length_that_is_about_right_is_right(script: Scripted, told: int | None) -> None:
    script.answer(".wav", 200, wav(3))

    with fetched("RE1", told_seconds=told, goes_on=always) as audio:
        assert audio.seconds == 3


def test_a_worker_that_has_lost_its_claim_stops(script: Scripted) -> None:
    script.answer(".wav", 200, wav(3))

    with pytest.raises(Stopped), fetched("RE1", told_seconds=3, goes_on=lambda: False):
        pass


def test_audio_that_is_gone_is_refused(script: Scripted) -> None:
    script.refuse(".wav")

    with pytest.raises(client.Refused), fetched("RE1", told_seconds=3, goes_on=always):
        pass


@pytest.mark.parametrize("rate", [8000, 16000])
def test_length_is_measured_by_the_files_own_header(rate: int) -> None:
    sound = wav(2, rate=rate)

    assert length_of(io.BytesIO(sound), len(sound)) == 2
