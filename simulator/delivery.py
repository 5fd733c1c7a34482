"""How sound goes to the wire: in pieces, in ranges for players that seek, and as badly as the faults want it."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping

from starlette.concurrency import iterate_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from simulator.audio_tracks import WavFile
from simulator.rest import RestResponse

STEPS = 20
RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def respond(request: Request, answer: RestResponse) -> Response:
    """Return an answer of the REST API as a response."""
    content = answer.content
    if answer.status != 200 or "Content-Length" not in answer.headers:  # neither sound nor picture
        return Response(answer.body, answer.status, headers=answer.headers)
    if str(answer.size) != answer.headers["Content-Length"]:
        return Broken(answer.pieces(), answer.headers)
    if answer.seconds:
        return StreamingResponse(_slowly(answer), headers=answer.headers)
    if answer.length is not None:
        return StreamingResponse(answer.pieces(), headers=answer.headers)
    if isinstance(content, WavFile):
        return ranged(request, content.pieces, content.size, answer.headers)
    return ranged(request, lambda first, end: iter([content[first:end]]), len(content), answer.headers)


def ranged(
    request: Request, pieces: Callable[[int, int], Iterator[bytes]], size: int, headers: Mapping[str, str]
) -> Response:
    """Return a sound, or the one range of its bytes that is asked for."""
    headers = dict(headers) | {"Accept-Ranges": "bytes"}
    asked = RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None or asked.group(0) == "bytes=-":
        return StreamingResponse(pieces(0, size), headers=headers | {"Content-Length": str(size)})
    first, last = asked.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last) + 1, size) if first and last else size
    if start >= end:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})
    headers |= {"Content-Range": f"bytes {start}-{end - 1}/{size}", "Content-Length": str(end - start)}
    return StreamingResponse(pieces(start, end), 206, headers=headers)


async def _slowly(answer: RestResponse) -> AsyncIterator[bytes]:
    whole = answer.size
    pause, step, sent, due = answer.seconds / STEPS, max(1, whole // STEPS), 0, 0
    async for piece in iterate_in_threadpool(answer.pieces()):
        for begin in range(0, len(piece), step):
            part = piece[begin : begin + step]
            if sent >= due:
                await asyncio.sleep(pause)
                due += step
            yield part
            sent += len(part)


class Broken(Response):
    """Begins an answer and never ends it: the server breaks the connection."""

    def __init__(self, pieces: Iterator[bytes], headers: Mapping[str, str]) -> None:
        super().__init__(headers=headers)
        self._pieces = pieces

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async for piece in iterate_in_threadpool(self._pieces):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
