"""Speech to text by faster-whisper, which the owner installs, and a model that he has put into a folder."""

import importlib
import importlib.metadata
import importlib.util
import os
import statistics
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from recordings.speech.pieces import Piece, pieces, shape_of
from recordings.speech.provider import (
    NotAvailable,
    Price,
    Stopped,
    Unclear,
    Unusable,
    always,
    cost_of,
    main_language,
    speaker_of,
)
from recordings.speech.transcript import Segment, Transcript, Word, joined, ordered

PACKAGE = "faster_whisper"
MODEL_FILE = "model.bin"
# What is held in memory at a time: 38 MB.
_PIECE_SECONDS = (540.0, 600.0)


class FasterWhisper:
    """Transcribes with a model in a folder, each channel for itself, with the times of the words."""

    name = "faster-whisper"

    def __init__(self, *, model_dir: Path, price: Price | None = None) -> None:
        self._folder, self._price = model_dir, price

    def transcribe(
        self,
        sound: Path,
        *,
        channels: int,
        speakers: Sequence[str],
        language: str,
        goes_on: Callable[[], bool] = always,
    ) -> Transcript:
        """Turn a WAV file into text: see Provider."""
        shape = shape_of(sound, channels=channels)
        reader = _Reader(_model(self._folder), main_language(language), goes_on)
        heard = [
            list(reader.channel(sound, channel, speaker_of(channel, channels=channels, speakers=speakers)))
            for channel in range(channels)
        ]
        cost, currency = cost_of(self._price, seconds=shape.seconds, channels=channels)
        version = f"{importlib.metadata.version('faster-whisper')} {self._folder.name}"
        return Transcript(ordered(heard), language or reader.language, self.name, version, cost, currency)


def is_installed() -> bool:
    """Tell whether the package is there, without loading it."""
    return importlib.util.find_spec(PACKAGE) is not None


def is_model(folder: Path) -> bool:
    """Tell whether a folder holds a model. The library would take a missing one for a name to download."""
    return (folder / MODEL_FILE).is_file()


class _Reader:
    """A model, and the language, which is found out once: a later piece must not be taken for another."""

    def __init__(self, model: Any, language: str, goes_on: Callable[[], bool]) -> None:
        self._model, self.language, self._goes_on = model, language, goes_on

    def channel(self, sound: Path, channel: int, speaker: str) -> Iterator[Segment]:
        """Read a channel."""
        shortest, longest = _PIECE_SECONDS
        for piece in pieces(sound, channel=channel, shortest=shortest, longest=longest):
            if not piece.is_silent:
                yield from self._segments(piece, speaker)

    def _segments(self, piece: Piece, speaker: str) -> Iterator[Segment]:
        try:
            found, info = self._model.transcribe(
                piece.resampled(),
                language=self.language or None,
                word_timestamps=True,
                vad_filter=True,  # models of this kind invent words where nobody speaks
                condition_on_previous_text=False,
            )
            self.language = self.language or str(info.language)
            for entry in found:
                if not self._goes_on():
                    raise Stopped
                words = tuple(_words(entry.words or [], piece.start))
                text = joined(words) if words else " ".join(entry.text.split())
                chances = [float(word.probability) for word in entry.words or []]
                confidence = round(statistics.fmean(chances), 4) if chances else None
                if text:
                    yield Segment(piece.start + entry.start, piece.start + entry.end, speaker, text, confidence, words)
        except ValueError as error:
            raise Unusable("faster-whisper refuses this sound, or its model does not know the language.") from error
        except RuntimeError as error:
            raise Unclear("faster-whisper failed; is there memory enough for the model?") from error


def _words(words: Sequence[Any], begin: float) -> Iterator[Word]:
    """Give whole words: what comes without a space in front belongs to the one before."""
    whole: Word | None = None
    for word in words:
        text, start, end = str(word.word), begin + float(word.start), begin + float(word.end)
        if whole is not None and text[:1] != " ":
            whole = Word(whole.text + text.strip(), whole.start, end)
            continue
        if whole is not None and whole.text:
            yield whole
        whole = Word(text.strip(), start, end)
    if whole is not None and whole.text:
        yield whole


_models: dict[tuple[int, Path], Any] = {}  # by process: what a fork inherits has lost its threads


def _model(folder: Path) -> Any:
    if not is_installed():
        raise NotAvailable("faster-whisper is not installed: install it, or choose another TRANSCRIPTION_PROVIDER.")
    if not is_model(folder):
        raise NotAvailable(
            f"There is no {MODEL_FILE} in {folder}: put a model there, or change TRANSCRIPTION_MODEL_DIR."
        )
    key = os.getpid(), folder
    if key not in _models:
        try:
            library = importlib.import_module(PACKAGE)
            _models[key] = library.WhisperModel(str(folder), device="auto", compute_type="auto", local_files_only=True)
        except (ImportError, OSError, RuntimeError, ValueError) as error:
            raise NotAvailable(f"The model in {folder} cannot be loaded ({type(error).__name__}).") from error
    return _models[key]
