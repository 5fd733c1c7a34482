"""Participants: ring somebody into a conference, mute, hold, announce, coach, and take out."""

from typing import cast
from urllib.parse import parse_qsl, unquote

from simulator.conferences import Refusal, Refused
from simulator.legs import NO_CALLBACK, Callback, Source
from simulator.rest import shapes
from simulator.rest.calls import MAX_TIMEOUT, callback, check_ends, check_url, detecting, whole, wish
from simulator.rest.paging import page
from simulator.rest.request import RestError, RestRequest, RestResponse, answer
from simulator.ringing import originate
from simulator.room import MAX_PARTICIPANTS, MUSIC, SILENCE, Beep, Conference, Participant, RoomWishes, Wishes

CREATE = (
    "From", "To", "Label", "Timeout", "TimeLimit", "Muted", "Beep", "StartConferenceOnEnter", "EndConferenceOnExit",
    "EarlyMedia", "WaitUrl", "WaitMethod", "MaxParticipants", "JitterBufferSize", "Region", "StatusCallback",
    "StatusCallbackMethod", "StatusCallbackEvent", "ConferenceStatusCallback", "ConferenceStatusCallbackMethod",
    "ConferenceStatusCallbackEvent", "Record", "RecordingChannels", "RecordingTrack", "Trim",
    "RecordingStatusCallback", "RecordingStatusCallbackMethod", "RecordingStatusCallbackEvent", "ConferenceRecord",
    "ConferenceTrim", "ConferenceRecordingStatusCallback", "ConferenceRecordingStatusCallbackMethod",
    "ConferenceRecordingStatusCallbackEvent", "Coaching", "CallSidToCoach", "CallerId", "CallReason", "CallToken",
    "Byoc", "SipAuthUsername", "SipAuthPassword", "CallerDisplayName", "ClientNotificationUrl", "MachineDetection",
    "MachineDetectionTimeout", "MachineDetectionSpeechThreshold", "MachineDetectionSpeechEndThreshold",
    "MachineDetectionSilenceTimeout", "AmdStatusCallback", "AmdStatusCallbackMethod", "RecordingConfigurationId",
    "Passports",
)  # fmt: skip
UPDATE = (
    "Muted", "Hold", "HoldUrl", "HoldMethod", "AnnounceUrl", "AnnounceMethod", "WaitUrl", "WaitMethod", "BeepOnExit",
    "EndConferenceOnExit", "Coaching", "CallSidToCoach",
)  # fmt: skip
CODES: dict[Refusal, int] = {
    "full": 16020,
    "label invalid": 16024,
    "label in use": 16026,
    "coached on hold": 16027,
    "coached absent": 16028,
}
BEEPS = ("true", "false", "onEnter", "onExit")
RECORDS = {"true": True, "record-from-start": True, "false": False, "do-not-record": False, "": False}


def create(request: RestRequest, room: str) -> RestResponse:
    """Call somebody into a conference, which is made when none of this name is live."""
    form, board = request.parameters(CREATE), request.board
    name = _name(request, room)
    # What follows a question mark goes to the called device.
    to, _, shown = form.get("To", "").partition("?")
    from_ = form.get("CallerId") or form.get("From", "")
    check_ends(request, to, from_)
    timeout = whole(form, "Timeout", 60, 21208)
    if not 5 <= timeout <= MAX_TIMEOUT:
        raise RestError(400, 21208)
    wishes, room_wishes = _wishes(form), _room_wishes(request, form)
    told, time_limit = callback(request, form, "StatusCallback"), whole(form, "TimeLimit", 0, 20001)
    detect = detecting(request, form, "AmdStatusCallback")
    leg = board.new_leg(from_, to, "outbound-api", phone=to, number=board.number(from_), callback=told)
    leg.shown = dict(parse_qsl(shown))
    try:
        seat = board.conferences.admit(leg, name, wishes, room_wishes)
    except Refused as refused:
        del board.legs[leg.sid]
        raise _refusal(refused) from refused
    if form.get("Record") == "true":
        board.recorder.record_call(leg, wish(request, form))
    originate(board, leg, board.conferences.stay(seat), timeout=timeout, time_limit=time_limit, detect=detect)
    return answer(201, shapes.participant(board, seat) | {"queue_time": str(leg.queue_ms)})


def list_(request: RestRequest, room: str) -> RestResponse:
    """Return a page of who is in, or on the way; a conference that has ended has nobody."""
    board, wanted = request.board, request.filters()

    def keep(seat: Participant) -> bool:
        flags = {"Muted": seat.muted, "Hold": seat.held, "Coaching": bool(seat.coach)}
        return all((wanted[name] == "true") == flag for name, flag in flags.items() if name in wanted)

    seats = _room(request, room).participants
    return answer(200, page(request, "participants", seats, lambda seat: shapes.participant(board, seat), keep))


def fetch(request: RestRequest, room: str, key: str) -> RestResponse:
    """Return one participant, found by CallSid or label."""
    return answer(200, shapes.participant(request.board, _seat(request, room, key)))


