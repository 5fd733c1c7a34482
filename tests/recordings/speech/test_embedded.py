"""Speech to text on this machine, over the simulator's own sentences."""

import json
import re
import wave
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from recordings.speech import embedded
from recordings.speech.embedded import Embedded
from recordings.speech.provider import NotAvailable, Price, Stopped, Unusable
from tests.recordings.speech.factories import write_wav

SPEECH = Path(__file__).resolve().parents[3] / "simulator" / "speech"
KEYWORDS = {
    "callback.wav": {"order", "call", "moment", "thank"},
    "appointment.wav": {"move", "appointment", "thursday", "morning"},
    "sales.wav": {"speak"},
    "support.wav": {"help"},
    "yes.wav": {"yes", "please"},
    "no.wav": {"no", "thank"},
}


@pytest.fixture(scope="module")
def speech():
    """Skip where the platform has no speech to text."""
    try:
        embedded._engine()
    except NotAvailable as error:
        pytest.skip(str(error))


needs_speech = pytest.mark.usefixtures("speech")


def sound(name):
    with wave.open(str(SPEECH / name)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768


def silence(seconds):
    return np.zeros(int(seconds * 8000))


def words(text):
    return set(re.findall(r"\w+", text.casefold()))


def transcribed(path, *, channels=1, speakers=("customer",), language="en", **more):
    return Embedded().transcribe(path, channels=channels, speakers=speakers, language=language, **more)


def test_every_sentence_of_the_simulator_has_its_key_words_here():
    assert {entry["file"] for entry in json.loads((SPEECH / "sentences.json").read_text())} == KEYWORDS.keys()


@needs_speech
@pytest.mark.parametrize("name", KEYWORDS)
def test_spoken_words_are_recognized(name):
    made = transcribed(SPEECH / name)

    assert words(made.text) >= KEYWORDS[name]
    assert (made.language, made.provider) == ("en", "embedded")
    assert made.version.endswith("tiny-en")
    assert {entry.speaker for entry in made.segments} == {"customer"}


@needs_speech
def test_two_channels_stay_apart_and_in_the_order_of_speaking(tmp_path):
    customer = np.concatenate([silence(2), sound("appointment.wav"), silence(9)])
    agent = np.concatenate([silence(8), sound("callback.wav"), silence(9)])
    length = min(len(customer), len(agent))
    path = write_wav(tmp_path / "a.wav", customer[:length], agent[:length])

    made = transcribed(path, channels=2, speakers=("customer", "agent"), language="en-US")

    assert [entry.speaker for entry in made.segments] == ["customer", "agent"]
    first, second = made.segments
    assert words(first.text) >= {"appointment", "thursday"}
    assert words(second.text) >= {"order", "moment"}
    assert not words(first.text) & {"order", "moment"}
    assert first.start == pytest.approx(2, abs=0.7)
    assert first.end == pytest.approx(6, abs=0.7)
    assert second.start == pytest.approx(8, abs=0.7)


@needs_speech
def test_a_single_channel_with_several_speakers_is_everybodys():
    made = transcribed(SPEECH / "yes.wav", speakers=("customer", "agent"), language="")

    assert {entry.speaker for entry in made.segments} == {"both"}


@needs_speech
@pytest.mark.parametrize(
    "heard",
    [
        silence(6),
        np.random.default_rng(7).normal(0, 0.02, 8000 * 6),
        0.3 * np.sin(2 * np.pi * 440 * np.arange(8000 * 6) / 8000) * (np.arange(8000 * 6) % 16000 < 8000),
        silence(0),
        silence(0.01),
    ],
    ids=["silence", "noise", "ringing", "nothing", "a moment"],
)
def test_where_nobody_speaks_there_is_no_text(tmp_path, heard):
    assert transcribed(write_wav(tmp_path / "a.wav", heard)).segments == ()


@needs_speech
def test_a_long_recording_is_told_in_pieces_whose_times_are_right(tmp_path):
    pause = silence(11)
    path = write_wav(tmp_path / "a.wav", np.concatenate([pause, *[sound("appointment.wav"), pause] * 4]))

    made = transcribed(path)

    starts = [entry.start for entry in made.segments if "appointment" in words(entry.text)]
    assert starts == pytest.approx([11 + 15.02 * index for index in range(4)], abs=0.8)


@needs_speech
def test_the_work_stops_when_somebody_else_has_taken_over():
    with pytest.raises(Stopped):
        transcribed(SPEECH / "yes.wav", goes_on=lambda: False)


@needs_speech
def test_a_price_of_the_owners_is_counted():
    made = Embedded(price=Price(Decimal("0.6"), "EUR")).transcribe(
        SPEECH / "yes.wav", channels=1, speakers=("customer",), language="en"
    )

    assert made.cost == Decimal("0.014000")
    assert made.currency == "EUR"
    assert transcribed(SPEECH / "yes.wav").cost is None


@needs_speech
def test_a_file_that_is_no_sound_is_unusable(tmp_path):
    (tmp_path / "a.wav").write_bytes(b"not a sound")

    with pytest.raises(Unusable, match="no WAV file"):
        transcribed(tmp_path / "a.wav")


def test_other_languages_are_not_available():
    with pytest.raises(NotAvailable, match="understands English only, not de-DE"):
        transcribed(SPEECH / "yes.wav", language="de-DE")


def test_without_the_package_it_says_what_to_do(monkeypatch):
    monkeypatch.setattr(embedded, "PACKAGE", "a_package_that_nobody_has")
    monkeypatch.setattr(embedded, "_engines", {})

    assert not embedded.is_installed()
    with pytest.raises(NotAvailable, match=r"install requirements/speech\.txt"):
        transcribed(SPEECH / "yes.wav")


def test_a_package_that_does_not_load_is_not_available(monkeypatch, tmp_path):
    (tmp_path / "broken_speech").mkdir()
    (tmp_path / "broken_speech" / "__init__.py").write_text("raise OSError('libstdc++.so.6: version not found')")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(embedded, "PACKAGE", "broken_speech")
    monkeypatch.setattr(embedded, "_engines", {})

    with pytest.raises(NotAvailable, match=r"does not work on this machine \(OSError\)"):
        transcribed(SPEECH / "yes.wav")
