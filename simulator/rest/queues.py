"""Queues and who waits in them."""

from simulator.legs import Source
from simulator.queues import MAX_NAME, MAX_SIZE, MAX_SIZE_EVER, Member, Queue
from simulator.rest import shapes
from simulator.rest.calls import check_url, whole
from simulator.rest.paging import page
from simulator.rest.request import RestError, RestRequest, RestResponse, answer

SETTINGS = ("FriendlyName", "MaxSize")


def create(request: RestRequest) -> RestResponse:
    """Add a queue; its name is its own."""
    name, size = _settings(request, "", MAX_SIZE)
    return answer(201, shapes.queue(request.board, request.board.queues.create(name, size)))


def fetch(request: RestRequest, sid: str) -> RestResponse:
    """Return one queue."""
    return answer(200, shapes.queue(request.board, _queue(request, sid)))


def update(request: RestRequest, sid: str) -> RestResponse:
    """Rename a queue, or change how many it takes."""
    queue = _queue(request, sid)
    queue.friendly_name, queue.max_size = _settings(request, queue.friendly_name, queue.max_size)
    queue.updated = request.board.clock.now()
    return answer(200, shapes.queue(request.board, queue))


def delete(request: RestRequest, sid: str) -> RestResponse:
    """Remove a queue that nobody waits in."""
    if _queue(request, sid).members:
        raise RestError(400, 22002)
    del request.board.queues.all[sid]
    return answer(204, None)


def list_(request: RestRequest) -> RestResponse:
    """Return a page of queues."""
    board = request.board
    items = list(board.queues.all.values())
    return answer(200, page(request, "queues", items, lambda queue: shapes.queue(board, queue), lambda _: True))


def list_members(request: RestRequest, sid: str) -> RestResponse:
    """Return a page of who waits, front first."""
    queue = _queue(request, sid)
    items = list(reversed(queue.members))
    return answer(200, page(request, "queue_members", items, lambda member: _shape(request, member), lambda _: True))


def fetch_member(request: RestRequest, sid: str, key: str) -> RestResponse:
    """Return one who waits, by CallSid or as Front."""
    return answer(200, _shape(request, _member(request, sid, key)))


def dequeue(request: RestRequest, sid: str, key: str) -> RestResponse:
    """Take one out, who runs another document; a second time this fails."""
    form = request.parameters(("Url", "Method"))
    check_url(form.get("Url", ""))
    if key in _queue(request, sid).served:
        raise RestError(400, 20001, f"{key} has left the queue")
    member = _member(request, sid, key)
    shape = _shape(request, member)
    request.board.replace(member.leg, Source(form["Url"], form.get("Method", "POST")))
    return answer(200, shape)


def _settings(request: RestRequest, name: str, size: int) -> tuple[str, int]:
    form, queues = request.parameters(SETTINGS), request.board.queues
    wanted = form.get("FriendlyName", name)
    if not 1 <= len(wanted) <= MAX_NAME:
        raise RestError(400, 20001, f"FriendlyName must have 1 to {MAX_NAME} characters")
    if wanted != name and queues.named(wanted) is not None:
        raise RestError(400, 22003)
    size = whole(form, "MaxSize", size, 20001)
    if not 1 <= size <= MAX_SIZE_EVER:
        raise RestError(400, 20001, f"MaxSize must be 1 to {MAX_SIZE_EVER}")
    return wanted, size


def _queue(request: RestRequest, sid: str) -> Queue:
    queue = request.board.queues.all.get(sid)
    if queue is None:
        raise request.not_found()
    return queue


def _member(request: RestRequest, sid: str, key: str) -> Member:
    members = _queue(request, sid).members
    found = next((member for member in members if key in ("Front", member.sid)), None)
    if found is None:
        raise request.not_found()
    return found


def _shape(request: RestRequest, member: Member) -> dict[str, object]:
    return shapes.member(request.board, member, member.queue.position(member))
