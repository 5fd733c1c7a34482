"""The sound of a recording, for the player in the page."""

from collections.abc import Iterator
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.models import User
from recordings import actions
from recordings.models import Recording
from recordings.ranges import Part, Unsatisfiable, asked
from recordings.states import State

CHUNK = 64 * 1024


@require_safe
def audio(request: HttpRequest, recording: UUID) -> HttpResponseBase:
    """Send the audio, whole or the part asked for, to those who may hear it; every listening is logged."""
    if not isinstance(request.user, User):
        return redirect_to_login(request.get_full_path())
    sound = get_object_or_404(Recording, pk=recording, state=State.FETCHED)
    if not sound.may_be_heard_by(request.user):
        raise PermissionDenied
    size, tag = sound.size or 0, f'"{sound.sha256}"'
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
    actions.note_play(sound, by=request.user, address=request.META.get("REMOTE_ADDR") or None, at=timezone.now())
    pieces = _pieces(sound.audio.open("rb"), part or Part(0, size))
    return _described(StreamingHttpResponse(pieces, status=status), tag, headers)


def _is_same(request: HttpRequest, tag: str) -> bool:
    """Tell whether a part would fit to what the browser has of the file."""
    return request.headers.get("If-Range", tag) == tag


def _described(response: HttpResponseBase, tag: str, headers: dict[str, str]) -> HttpResponseBase:
    response.headers.update(
        {
            "Content-Type": "audio/wav",
            "Accept-Ranges": "bytes",
            "ETag": tag,
            "Cache-Control": "private, no-store",
            "X-Content-Type-Options": "nosniff",
            **headers,
        }
    )
    return response


def _pieces(file: "File[bytes]", part: Part) -> Iterator[bytes]:
    if bucket_object := getattr(file, "obj", None):
        # as a file it would be downloaded whole before the first byte could be read; the bucket itself gives parts
        body = bucket_object.get(Range=f"bytes={part.start}-{part.end - 1}")["Body"]
        yield from body.iter_chunks(CHUNK)
        return
    with file:
        file.seek(part.start)
        left = len(part)
        while left and (piece := file.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece
