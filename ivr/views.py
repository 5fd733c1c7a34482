"""The sounds of prompts, as Twilio fetches them."""

from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from ivr.models import Audio

YEAR = 365 * 24 * 60 * 60


@require_safe
def prompt(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """Serve telephone audio by the hash of its bytes. What lies under a hash never changes, so it is cached for a year.

    Twilio caches what it fetches by GET by `ETag`: https://www.twilio.com/docs/voice/twiml/play
    """
    etag = f'"{sha256}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified()
    audio = get_object_or_404(Audio, sha256=sha256)
    response = FileResponse(audio.file.open("rb"), content_type="audio/wav")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response
