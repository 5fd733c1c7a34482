"""Conference in Dial: in until one is out, then the action, or the next verb."""

from datetime import timedelta
from typing import cast

from simulator.conferences import Refusal, Refused
from simulator.legs import NO_CALLBACK, Callback, Key, Source
from simulator.process import HungUp, Inbox, Steps, Wait
from simulator.room import MAX_PARTICIPANTS, MUSIC, SILENCE, Beep, Participant, RoomWishes, Wishes
from simulator.twiml import Verb
from simulator.verbs.record import recording_callback
from simulator.verbs.running import Jump, Running

MAX_NAME = 128
DEFAULT_TIME_LIMIT = 14_400
CODES: dict[Refusal, int] = {
    "full": 16020,
    "label invalid": 16023,
    "label in use": 16025,
    "coached absent": 13240,
    "coached on hold": 13240,
}


def dial_conference(running: Running, dial: Verb, noun: Verb) -> Steps[Jump | None]:
    """Be in a conference; whom it refuses goes on with the next verb, a wrong coach with the action."""
    running.answer()
    if len(noun.text) > MAX_NAME or not noun.text:
        running.warn(13237, f"a conference's name has 1 to {MAX_NAME} characters")
        return _over(running, dial, "failed")
    wishes, room_wishes = _wishes(running, noun), _room_wishes(running, noun)
    try:
        seat = running.board.conferences.admit(running.leg, noun.text, wishes, room_wishes)
    except Refused as refused:
        code = CODES[refused.why]
        running.warn(code, refused.why)
        return _over(running, dial, "failed") if code == 13240 else None
    try:
        with running.listening(Key) as inbox:
            yield from _be_in(running, dial, seat, inbox)
    except HungUp:
        if dial.get("action"):
            yield from running.tell(running.source(dial, {"DialCallStatus": "answered"}))
        raise
    return _over(running, dial, "failed" if seat.failed else "answered")


def _be_in(running: Running, dial: Verb, seat: Participant, inbox: Inbox) -> Steps[None]:
    conferences, board = running.board.conferences, running.board
    end = board.clock.now() + timedelta(seconds=dial.number("timeLimit", DEFAULT_TIME_LIMIT))
    stars = dial.flag("hangupOnStar", False)
    conferences.enter(seat, inbox)
    while True:
        match (yield Wait(board.seconds_until(end), inbox, background=True)):
            case Participant():
                return
            case Key(digit="*") if stars:
                conferences.walk_out(seat)
            case None:
                conferences.walk_out(seat)


def _over(running: Running, dial: Verb, status: str) -> Jump | None:
    return Jump(running.source(dial, {"DialCallStatus": status})) if dial.get("action") else None


def _wishes(running: Running, noun: Verb) -> Wishes:
    return Wishes(
        label=noun.get("participantLabel"),
        muted=noun.flag("muted", False),
        starts=noun.flag("startConferenceOnEnter", True),
        ends=noun.flag("endConferenceOnExit", False),
        beep=cast("Beep", noun.get("beep", "true")),
        coach=noun.get("coach"),
        wait=_wait(running, noun),
    )


def _wait(running: Running, noun: Verb) -> Source:
    if "waitUrl" not in noun.attributes:
        return MUSIC
    url = noun.get("waitUrl")
    return Source(running.url(url), noun.get("waitMethod", "POST")) if url else SILENCE


def _room_wishes(running: Running, noun: Verb) -> RoomWishes:
    most = noun.number("maxParticipants", MAX_PARTICIPANTS)
    if not 2 <= most <= MAX_PARTICIPANTS:
        running.warn(12200, f'maxParticipants="{most}", 2 to {MAX_PARTICIPANTS}')
        most = MAX_PARTICIPANTS
    return RoomWishes(
        callback=_callback(running, noun),
        max_participants=most,
        record=noun.get("record") in ("true", "record-from-start"),
        trim=noun.get("trim", "trim-silence") == "trim-silence",
        recording_callback=recording_callback(running, noun),
        region=noun.get("region", "us1"),
    )


def _callback(running: Running, noun: Verb) -> Callback:
    url, events = noun.get("statusCallback"), noun.get("statusCallbackEvent").split()
    if not url:
        return NO_CALLBACK
    return Callback(running.url(url), noun.get("statusCallbackMethod", "POST"), frozenset(events))
