"""Start and Stop of recordings: what is begun runs beside the document, and through later ones."""

from typing import cast
from urllib.parse import urlsplit

from simulator.legs import NO_CALLBACK, Callback
from simulator.recordings import RecordedTrack, Wish
from simulator.twiml import Verb
from simulator.verbs.record import recording_callback
from simulator.verbs.running import Running


def start(running: Running, verb: Verb) -> None:
    """Begin what can be begun, and go on at once."""
    for noun in verb.children:
        if noun.name == "Recording":
            _record(running, noun)
        else:
            running.not_executed(f"{noun.name} in Start", "nothing begins")


def stop(running: Running, verb: Verb) -> None:
    """End what was begun under a name."""
    recorder = running.board.recorder
    for noun in verb.children:
        if noun.name != "Recording":
            running.not_executed(f"{noun.name} in Stop", "nothing ends")
            continue
        recording = recorder.named(running.leg, noun.get("name"))
        if recording is None:
            running.warn(0, f'no recording is running under the name "{noun.get("name")}"')
        else:
            recorder.finish(recording, "stopped")


def _record(running: Running, noun: Verb) -> None:
    name, recorder = noun.get("name"), running.board.recorder
    if recorder.named(running.leg, name) is not None:
        running.warn(0, f'a recording is running under the name "{name}"; no other begins')
        return
    wish = Wish(
        source="StartCallRecordingTwiML",
        channels=1 if noun.get("channels") == "mono" else 2,
        track=cast("RecordedTrack", noun.get("track", "both")),
        trim=noun.get("trim", "trim-silence") == "trim-silence",
        callback=_callback(running, noun),
    )
    if running.leg.answered is None:
        recorder.record_call(running.leg, wish, name)
    else:
        recorder.start(running.leg, wish, name=name)


def _callback(running: Running, noun: Verb) -> Callback:
    url = noun.get("recordingStatusCallback")
    if url and not urlsplit(url).scheme:
        # Only here does Twilio not resolve an address against the document's.
        running.complain(11200, f"recordingStatusCallback must be absolute: {url}")
        return NO_CALLBACK
    return recording_callback(running, noun)
