"""Speech to text by OpenAI, or any of the servers that speak likewise: a request for each part of each channel.

https://platform.openai.com/docs/api-reference/audio/createTranscription
"""

import io
import math
import wave
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from recordings.speech.pieces import Piece, pieces, shape_of
from recordings.speech.posting import address, post
from recordings.speech.provider import (
    Price,
    Stopped,
    Unclear,
    Unusable,
    always,
    cost_of,
    main_language,
    speaker_of,
)
from recordings.speech.transcript import Segment, Transcript, Word, joined, ordered, timed

URL = "https://api.openai.com/v1"
MODEL = "whisper-1"
_NAME = "The speech-to-text server"
# At most 25 MB are taken: 26 minutes of one channel of telephone sound.
_PIECE_SECONDS = (540.0, 600.0)
# Of models that tell no times, a piece is all that is known: when it is heard, and what is silenced with it.
_SHORT_PIECE_SECONDS = (10.0, 20.0)
_NOBODY_SPEAKS = 0.9
_LANGUAGES = {
    "english": "en",
    "german": "de",
    "spanish": "es",
    "french": "fr",
    "italian": "it",
    "dutch": "nl",
    "portuguese": "pt",
    "polish": "pl",
    "turkish": "tr",
    "russian": "ru",
    "swedish": "sv",
    "danish": "da",
    "norwegian": "no",
    "finnish": "fi",
    "czech": "cs",
    "greek": "el",
    "ukrainian": "uk",
    "japanese": "ja",
}


class OpenAICompatible:
    """Sends parts of a channel that are cut where it is quiet, silent ones left out: models invent words for those."""

    name = "openai"

    def __init__(
        self, *, key: str, url: str = "", model: str = "", timeout: float = 300.0, price: Price | None = None
    ) -> None:
        self._key, self._url, self._model = key, url or URL, model or MODEL
        self._timeout, self._price = timeout, price

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
        reader = _Reader(self, language, goes_on)
        heard = [
            reader.channel(sound, channel, speaker_of(channel, channels=channels, speakers=speakers))
            for channel in range(channels)
        ]
        cost, currency = cost_of(self._price, seconds=shape.seconds, channels=channels)
        return Transcript(ordered(heard), language or reader.detected, self.name, self._model, cost, currency)

    def ask(self, piece: Piece, *, language: str, with_times: bool) -> Any:
        """Have a piece transcribed. Raises the exceptions of a provider."""
        form = [("model", self._model), ("response_format", "verbose_json" if with_times else "json")]
        if with_times:
            form += [("timestamp_granularities[]", "word"), ("timestamp_granularities[]", "segment")]
        if language:
            form.append(("language", main_language(language)))
        return post(
            address(self._url, "audio/transcriptions"),
            to=_NAME,
            timeout=self._timeout,
            headers={"Authorization": f"Bearer {self._key}"} if self._key else {},
            form=form,
            file=("sound.wav", _wav(piece), "audio/wav"),
        )


class _Reader:
    """What is learned from piece to piece: the language, and whether the model tells times."""

    def __init__(self, server: OpenAICompatible, language: str, goes_on: Callable[[], bool]) -> None:
        self._server, self._language, self._goes_on = server, language, goes_on
        self._tells_times = True
        self.detected = ""

    def channel(self, sound: Path, channel: int, speaker: str) -> list[Segment]:
        """Read a channel; anew in short pieces where the model turns out to tell no times."""
        if self._tells_times:
            try:
                return list(self._segments(sound, channel, speaker, _PIECE_SECONDS))
            except _NoTimes:
                self._tells_times = False
        return list(self._segments(sound, channel, speaker, _SHORT_PIECE_SECONDS))

    def _segments(self, sound: Path, channel: int, speaker: str, lengths: tuple[float, float]) -> Iterator[Segment]:
        for piece in pieces(sound, channel=channel, shortest=lengths[0], longest=lengths[1]):
            if not self._goes_on():
                raise Stopped
            if piece.is_silent:
                continue
            try:
                answer = self._server.ask(piece, language=self._language, with_times=self._tells_times)
            except Unusable as error:
                if self._tells_times and ("response_format" in str(error) or "timestamp_granularities" in str(error)):
                    raise _NoTimes from error
                raise
            try:
                yield from self._read(answer, piece, speaker)
            except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
                raise Unclear(f"{_NAME} answered something that is no transcript.") from error

    def _read(self, answer: Any, piece: Piece, speaker: str) -> Iterator[Segment]:
        told = str(answer.get("language") or "").casefold()
        self.detected = self.detected or _LANGUAGES.get(told, told if len(told) == 2 else "")
        if self._tells_times and "segments" not in answer:
            raise _NoTimes
        if not self._tells_times:
            text = " ".join(answer["text"].split())
            if text:
                yield Segment(piece.start, piece.start + piece.seconds, speaker, text)
            return
        words = [
            Word(str(word["word"]), piece.start + float(word["start"]), piece.start + float(word["end"]))
            for word in answer.get("words") or []
        ]
        for entry in answer["segments"]:
            text, end = " ".join(entry["text"].split()), piece.start + float(entry["end"])
            here = [word for word in words if (word.start + word.end) / 2 < end]
            words = words[len(here) :]
            if not text or float(entry.get("no_speech_prob") or 0) > _NOBODY_SPEAKS:
                continue
            of_text = timed(text, here)
            logarithm = entry.get("avg_logprob")
            yield Segment(
                piece.start + float(entry["start"]),
                end,
                speaker,
                joined(of_text) if of_text else text,
                None if logarithm is None else min(math.exp(float(logarithm)), 1.0),
                of_text,
            )


class _NoTimes(Exception):
    """The model gives text alone."""


def _wav(piece: Piece) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(piece.rate)
        writer.writeframes(piece.samples.astype("<i2").tobytes())
    return file.getvalue()
