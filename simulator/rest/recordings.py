"""Recordings: start, steer, list, fetch, delete, and their audio."""

from dataclasses import replace
from typing import cast

from simulator.recordings import RecordedTrack, Recording, Wish
from simulator.rest import shapes
from simulator.rest.calls import callback
from simulator.rest.media import befallen
from simulator.rest.paging import page
from simulator.rest.request import RestError, RestRequest, RestResponse, answer, falls_in

CREATE = (
    "RecordingChannels", "RecordingTrack", "Trim", "RecordingStatusCallback", "RecordingStatusCallbackMethod",
    "RecordingStatusCallbackEvent", "RecordingConfigurationId",
)  # fmt: skip
UPDATE = ("Status", "PauseBehavior")
CURRENT = "Twilio.CURRENT"
NOT_ELIGIBLE = "Requested resource is not eligible for recording"
TYPES = {"": "audio/x-wav", ".wav": "audio/x-wav", ".mp3": "audio/mpeg"}


def create(request: RestRequest, call_sid: str) -> RestResponse:
    """Begin to record a live leg; while such a recording runs, another wish for one changes nothing."""
    board, leg = request.board, request.board.legs.get(call_sid)
    if leg is None:
        raise request.not_found()
    form = request.parameters(CREATE)
    wish = Wish(
        source="StartCallRecordingAPI",
        channels=2 if _word(form, "RecordingChannels", "mono", "dual") == "dual" else 1,
        track=cast("RecordedTrack", _word(form, "RecordingTrack", "both", "inbound", "outbound")),
        trim=_word(form, "Trim", "do-not-trim", "trim-silence") == "trim-silence",
        callback=callback(request, form, "RecordingStatusCallback"),
    )
    if leg.status != "in-progress":
        raise RestError(400, 21220, NOT_ELIGIBLE)
    item = board.recorder.of_leg(leg, wish.source) or board.recorder.start(leg, wish)
    return answer(201, shapes.recording(board, item, under_call=True))


def update(request: RestRequest, sid: str, call_sid: str = "", conference_sid: str = "") -> RestResponse:
    """Pause a recording, let it go on, or end it for good."""
    recorder = request.board.recorder
    item = _current(request, call_sid, conference_sid) if sid == CURRENT else None
    item = item or _recording(request, sid, call_sid, conference_sid)
    form = request.parameters(UPDATE)
    status = _word(form, "Status", "", "paused", "in-progress", "stopped")
    behavior = _word(form, "PauseBehavior", "silence", "skip")
    if not status:
        raise RestError(400, 20001, "Status must be paused, in-progress or stopped")
    if not item.running:
        raise RestError(400, 21220, NOT_ELIGIBLE)
    match status:
        case "paused":
            recorder.pause(item, skip=behavior == "skip")
        case "in-progress":
            recorder.resume(item)
        case "stopped":
            recorder.finish(item, "stopped")
    return answer(200, shapes.recording(request.board, item, under_call=bool(call_sid)))


def list_(request: RestRequest, call_sid: str = "", conference_sid: str = "") -> RestResponse:
    """Return a page of the account's recordings, or of one call's or conference's."""
    board, wanted = request.board, request.filters()
    # A call may be deleted: its recordings stay.
    if call_sid and call_sid not in board.legs and all(item.leg.sid != call_sid for item in board.recordings.values()):
        raise request.not_found()
    if conference_sid and conference_sid not in board.conferences.all:
        raise request.not_found()
    of_call = call_sid or wanted.get("CallSid", "")
    of_conference = conference_sid or wanted.get("ConferenceSid", "")

    def keep(item: Recording) -> bool:
        return (
            _is_visible(request, item)
            and of_call in ("", item.leg.sid)
            and of_conference in ("", item.conference_sid)
            and falls_in(item.created, wanted, "DateCreated")
        )

    items = list(board.recordings.values())
    return answer(
        200,
        page(request, "recordings", items, lambda item: shapes.recording(board, item, under_call=bool(call_sid)), keep),
    )


def fetch(request: RestRequest, sid: str, call_sid: str = "", conference_sid: str = "") -> RestResponse:
    """Return one recording; a deleted one only on demand."""
    item = _recording(request, sid, call_sid, conference_sid)
    return answer(200, shapes.recording(request.board, item, under_call=bool(call_sid)))


def delete(request: RestRequest, sid: str, call_sid: str = "", conference_sid: str = "") -> RestResponse:
    """Delete the audio for good; the metadata stays 40 days for those who ask for it."""
    item = _recording(request, sid, call_sid, conference_sid)
    if item.status == "deleted":
        raise request.not_found()
    if item.status not in ("completed", "absent") or request.held(sid, item.ended):
        raise RestError(400, 20009)
    request.board.recorder.delete(item)
    return answer(204, None)


def media(request: RestRequest, sid: str, extension: str, call_sid: str = "") -> RestResponse:
    """Return the audio as WAV or MP3."""
    item = _recording(request, sid, call_sid)
    if item.status != "completed":
        raise request.not_found()
    wanted = request.filters().get("RequestedChannels", "")
    if wanted not in ("", "1", "2"):
        raise RestError(400, 20001, "RequestedChannels must be 1 or 2")
    if wanted == "2" and item.wish.channels == 1:
        raise RestError(400, 16113)
    file = item.file(int(wanted) if wanted else None)
    content = request.board.recorder.voice.mp3(file.whole()) if extension == ".mp3" else file
    sound = RestResponse(status=200, headers={"Content-Type": TYPES[extension]}, content=content)
    return befallen(request, replace(sound, headers=sound.headers | {"Content-Length": str(sound.size)}))


def _current(request: RestRequest, call_sid: str, conference_sid: str) -> Recording:
    """Return the one that runs on a call or in a conference; with several, Twilio does not guess which is meant."""
    running = [
        item
        for item in request.board.recordings.values()
        if item.running and item.conference_sid == conference_sid and call_sid in ("", item.leg.sid)
    ]
    if len(running) > 1:
        raise RestError(400, 16108)
    if not running:
        raise request.not_found()
    return running[0]


def _word(form: dict[str, str], name: str, default: str, *others: str) -> str:
    """Return a parameter that must be one of these words."""
    value = form.get(name) or default
    if value not in (default, *others):
        raise RestError(400, 20001, f"{name} must be one of {', '.join(filter(None, (default, *others)))}")
    return value


def _recording(request: RestRequest, sid: str, call_sid: str, conference_sid: str = "") -> Recording:
    item = request.board.recordings.get(sid)
    if (
        item is None
        or call_sid not in ("", item.leg.sid)
        or conference_sid not in ("", item.conference_sid)
        or not _is_visible(request, item)
    ):
        raise request.not_found()
    return item


def _is_visible(request: RestRequest, item: Recording) -> bool:
    if item.status != "deleted":
        return True
    asked = request.filters().get("IncludeSoftDeleted", "").lower() == "true"
    return asked and not request.board.recorder.is_forgotten(item)