def update(request: RestRequest, room: str, key: str) -> RestResponse:
    """Mute, hold, announce to, or otherwise change one participant."""
    seat, form = _seat(request, room, key), request.parameters(UPDATE)
    conferences = request.board.conferences
    sources = {name: _source(form, name) for name in ("Hold", "Announce", "Wait")}
    coach = _coach(form, seat)
    if coach:
        try:
            conferences.check_coached(seat.room, coach)
        except Refused as refused:
            raise _refusal(refused) from refused
    if "Muted" in form:
        conferences.mute(seat, form["Muted"] == "true")
    conferences.modify(
        seat,
        ends=_flag(form, "EndConferenceOnExit"),
        beeps_on_exit=_flag(form, "BeepOnExit"),
        coach=coach,
        wait=sources["Wait"],
    )
    if "Hold" in form:
        conferences.hold(seat, form["Hold"] == "true", sources["Hold"] or MUSIC)
    if sources["Announce"]:
        conferences.announce(seat.room, sources["Announce"], seat)
    return answer(200, shapes.participant(request.board, seat))


def delete(request: RestRequest, room: str, key: str) -> RestResponse:
    """Take a participant out; what follows its Dial runs, one that REST invited is hung up."""
    request.board.conferences.kick(_seat(request, room, key))
    return answer(204, None)


def _room(request: RestRequest, key: str) -> Conference:
    conferences = request.board.conferences
    room = conferences.all.get(key) or conferences.named(unquote(key))
    if room is None:
        raise request.not_found()
    return room


def _name(request: RestRequest, key: str) -> str:
    """Return the name of the room to join; a sid must be that of a live conference."""
    room = request.board.conferences.all.get(key)
    if room is not None and room.live:
        return room.friendly_name
    if room is not None or (key.startswith("CF") and len(key) == 34):
        raise request.not_found()
    name = unquote(key)
    if len(name) > 128:
        raise RestError(400, 13237)
    return name


def _seat(request: RestRequest, room: str, key: str) -> Participant:
    wanted = unquote(key)
    seats = _room(request, room).participants
    found = next((seat for seat in seats if wanted in (seat.sid, seat.label)), None)
    if found is None:
        raise request.not_found()
    return found


def _refusal(refused: Refused) -> RestError:
    return RestError(400, CODES[refused.why])


def _flag(form: dict[str, str], name: str) -> bool | None:
    return form[name] == "true" if name in form else None


def _coach(form: dict[str, str], seat: Participant | None) -> str | None:
    """Return whom to coach: an empty string for nobody, None for no change."""
    if form.get("Coaching") == "false":
        return ""
    call_sid = form.get("CallSidToCoach", "")
    if form.get("Coaching") == "true" and not call_sid and not (seat and seat.coach):
        raise RestError(400, 20001, "Coaching needs CallSidToCoach")
    # A sid without the flag changes only whom a coach coaches.
    if call_sid and (form.get("Coaching") == "true" or (seat and seat.coach)):
        return call_sid
    return None


def _source(form: dict[str, str], name: str) -> Source | None:
    url = form.get(f"{name}Url")
    if url is None:
        return None
    if not url:
        return SILENCE
    check_url(url)
    method = form.get(f"{name}Method", "GET" if name == "Hold" else "POST")
    if method not in ("GET", "POST"):
        raise RestError(400, 21209)
    return Source(url, method)


def _wishes(form: dict[str, str]) -> Wishes:
    beep = form.get("Beep", "true")
    if beep not in BEEPS:
        raise RestError(400, 20001, f"Beep must be one of {', '.join(BEEPS)}")
    return Wishes(
        label=form.get("Label", ""),
        muted=form.get("Muted") == "true",
        starts=form.get("StartConferenceOnEnter", "true") == "true",
        ends=form.get("EndConferenceOnExit") == "true",
        beep=cast("Beep", beep),
        coach=_coach(form, None) or "",
        wait=_source(form, "Wait") or MUSIC,
    )


def _room_wishes(request: RestRequest, form: dict[str, str]) -> RoomWishes:
    most = whole(form, "MaxParticipants", MAX_PARTICIPANTS, 20001)
    if not 2 <= most <= MAX_PARTICIPANTS:
        raise RestError(400, 20001, f"MaxParticipants must be 2 to {MAX_PARTICIPANTS}")
    record = form.get("ConferenceRecord", "")
    if record not in RECORDS:
        raise RestError(400, 20001, f"ConferenceRecord must be one of {', '.join(filter(None, RECORDS))}")
    return RoomWishes(
        callback=_conference_callback(request, form),
        max_participants=most,
        record=RECORDS[record],
        trim=form.get("ConferenceTrim", "trim-silence") == "trim-silence",
        recording_callback=callback(request, form, "ConferenceRecordingStatusCallback"),
        region=form.get("Region", "us1"),
    )


def _conference_callback(request: RestRequest, form: dict[str, str]) -> Callback:
    url, events = form.get("ConferenceStatusCallback", ""), request.listed("ConferenceStatusCallbackEvent")
    if not url:
        return NO_CALLBACK
    check_url(url)
    method = form.get("ConferenceStatusCallbackMethod", "POST")
    return Callback(url, method, frozenset(events or ["start", "end"]))
