"""The page behind a link, for people who have no account: one recording, as people hear it, for a while."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from compliance.origin import address_of
from recordings import links, rights
from recordings.actions import Listener
from recordings.models import ShareLink
from recordings.views import sending

HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "style-src 'self'",
            "img-src 'self'",
            "media-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    ),
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",  # the address is the key
    "Cache-Control": "private, no-store",
}


class Gone(Exception):
    """The link has run out, was taken back, or whoever made it may not share this any more."""


@require_safe
def page(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show the player, who shared this, and until when."""
    try:
        link = _link(token, at=timezone.now())
    except Gone:
        return _gone(request)
    recording = link.recording
    context = {
        "link": link,
        "token": token,
        "recording": recording,
        "began": recording.recorded_at or recording.announced_at,
        "is_there": rights.shown_copy(recording) is not None,
        "who": link.by.get_full_name() or link.by.get_username(),
    }
    return TemplateResponse(request, "recordings/shared.html", context, headers=HEADERS)


@require_safe
def audio(request: HttpRequest, token: str) -> HttpResponseBase:
    """Send what people hear, never what is hidden; each request for it is logged with the link."""
    try:
        link = _link(token, at=timezone.now())
    except Gone:
        return _gone(request)
    copy = rights.shown_copy(link.recording)
    if copy is None:
        raise Http404
    response = sending.sound(
        request, link.recording, copy, Listener(None, address_of(request), reason=link.reason, link=link)
    )
    for name, value in HEADERS.items():
        response[name] = value
    return response


def _link(token: str, *, at: datetime) -> ShareLink:
    """Find the link. It can no more than whoever made it: who has left, or may not share this any more, shares nothing.

    Raises Gone, and Http404 for an address that we have never given out.
    """
    try:
        pk = links.id_of(token)
    except links.NotOurs as error:
        raise Http404 from error
    link = ShareLink.objects.open(at=at).select_related("recording", "by").filter(pk=pk).first()
    if link is None or not rights.rights_of(link.by, link.recording).shares:
        raise Gone
    return link


def _gone(request: HttpRequest) -> HttpResponseBase:
    return TemplateResponse(request, "recordings/gone.html", status=410, headers=HEADERS)
