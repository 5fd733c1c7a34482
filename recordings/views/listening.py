"""The sound for people who have an account."""

from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from agents.models import User
from compliance.origin import address_of
from recordings import actions, flow, links, rights
from recordings.actions import Listener
from recordings.audio import NotSound
from recordings.models import Copy, Recording
from recordings.ranges import Part
from recordings.rights import Standing
from recordings.views import sending


class ReasonNeeded(Exception):
    """This is not heard without a reason, and none was given lately."""


@require_safe
def audio(request: HttpRequest, recording: UUID) -> HttpResponseBase:
    """Send what people hear, whole or the part asked for, to those who may; every request for it is logged."""
    return _sent(request, recording, original=False)


@require_safe
def original(request: HttpRequest, recording: UUID) -> HttpResponseBase:
    """Send the original, with what the redaction hides, to those who have the permission and have given a reason."""
    return _sent(request, recording, original=True)


@require_safe
def media(request: HttpRequest, token: str) -> HttpResponseBase:
    """Send what people hear to who has an address that works for a few minutes: logged as of whom it was made for.

    Whoever may not hear the recording any more, or does not work here any more, hears nothing by it.
    """
    try:
        found = links.media_of(token)
    except links.NotOurs as error:
        raise Http404 from error
    row = Recording.objects.filter(pk=found.recording).first()
    user = User.objects.filter(pk=found.user).first()
    at = timezone.now()
    if row is None or user is None or found.until <= at:
        return _gone()
    hearing = rights.hearing(user, row, at=at)
    hears = hearing.standing is Standing.OPEN or (hearing.standing is Standing.REASON and found.reason)
    if hearing.copy is None or not hears:
        return _gone()
    listener = Listener(user, address_of(request), reason=found.reason)
    response = sending.sound(request, row, hearing.copy, listener)
    response["Referrer-Policy"] = "no-referrer"  # the address is the key
    return response


@require_GET
def waves(request: HttpRequest, recording: UUID) -> HttpResponseBase:
    """Give the wave form of what people hear, for the page beside the player. It is no sound: nothing is logged."""
    if not isinstance(request.user, User):
        return redirect_to_login(request.get_full_path())
    try:
        copy, _reason = _heard(request.user, get_object_or_404(Recording, pk=recording), original=False)
    except ReasonNeeded:
        return _without_reason()
    if not copy.waves:
        file = sending.opened(copy, Part(0, copy.size))
        try:
            actions.keep_waves(copy, flow.wave_form(*flow.split(file)))
        except NotSound as error:
            raise Http404 from error
        finally:
            file.close()
    response = JsonResponse({"channels": copy.waves, "seconds": copy.seconds})
    response["Cache-Control"] = "private, no-store"
    return response


def _sent(request: HttpRequest, recording: UUID, *, original: bool) -> HttpResponseBase:
    if not isinstance(request.user, User):
        return redirect_to_login(request.get_full_path())
    row = get_object_or_404(Recording, pk=recording)
    try:
        copy, reason = _heard(request.user, row, original=original)
    except ReasonNeeded:
        return _without_reason()
    listener = Listener(request.user, address_of(request), reason=reason, hears_hidden=original)
    return sending.sound(request, row, copy, listener)


def _heard(user: User, recording: Recording, *, original: bool) -> tuple[Copy, str]:
    """Give the copy that a person may hear now, and why. Raises PermissionDenied, ReasonNeeded and Http404."""
    hearing = rights.hearing(user, recording, original=original, at=timezone.now())
    if hearing.standing is Standing.REFUSED:
        raise PermissionDenied
    if hearing.standing is Standing.REASON:
        raise ReasonNeeded
    if hearing.standing is not Standing.OPEN or hearing.copy is None:
        raise Http404
    return hearing.copy, hearing.reason


def _gone() -> HttpResponse:
    return HttpResponse(status=410, headers={"Cache-Control": "private, no-store"})


def _without_reason() -> HttpResponse:
    text = _("Nobody hears this recording without a reason. Give yours on the recording's page.")
    return HttpResponse(
        text, status=403, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "private, no-store"}
    )
