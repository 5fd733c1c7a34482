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
from recordings import actions, rights, sound
from recordings.actions import Listener
from recordings.models import Copy, GivenReason, Recording
from recordings.ranges import Part
from recordings.states import CopyKind
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


@require_GET
def waves(request: HttpRequest, recording: UUID) -> HttpResponseBase:
    """Give the wave form of what people hear, for the page beside the player. It is no sound: nothing is logged."""
    if not isinstance(request.user, User):
        return redirect_to_login(request.get_full_path())
    row = get_object_or_404(Recording, pk=recording)
    try:
        copy, _reason = may_hear(request.user, row, original=False)
    except ReasonNeeded:
        return without_reason()
    if not copy.waves:
        try:
            actions.keep_waves(copy, sound.wave_form(sending.opened(copy, Part(0, copy.size))))
        except sound.NoSound as error:
            raise Http404 from error
    response = JsonResponse({"channels": copy.waves, "seconds": copy.seconds})
    response["Cache-Control"] = "private, no-store"
    return response


def may_hear(user: User, recording: Recording, *, original: bool) -> tuple[Copy, str]:
    """Give the copy that a person may hear now, and the reason that they gave for it, where one is asked for.

    Raises PermissionDenied, ReasonNeeded, and Http404 where there is no sound.
    """
    may = rights.rights_of(user, recording)
    if not (may.hears_original if original else may.hears):
        raise PermissionDenied
    copy = rights.copy_of(recording, CopyKind.ORIGINAL) if original else rights.shown_copy(recording)
    if copy is None:
        raise Http404
    if not (original or may.is_sensitive):
        return copy, ""
    given = GivenReason.objects.valid(at=timezone.now()).filter(recording=recording, user=user)
    reason = (given.filter(of_original=True) if original else given).values_list("reason", flat=True).first()
    if reason is None:
        raise ReasonNeeded
    return copy, reason


def without_reason() -> HttpResponse:
    text = _("Nobody hears this recording without a reason. Give yours on the recording's page.")
    return HttpResponse(text, status=403, content_type="text/plain; charset=utf-8")


def _sent(request: HttpRequest, recording: UUID, *, original: bool) -> HttpResponseBase:
    if not isinstance(request.user, User):
        return redirect_to_login(request.get_full_path())
    row = get_object_or_404(Recording, pk=recording)
    try:
        copy, reason = may_hear(request.user, row, original=original)
    except ReasonNeeded:
        return without_reason()
    listener = Listener(request.user, address_of(request), reason=reason, hears_hidden=original)
    return sending.sound(request, row, copy, listener)
