"""Over a stand-in for the library: neither it nor a model is a part of this project."""

import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from recordings.speech import faster_whisper
from recordings.speech.faster_whisper import FasterWhisper
from recordings.speech.provider import NotAvailable, Stopped, Unclear, Unusable
from recordings.speech.transcript import Segment, Word
from tests.recordings.speech.factories import write_wav

LOUD = np.random.default_rng(3).uniform(-0.5, 0.5, 16000)


def word(text, start, end, probability=0.9):
    return SimpleNamespace(word=text, start=start, end=end, probability=probability)


class WhisperModel:
    """Says the same for every sound, with times as the library has them."""

    def __init__(self, path, **options):
        self.path, self.options, self.asked = path, options, []
        self.failure = None

    def transcribe(self, audio, **wishes):
        self.asked.append((len(audio), audio.dtype, wishes))
        if self.failure:
            raise self.failure
        words = [
            word(" It's", 0.5, 0.8),
            word(" 41", 0.9, 1.2, 0.7),
            word("-11", 1.2, 1.5, 0.8),
            word(" okay.", 1.5, 1.9),
        ]
        entries = [
            SimpleNamespace(start=0.4, end=1.9, text=" It's 41-11 okay.", words=words),
            SimpleNamespace(start=1.9, end=2.0, text="  ", words=None),
        ]
        return iter(entries), SimpleNamespace(language="en")


@pytest.fixture
def library(monkeypatch, tmp_path):
    made = ModuleType("faster_whisper")
    made.WhisperModel = WhisperModel
    made.__spec__ = SimpleNamespace(name="faster_whisper")
    monkeypatch.setitem(sys.modules, "faster_whisper", made)
    monkeypatch.setattr(faster_whisper, "_models", {})
    monkeypatch.setattr(faster_whisper.importlib.metadata, "version", lambda name: "1.2.1")
    return made


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "small-int8"
    made.mkdir()
    (made / "model.bin").write_bytes(b"weights")
    return made


@pytest.fixture
def sound(tmp_path):
    return write_wav(tmp_path / "a.wav", LOUD, LOUD)


def transcribe(folder, sound, *, channels=2, language="", **more):
    return FasterWhisper(model_dir=folder).transcribe(
        sound, channels=channels, speakers=("customer", "agent"), language=language, **more
    )


def model():
    (made,) = faster_whisper._models.values()
    return made


def test_pieces_of_words_are_put_together_and_everything_has_its_times(library, folder, sound):
    made = transcribe(folder, sound)

    words = (Word("It's", 0.5, 0.8), Word("41-11", 0.9, 1.5), Word("okay.", 1.5, 1.9))
    assert made.segments == (
        Segment(0.4, 1.9, "customer", "It's 41-11 okay.", 0.825, words),
        Segment(0.4, 1.9, "agent", "It's 41-11 okay.", 0.825, words),
    )
    assert (made.language, made.provider, made.version) == ("en", "faster-whisper", "1.2.1 small-int8")


def test_the_model_of_the_folder_is_loaded_once_and_nothing_is_fetched(library, folder, sound):
    transcribe(folder, sound)
    transcribe(folder, sound)

    assert model().path == str(folder)
    assert model().options["local_files_only"] is True
    assert len(model().asked) == 4
    length, kind, wishes = model().asked[0]
    assert (length, kind) == (pytest.approx(32000, abs=64), np.float32)
    assert wishes["word_timestamps"] is wishes["vad_filter"] is True


def test_a_language_that_was_found_out_is_kept_for_what_follows(library, folder, sound):
    transcribe(folder, sound)
    transcribe(folder, sound, language="de-CH")

    assert [wishes["language"] for _length, _kind, wishes in model().asked] == [None, "en", "de", "de"]


def test_long_sound_is_read_in_parts(library, folder, monkeypatch, tmp_path):
    monkeypatch.setattr(faster_whisper, "_PIECE_SECONDS", (1.5, 2.5))
    path = write_wav(tmp_path / "a.wav", np.concatenate([LOUD, np.zeros(2400), LOUD]))

    made = transcribe(folder, path, channels=1)

    assert [entry.speaker for entry in made.segments] == ["both", "both"]
    assert made.segments[1].start - made.segments[0].start == pytest.approx(2.15, abs=0.2)
    assert made.segments[1].words[0].start - made.segments[0].words[0].start == pytest.approx(2.15, abs=0.2)


def test_silence_is_not_read(library, folder, tmp_path):
    assert transcribe(folder, write_wav(tmp_path / "a.wav", np.zeros(16000)), channels=1).segments == ()
    assert model().asked == []


@pytest.mark.parametrize(
    ("failure", "told"), [(ValueError("xx is not a language"), Unusable), (RuntimeError("out of memory"), Unclear)]
)
def test_failures_of_the_library_are_told_apart(library, folder, sound, failure, told):
    transcribe(folder, sound)
    model().failure = failure

    with pytest.raises(told, match="faster-whisper"):
        transcribe(folder, sound)


def test_the_work_stops_when_somebody_else_has_taken_over(library, folder, sound):
    with pytest.raises(Stopped):
        transcribe(folder, sound, goes_on=lambda: False)


def test_a_folder_without_a_model_is_told_before_the_library_takes_it_for_a_name(library, tmp_path, sound):
    with pytest.raises(NotAvailable, match=r"no model\.bin in .*missing"):
        transcribe(tmp_path / "missing", sound)

    assert faster_whisper._models == {}


def test_a_model_that_does_not_load_is_not_available(library, folder, sound, monkeypatch):
    def broken(*_arguments, **_options):
        raise RuntimeError("unsupported model binary version")

    monkeypatch.setattr(library, "WhisperModel", broken)

    with pytest.raises(NotAvailable, match=r"cannot be loaded \(RuntimeError\)"):
        transcribe(folder, sound)


def test_without_the_package_it_says_what_to_do(folder, sound, monkeypatch):
    monkeypatch.setattr(faster_whisper, "PACKAGE", "a_package_that_nobody_has")

    assert not faster_whisper.is_installed()
    with pytest.raises(NotAvailable, match="faster-whisper is not installed"):
        transcribe(folder, sound)
