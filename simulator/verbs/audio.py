"""Say, Play and Pause. Inside a Gather they stop as soon as something arrives in its inbox."""

import io
import wave
from functools import lru_cache, partial
from typing import Any

from simulator.audio import AudioError, telephone
from simulator.audio_tracks import read_wav
from simulator.legs import Heard, Leg
from simulator.process import Inbox, Steps, Wait
from simulator.switchboard import Switchboard
from simulator.transport import HttpReply
from simulator.twiml import Verb
from simulator.verbs.running import DocumentFailed, Running
from simulator.webhooks import Answer, WebhookFailed

AUDIO_TYPES = {
    "audio/mpeg", "audio/wav", "audio/wave", "audio/x-wav", "audio/aiff", "audio/x-aifc", "audio/x-aiff",
    "audio/x-gsm", "audio/gsm", "audio/ulaw",
}  # fmt: skip
BYTES_PER_SECOND = {"audio/mpeg": 4000, "audio/x-gsm": 1650, "audio/gsm": 1650, "audio/ulaw": 8000}
MAX_LOOP = 1000
TONES = frozenset("0123456789ABCD#*wW")
BASIC_VOICES = {"man", "woman", "alice"}


def perform_audio(running: Running, verb: Verb, inbox: Inbox | None = None) -> Steps[Any]:
    """Run one of the three; return what interrupted it, or None."""
    match verb.name:
        case "Say":
            return (yield from _say(running, verb, inbox))
        case "Play" if verb.get("digits"):
            return (yield from _play_digits(running, verb))
        case "Play":
            return (yield from _play(running, verb, inbox))
        case _:
            running.board.hear(running.leg, "silence", "")
            return (yield Wait(verb.number("length", 1), inbox))


def _say(running: Running, verb: Verb, inbox: Inbox | None) -> Steps[Any]:
    running.answer()
    voice, text = verb.get("voice"), verb.text
    limit = 3000 if voice.startswith("Polly") else 5000 if voice.startswith("Google") else 4096
    if len(text) > limit:
        running.warn(13521, f"{len(text)} characters, {voice or 'this voice'} takes {limit}")
        text = text[:limit]
    if verb.marked_up and voice in BASIC_VOICES:
        running.warn(13520, f"the voice {voice} knows no SSML")
    running.board.do(running.leg, "playing")
    for _ in range(verb.number("loop", 1) or MAX_LOOP):
        heard, seconds = running.board.speak_on(running.leg, text, voice, verb.get("language"))
        interrupted = yield from _let_sound(running, heard, seconds, inbox)
        if interrupted is not None:
            return interrupted
    return None


def _play(running: Running, verb: Verb, inbox: Inbox | None) -> Steps[Any]:
    running.answer()
    url = running.url(verb.text)
    try:
        answer = yield from running.board.webhooks.deliver(
            url, kind="request to app", method="GET", call_sid=running.leg.sid, cookies=running.leg.cookies
        )
    except WebhookFailed as failure:
        raise DocumentFailed(failure.code, failure.url) from failure
    if content_type(answer.reply) not in AUDIO_TYPES:
        running.complain(13420, f"{content_type(answer.reply) or 'none'} from {url}")
        raise DocumentFailed(13420, url)
    for _ in range(verb.number("loop", 1) or MAX_LOOP):
        heard, seconds = play_on(running.board, running.leg, answer)
        running.board.do(running.leg, "playing")
        interrupted = yield from _let_sound(running, heard, seconds, inbox)
        if interrupted is not None:
            return interrupted
    return None


def _play_digits(running: Running, verb: Verb) -> Steps[None]:
    running.answer()
    digits = verb.get("digits")
    if not TONES.issuperset(digits):
        running.warn(13430, "only 0-9, A-D, #, *, w and W are tones")
    yield from running.board.tones(running.leg, "".join(digit for digit in digits if digit in TONES))


def _let_sound(running: Running, heard: Heard, seconds: float, inbox: Inbox | None) -> Steps[Any]:
    whole = False
    try:
        interrupted = yield Wait(seconds, inbox)
        whole = interrupted is None
    finally:
        if not whole and heard.sound is not None:
            heard.sound.stop(running.board.clock.now())
    if interrupted is not None:
        heard.cut = True
        running.board.changed()
    return interrupted


def play_on(board: Switchboard, leg: Leg, answer: Answer) -> tuple[Heard, float]:
    """Let a sound file begin on a leg; return what is heard and how long it takes."""
    heard, seconds = board.hear(leg, "play", "", url=answer.url), audio_seconds(answer.reply)
    heard.sound = board.sound_on(leg, partial(_samples, answer.reply.body), seconds)
    return heard, seconds


@lru_cache(maxsize=8)
def _samples(body: bytes) -> bytes:
    try:
        return read_wav(telephone(body))
    except AudioError:
        return b""


def content_type(reply: HttpReply) -> str:
    """Return the content type without parameters, in lower case."""
    return reply.header("Content-Type").partition(";")[0].strip().lower()


def audio_seconds(reply: HttpReply) -> float:
    """Return how long an audio file sounds: exactly for WAV, by its usual bit rate for the rest."""
    kind = content_type(reply)
    if "wav" in kind:
        try:
            with wave.open(io.BytesIO(reply.body)) as file:
                return max(0.1, float(file.getnframes() / file.getframerate()))
        except (wave.Error, EOFError):
            return 1.0
    return max(0.1, len(reply.body) / BYTES_PER_SECOND.get(kind, 16_000))
