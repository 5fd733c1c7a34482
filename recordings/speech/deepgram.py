"""Speech to text by Deepgram, or a server of its own that speaks likewise: at once, or later by a callback.

https://developers.deepgram.com/reference/speech-to-text/listen-pre-recorded
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from recordings.speech.pieces import shape_of
from recordings.speech.posting import address, post
from recordings.speech.provider import Pending, Price, Stopped, Unclear, always, cost_of, speaker_of
from recordings.speech.transcript import Segment, Transcript, Word, joined, ordered

URL = "https://api.deepgram.com"
MODEL = "nova-3"
_NAME = "Deepgram"


class Deepgram:
    """Sends the whole file; all channels come back apart, with the times of the words."""

    name = "deepgram"

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
        """Turn a WAV file into text, waiting for it: see Provider."""
        shape_of(sound, channels=channels)
        if not goes_on():
            raise Stopped
        answer = self._ask(sound, self._wishes(channels, language))
        return self._transcript(answer, channels=channels, speakers=speakers, language=language)

    def begin(self, sound: Path, *, channels: int, language: str, callback_url: str) -> Pending:
        """Hand over a WAV file; the text is sent to the address, up to ten times until it is answered 2xx."""
        shape_of(sound, channels=channels)
        answer = self._ask(sound, {**self._wishes(channels, language), "callback": callback_url})
        request_id = answer.get("request_id") if isinstance(answer, dict) else None
        if not isinstance(request_id, str) or not request_id:
            raise Unclear(f"{_NAME} answered without the number of the request.")
        return Pending(request_id)

    def read_callback(self, body: bytes, *, channels: int, speakers: Sequence[str], language: str) -> Transcript:
        """Read what was sent to the address. Raises Unclear."""
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise Unclear(f"{_NAME} sent something that is no JSON.") from error
        return self._transcript(answer, channels=channels, speakers=speakers, language=language)

    def _wishes(self, channels: int, language: str) -> dict[str, str]:
        wishes = {"model": self._model, "smart_format": "true", "punctuate": "true", "utterances": "true"}
        if channels > 1:
            wishes["multichannel"] = "true"
        return wishes | ({"language": language} if language else {"detect_language": "true"})

    def _ask(self, sound: Path, wishes: dict[str, str]) -> Any:
        with sound.open("rb") as file:
            return post(
                address(self._url, "v1/listen"),
                to=_NAME,
                timeout=self._timeout,
                headers={"Authorization": f"Token {self._key}", "Content-Type": "audio/wav"},
                params=wishes,
                body=file,
            )

    def _transcript(self, answer: Any, *, channels: int, speakers: Sequence[str], language: str) -> Transcript:
        try:
            metadata, results = answer["metadata"], answer["results"]
            names = [speaker_of(channel, channels=channels, speakers=speakers) for channel in range(channels)]
            segments = [_segment(entry, names) for entry in results["utterances"]]
            detected = results["channels"][0].get("detected_language") if results["channels"] else None
            cost, currency = cost_of(self._price, seconds=float(metadata["duration"]), channels=channels)
            return Transcript(
                ordered([[entry for entry in segments if entry.text]]),
                str(language or detected or ""),
                self.name,
                _version(metadata, self._model),
                cost,
                currency,
            )
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
            # the exception itself may quote what was said
            raise Unclear(f"{_NAME} answered something that is no transcript.") from error


def _segment(entry: Any, names: Sequence[str]) -> Segment:
    words = tuple(
        Word(str(word.get("punctuated_word") or word["word"]), float(word["start"]), float(word["end"]))
        for word in entry.get("words", [])
    )
    return Segment(
        start=float(entry["start"]),
        end=float(entry["end"]),
        speaker=names[int(entry.get("channel", 0))],
        text=joined(words) if words else str(entry["transcript"]),
        confidence=float(entry["confidence"]),
        words=words,
    )


def _version(metadata: Any, model: str) -> str:
    known = [info for info in metadata.get("model_info", {}).values() if "version" in info]
    return f"{known[0].get('arch', model)} {known[0]['version']}" if known else model


def callback_token(secret: str, reference: str) -> str:
    """Make the part of a callback's address that only we can make, for one recording or whatever `reference` names."""
    return hmac.new(secret.encode(), f"transcription:{reference}".encode(), hashlib.sha256).hexdigest()


def is_callback_token(token: str, secret: str, reference: str) -> bool:
    """Tell whether a token is ours for this reference. Without a secret none is."""
    return bool(secret) and hmac.compare_digest(token.encode(), callback_token(secret, reference).encode())
