"""Recordings: list, fetch, delete, and their audio."""

from simulator.recordings import Recording
from simulator.rest import shapes
from simulator.rest.paging import page
from simulator.rest.request import RestError, RestRequest, RestResponse, answer, falls_in

TYPES = {"": "audio/x-wav", ".wav": "audio/x-wav", ".mp3": "audio/mpeg"}


def list_(request: RestRequest, call_sid: str = "", conference_sid: str = "") -> RestResponse:
    """Return a page of the account's recordings, or of one call's or conference's."""
    board, wanted = request.board, request.filters()
    if call_sid and call_sid not in board.legs:
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
    if item.status in ("in-progress", "processing"):
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
    wav = item.wav(int(wanted) if wanted else None)
    body = request.board.recorder.voice.mp3(wav) if extension == ".mp3" else wav
    return RestResponse(status=200, headers={"Content-Type": TYPES[extension]}, body=body)


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
