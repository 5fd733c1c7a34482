"""Sound on its way: the part that is asked for, logged before its first byte and after its last."""

import logging
from collections.abc import Iterator

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from recordings import actions, files
from recordings.actions import Listener
from recordings.models import Copy, Recording
from recordings.ranges import Part, Unsatisfiable, asked
from recordings.vault import Unreadable

logger = logging.getLogger(__name__)


def sound(request: HttpRequest, recording: Recording, copy: Copy, listener: Listener) -> HttpResponseBase:
    """Send a copy, whole or the part that is asked for. Whoever calls has made sure that the listener may hear it."""
    size, tag = copy.size, f'"{copy.sha256}"'
    try:
        part = asked(request.headers.get("Range", ""), size) if _is_same(request, tag) else None
    except Unsatisfiable:
        return _described(HttpResponse(status=416), tag, {"Content-Range": f"bytes */{size}"})
    headers = {"Content-Length": str(len(part) if part else size)}
    if part:
        headers["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{size}"
    status = 206 if part else 200
    if request.method == "HEAD":
        return _described(HttpResponse(status=status), tag, headers)
    part = part or Part(0, size)
    file = opened(copy, part)
    try:
        actions.note_play(recording, copy, part, listener=listener, at=timezone.now())
    except BaseException:
        file.close()
        raise
    pieces = Sent(file, recording, copy, part, listener)
    return _described(StreamingHttpResponse(pieces, status=status), tag, headers)


def opened(copy: Copy, part: Part) -> files.Part:
    """Open a copy for a page; what is lost is not found, and the log says why."""
    try:
        return files.open_range(copy, part.start, part.end)
    except (files.StorageFailed, Unreadable) as error:
        logger.exception("%s cannot be read from the storage", copy)
        raise Http404 from error


class Flow:
    """Bytes that are made of a file as they are sent. Has the file closed also where nobody reads to the end."""

    def __init__(self, pieces: Iterator[bytes], file: files.Part) -> None:
        self.pieces, self.file = pieces, file

    def __iter__(self) -> Iterator[bytes]:
        return self.pieces

    def close(self) -> None:
        self.file.close()


class Sent:
    """The bytes of a part, counted. However it ends, once, the log is told how much was handed over."""

    def __init__(self, file: files.Part, recording: Recording, copy: Copy, part: Part, listener: Listener) -> None:
        self.file, self.recording, self.copy, self.part, self.listener = file, recording, copy, part, listener
        self.count, self.is_over = 0, False

    def __iter__(self) -> Iterator[bytes]:
        try:
            for piece in self.file:
                self.count += len(piece)  # handed over, it counts: it may have reached them
                yield piece
        finally:
            self.close()

    def close(self) -> None:
        """End it. Called by the server too, where nobody reads to the end."""
        if self.is_over:
            return
        self.is_over = True
        self.file.close()
        sent = Part(self.part.start, self.part.start + self.count)
        try:
            actions.note_heard(self.recording, self.copy, sent, listener=self.listener, at=timezone.now())
        except DatabaseError:  # the sound is out, and that it was asked for is in the log
            logger.exception("What was heard of recording %s could not be logged", self.recording.sid)


def _is_same(request: HttpRequest, tag: str) -> bool:
    """Tell whether a part would fit to what the browser has of the file."""
    return request.headers.get("If-Range", tag) == tag


def _described(response: HttpResponseBase, tag: str, headers: dict[str, str]) -> HttpResponseBase:
    always = {
        "Content-Type": "audio/wav",
        "Accept-Ranges": "bytes",
        "ETag": tag,
        "Cache-Control": "private, no-store",
    }
    for name, value in (always | headers).items():
        response[name] = value
    return response
