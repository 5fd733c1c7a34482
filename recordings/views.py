"""The sound of a recording, for the player in the page."""

import logging
from ipaddress import ip_address
from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.models import User
from recordings import actions, files
from recordings.models import Copy
from recordings.ranges import Part, Unsatisfiable, asked
from recordings.states import HERE, CopyKind

logger = logging.getLogger(__name__)


@require_safe
def audio(request: HttpRequest, recording: UUID) -> HttpResponseBase:
    """Send the audio, whole or the part asked for, to those who may hear it; every listening is logged."""
    if not isinstance(request.user, User):
        return redirect_to_login(request.get_full_path())
    copy = get_object_or_404(
        Copy.objects.select_related("recording"),
        recording=recording,
        kind=CopyKind.ORIGINAL,
        recording__state__in=HERE,
    )
    sound = copy.recording
    if not sound.may_be_heard_by(request.user):
        raise PermissionDenied
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
    asked_for = part or Part(0, size)
    try:
        pieces = files.open_range(copy, asked_for.start, asked_for.end)
    except files.Missing as error:
        logger.exception("The audio of recording %s is not in the storage", sound.sid)
        raise Http404 from error
    actions.note_play(sound, by=request.user, address=_address(request), at=timezone.now())
    return _described(StreamingHttpResponse(pieces, status=status), tag, headers)


def _address(request: HttpRequest) -> str | None:
    """Give the listener's address: what the proxy in front of us has added last, where there is one."""
    seen = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        seen = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or seen
    try:
        return str(ip_address(seen))
    except ValueError:  # such as a socket's
        return None


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
