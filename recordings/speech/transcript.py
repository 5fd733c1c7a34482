"""What was said, by whom and when; kept as JSON. Pure."""

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

EVERYBODY = "both"  # the speaker where one channel holds all voices

_FORMAT = 1


class NotATranscript(Exception):
    """The JSON is none of ours. The message is for a person and repeats nothing of what was said."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands in the text, punctuation included, and its seconds from the beginning of the recording."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence or so of one speaker. Where there are words, the text is these, with a space between."""

    start: float
    end: float
    speaker: str
    text: str
    confidence: float | None = None
    words: tuple[Word, ...] = ()

    def __post_init__(self) -> None:
        if self.words and self.text != joined(self.words):
            raise ValueError("The text of a segment is not that of its words.")


@dataclass(frozen=True, slots=True)
class Transcript:
    """Segments in the order in which they begin. The cost is None where nobody knows it, the currency then empty."""

    segments: tuple[Segment, ...]
    language: str
    provider: str
    version: str
    cost: Decimal | None = None
    currency: str = ""

    @property
    def text(self) -> str:
        """Everything that was said, a line for each segment."""
        return "\n".join(segment.text for segment in self.segments)


def joined(words: Iterable[Word]) -> str:
    """Give the text that words make."""
    return " ".join(word.text for word in words)


def ordered(channels: Iterable[Sequence[Segment]]) -> tuple[Segment, ...]:
    """Lay the segments of several channels in one order: by their beginning; at once, by their end and channel."""
    numbered = [(segment.start, segment.end, index, segment) for index, of in enumerate(channels) for segment in of]
    return tuple(segment for *_place, segment in sorted(numbered, key=lambda entry: entry[:3]))


def timed(text: str, words: Sequence[Word]) -> tuple[Word, ...]:
    """Give the words of a text, as written in it, with the times of the same words as a provider lists them.

    Providers list words without their punctuation, or a number in pieces. Empty where the two do not agree.
    """
    found, ahead = list[Word](), list(words)
    for written in text.split():
        wanted = _bare(written)
        if not wanted:  # punctuation that stands alone belongs to the word before
            if not found:
                return ()
            found[-1] = Word(f"{found[-1].text} {written}", found[-1].start, found[-1].end)
            continue
        got, start, end = "", 0.0, 0.0
        while len(got) < len(wanted) and ahead:
            word = ahead.pop(0)
            start = word.start if not got else start
            got, end = got + _bare(word.text), word.end
        if got != wanted:
            return ()
        found.append(Word(written, start, end))
    return tuple(found)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def to_json(transcript: Transcript) -> str:
    """Write a transcript as JSON."""
    return json.dumps(
        {
            "format": _FORMAT,
            "language": transcript.language,
            "provider": transcript.provider,
            "version": transcript.version,
            "cost": None if transcript.cost is None else str(transcript.cost),
            "currency": transcript.currency,
            "segments": [
                {
                    "start": segment.start,
                    "end": segment.end,
                    "speaker": segment.speaker,
                    "text": segment.text,
                    "confidence": segment.confidence,
                    "words": [[word.text, word.start, word.end] for word in segment.words],
                }
                for segment in transcript.segments
            ],
        },
        ensure_ascii=False,
        allow_nan=False,
    )


def from_json(text: str) -> Transcript:
    """Read what `to_json` wrote. Raises NotATranscript."""
    try:
        return _transcript(json.loads(text))
    except (ValueError, KeyError, TypeError, InvalidOperation, RecursionError) as error:
        raise NotATranscript("This is no stored transcript, or of a format that is not known here.") from error


def _transcript(data: Any) -> Transcript:
    if data["format"] != _FORMAT:
        raise ValueError
    return Transcript(
        segments=tuple(_segment(entry) for entry in data["segments"]),
        language=_text(data["language"]),
        provider=_text(data["provider"]),
        version=_text(data["version"]),
        cost=None if data["cost"] is None else Decimal(_text(data["cost"])),
        currency=_text(data["currency"]),
    )


def _segment(data: Any) -> Segment:
    return Segment(
        start=_number(data["start"]),
        end=_number(data["end"]),
        speaker=_text(data["speaker"]),
        text=_text(data["text"]),
        confidence=None if data["confidence"] is None else _number(data["confidence"]),
        words=tuple(Word(_text(text), _number(start), _number(end)) for text, start, end in data["words"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise TypeError
    return float(value)
