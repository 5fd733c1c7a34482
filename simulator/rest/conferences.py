"""Conferences: list, fetch, end, announce."""

import re

from simulator.legs import Source
from simulator.rest import shapes
from simulator.rest.calls import check_url
from simulator.rest.paging import page
from simulator.rest.request import RestError, RestRequest, RestResponse, answer, falls_in
from simulator.room import Conference

UPDATE = ("Status", "AnnounceUrl", "AnnounceMethod")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def list_(request: RestRequest) -> RestResponse:
    """Return a page of conferences; their dates are whole days only."""
    board, wanted = request.board, request.filters()
    for name, value in wanted.items():
        if name.startswith("Date") and not DAY.fullmatch(value):
            raise RestError(400, 20001, f"{name.rstrip('<>')} must be a day, as 2026-01-31")

    def keep(room: Conference) -> bool:
        return (
            wanted.get("FriendlyName", room.friendly_name) == room.friendly_name
            and wanted.get("Status", room.status) == room.status
            and falls_in(room.created, wanted, "DateCreated")
            and falls_in(room.updated, wanted, "DateUpdated")
        )

    items = list(board.conferences.all.values())
    return answer(200, page(request, "conferences", items, lambda room: shapes.conference(board, room), keep))


def fetch(request: RestRequest, sid: str) -> RestResponse:
    """Return one conference; one that has ended too."""
    return answer(200, shapes.conference(request.board, conference(request, sid)))


def update(request: RestRequest, sid: str) -> RestResponse:
    """End a conference, or let everybody in it hear something."""
    room, board = conference(request, sid), request.board
    form = request.parameters(UPDATE)
    if form.get("Status", "completed") != "completed":
        raise RestError(400, 20001, "Status must be completed")
    if form.get("AnnounceUrl") and room.live:
        check_url(form["AnnounceUrl"])
        board.conferences.announce(room, Source(form["AnnounceUrl"], form.get("AnnounceMethod", "POST")))
    if "Status" in form and room.live:
        board.conferences.end(room)
    return answer(200, shapes.conference(board, room))


def conference(request: RestRequest, sid: str) -> Conference:
    """Return the conference of a path; raise the 404 for one that never was."""
    room = request.board.conferences.all.get(sid)
    if room is None:
        raise request.not_found()
    return room
