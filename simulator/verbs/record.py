"""Record: what the caller says, until a key, silence, the limit or the end of the call."""

from dataclasses import replace
from datetime import timedelta

from simulator.legs import NO_CALLBACK, Callback, Key, Speech
from simulator.process import HungUp, Inbox, Replaced, Steps, Wait
from simulator.recordings import Recording, Wish
from simulator.twiml import Verb
from simulator.verbs.running import Jump, Running

BEEP_SECONDS = 0.5
MAX_LENGTH, MAX_LENGTH_CLIENT, MAX_LENGTH_EVER = 3600, 600, 14_400
ANY_KEY = "1234567890*#"


def record(running: Running, verb: Verb) -> Steps[Jump]:
    """Record, then ask for the action in every case: after a hang-up too, when its answer cannot run."""
    if verb.flag("transcribe", False) or verb.get("transcribeCallback"):
        running.not_executed("Transcription by Record", "the recording is made without")
    # Resolved first: a document without a URL of its own must fail before it records.
    action = running.source(verb, {})
    running.answer()
    board, wish = running.board, _wish(running, verb)
    recording: Recording | None = None
    try:
        if verb.flag("playBeep", True):
            board.hear(running.leg, "beep", "")
            yield Wait(BEEP_SECONDS)
        with running.listening(Key, Speech) as inbox:
            recording = board.recorder.start(running.leg, wish)
            board.do(running.leg, "recording")
            key = yield from _listen(running, verb, inbox)
    except HungUp:
        recording = recording or board.recorder.start(running.leg, wish)
        board.recorder.finish(recording)
        yield from running.tell(replace(action, fields=board.recorder.verb_fields(recording) | {"Digits": "hangup"}))
        raise
    except Replaced:
        if recording is not None:
            board.recorder.finish(recording)
        raise
    board.recorder.finish(recording)
    fields = board.recorder.verb_fields(recording) | {"Digits": key}
    return Jump(replace(action, fields=fields))


def _listen(running: Running, verb: Verb, inbox: Inbox) -> Steps[str]:
    """Wait for the end; return the key that brought it, or an empty string."""
    board, leg = running.board, running.leg
    silence, finish_on = verb.number("timeout", 5), _finish_on(running, verb)
    now = board.clock.now()
    latest = now + timedelta(seconds=_max_length(running, verb))
    silent_since = max([now, *(said.at + timedelta(seconds=said.seconds) for said in leg.said[-1:])])
    while True:
        end = min(latest, silent_since + timedelta(seconds=silence)) if silence else latest
        match (yield Wait(board.seconds_until(end), inbox)):
            case None:
                return ""
            case Key(digit=digit) if digit in finish_on:
                return digit
            case Speech(until=until):
                silent_since = max(silent_since, until)


def _wish(running: Running, verb: Verb) -> Wish:
    return Wish(
        source="RecordVerb",
        trim=verb.get("trim", "trim-silence") == "trim-silence",
        callback=recording_callback(running, verb),
    )


def recording_callback(running: Running, verb: Verb) -> Callback:
    """Return whom a verb wants told about its recording."""
    if not verb.get("recordingStatusCallback"):
        return NO_CALLBACK
    return Callback(
        url=running.url(verb.get("recordingStatusCallback")),
        method=verb.get("recordingStatusCallbackMethod", "POST"),
        events=frozenset(verb.get("recordingStatusCallbackEvent", "completed").split()),
    )


def _finish_on(running: Running, verb: Verb) -> str:
    keys = verb.get("finishOnKey", ANY_KEY)
    if not set(ANY_KEY).issuperset(keys):
        running.warn(13613, f'finishOnKey="{keys}"')
        return ANY_KEY
    return keys


def _max_length(running: Running, verb: Verb) -> int:
    longest = MAX_LENGTH_CLIENT if running.leg.from_.startswith("client:") else MAX_LENGTH_EVER
    length = verb.number("maxLength", min(MAX_LENGTH, longest))
    if not 1 <= length <= longest:
        running.warn(13612, f'maxLength="{length}", 1 to {longest} here')
        return min(MAX_LENGTH, longest)
    return length
