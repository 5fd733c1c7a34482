"""Speech to text on this machine by what `requirements/speech.txt` installs: English, at no cost, sent to nobody."""

import importlib
import importlib.metadata
import importlib.util
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from recordings.speech.pieces import RATE, Piece, Wave, pieces, quietest, shape_of
from recordings.speech.provider import (
    NotAvailable,
    Price,
    Stopped,
    always,
    cost_of,
    main_language,
    speaker_of,
)
from recordings.speech.transcript import Segment, Transcript, ordered

PACKAGE = "moonshine_voice"
_MODEL = "tiny-en"
# What is held in memory at a time.
_WINDOW_SECONDS = (20.0, 30.0)
# Shorter ones lack context, and longer ones are silenced as a whole where digits are said.
_PIECE_SECONDS = (5.0, 10.0)
# Voices so near to each other are one; so much around them is read along, because the detector is not exact.
_GAP, _MARGIN = int(0.3 * RATE), int(0.25 * RATE)
# Between what came before and a new window, for a detector that remembers a little of it.
_LEAD = np.zeros(RATE // 2, np.float32)


class Embedded:
    """Transcribes with the model in the wheel, each channel for itself."""

    name = "embedded"

    def __init__(self, *, price: Price | None = None) -> None:
        self._price = price

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
        if main_language(language) not in {"", "en"}:
            raise NotAvailable(
                f"Speech to text on this machine understands English only, not {language}; "
                "choose another TRANSCRIPTION_PROVIDER for it."
            )
        shape = shape_of(sound, channels=channels)
        engine = _engine()
        with engine.lock:
            heard = [
                list(_heard(engine, sound, channel, speaker_of(channel, channels=channels, speakers=speakers), goes_on))
                for channel in range(channels)
            ]
        cost, currency = cost_of(self._price, seconds=shape.seconds, channels=channels)
        return Transcript(ordered(heard), "en", self.name, engine.version, cost, currency)


def is_installed() -> bool:
    """Tell whether the package is there, without loading it."""
    return importlib.util.find_spec(PACKAGE) is not None


def _heard(
    engine: "_Engine", sound: Path, channel: int, speaker: str, goes_on: Callable[[], bool]
) -> Iterator[Segment]:
    shortest, longest = _WINDOW_SECONDS
    for window in pieces(sound, channel=channel, shortest=shortest, longest=longest):
        if not goes_on():
            raise Stopped
        for start, end, text in engine.heard(window):
            yield Segment(start, end, speaker, text)


class _Engine:
    """The library, loaded. It has one detector for all, which is why only one may use it at a time."""

    def __init__(self) -> None:
        if not is_installed():
            raise NotAvailable(
                "Speech to text is not installed on this machine: install requirements/speech.txt where the platform "
                "allows, or choose another TRANSCRIPTION_PROVIDER."
            )
        try:
            api = importlib.import_module(f"{PACKAGE}.moonshine_api")
            transcriber = importlib.import_module(f"{PACKAGE}.transcriber")
            model = importlib.import_module(f"{PACKAGE}.utils").get_model_path(_MODEL)
            # Two halves of one thing: where a voice is, found by a detector that no music and no ringing deceives, and
            # what it says. Together, as the library has it, sentences are cut in the middle of words after ten seconds.
            self._detector = _loaded(transcriber, api, model, skip_transcription="true")
            self._reader = _loaded(transcriber, api, model, vad_threshold="0.0", vad_max_segment_duration="60")
        except (ImportError, OSError, RuntimeError) as error:
            raise NotAvailable(
                f"Speech to text does not work on this machine ({type(error).__name__}); "
                "choose another TRANSCRIPTION_PROVIDER."
            ) from error
        self._now = transcriber.Transcriber.MOONSHINE_FLAG_FORCE_UPDATE
        self.version = f"{importlib.metadata.version('moonshine-voice')} {_MODEL}"
        self.lock = threading.Lock()

    def heard(self, window: Piece) -> Iterator[tuple[float, float, str]]:
        """Give what is said within a window: from which second to which, and the words."""
        wave = window.resampled()
        for begin, end in self._voices(wave):
            for first, last in _cuts(wave, begin, end):
                part = wave[
                    max(first - _MARGIN, 0) if first == begin else first : last + _MARGIN if last == end else last
                ]
                lines = self._reader.transcribe_without_streaming(part.tolist(), RATE).lines
                if text := " ".join(" ".join(line.text.split()) for line in lines if line.text.strip()):
                    yield round(window.start + first / RATE, 3), round(window.start + last / RATE, 3), text

    def _voices(self, wave: Wave) -> list[tuple[int, int]]:
        """Find from which sample to which somebody speaks."""
        stream = self._detector.create_stream(update_interval=float("inf"))
        try:
            stream.start()
            stream.add_audio(np.concatenate([_LEAD, wave]).tolist(), RATE)
            stream.update_transcription(self._now)
            stream.stop()
            lines = stream.update_transcription(self._now).lines
        finally:
            stream.close()
        found: list[tuple[int, int]] = []
        for line in lines:
            begin = max(int(line.start_time * RATE) - len(_LEAD), 0)
            end = min(int((line.start_time + line.duration) * RATE) - len(_LEAD), len(wave))
            if found and begin <= found[-1][1] + _GAP:
                begin, end = found.pop()[0], max(end, begin)
            if end > begin:
                found.append((begin, end))
        return found


def _cuts(wave: Wave, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut what is too long where it is quietest."""
    shortest, longest = (int(seconds * RATE) for seconds in _PIECE_SECONDS)
    while end - begin > longest:
        cut = quietest(wave, begin + shortest, begin + longest, width=RATE // 5)
        yield begin, cut
        begin = cut
    yield begin, end


def _loaded(transcriber: Any, api: Any, model: Path, **options: str) -> Any:
    # The sound of each line would come back as a list of Python numbers.
    options |= {"return_audio_data": "false"}
    return transcriber.Transcriber(model, api.ModelArch.TINY, options=options)


_engines: dict[int, _Engine] = {}  # by process: what a fork inherits has lost its threads


def _engine() -> _Engine:
    """Give this process's engine; the first one to ask waits for it to be loaded."""
    if os.getpid() not in _engines:
        _engines[os.getpid()] = _Engine()
    return _engines[os.getpid()]
