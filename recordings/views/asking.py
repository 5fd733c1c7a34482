"""What people ask for on a recording's page: to hear it for a reason, to share it, to take it out as a file."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agents.models import User
from compliance.origin import address_of
from recordings import actions, flow, marks, rights
from recordings.forms import DownloadForm, ReasonForm, ShareForm
from recordings.marks import Mark
from recordings.models import Recording, ShareLink
from recordings.ranges import Part
from recordings.states import CopyKind
from recordings.views import sending

TYPES = {"mp3": "audio/mpeg", "wav": "audio/wav"}


@require_POST
def reason(request: HttpRequest, recording: UUID) -> HttpResponseBase:
    """Take in why somebody wants to hear a recording, or its original."""
    if not isinstance(request.user, User):
        return redirect_to_login(reverse("admin:recordings_recording_change", args=[recording]))
    row = get_object_or_404(Recording, pk=recording)
    may, of_original = rights.rights_of(request.user, row), request.POST.get("copy") == CopyKind.ORIGINAL
    if not (may.hears_original if of_original else may.hears):
        raise PermissionDenied
    form = ReasonForm(request.POST)
    if form.is_valid():
        actions.give_reason(
            row, by=request.user, reason=form.cleaned_data["reason"], of_original=of_original, at=timezone.now()
        )
    else:
        _complain(request, form)
    return _back(request, recording)


@require_POST
def share(request: HttpRequest, recording: UUID) -> HttpResponseBase:
    """Make a link for somebody without an account."""
    if not isinstance(request.user, User):
        return redirect_to_login(reverse("admin:recordings_recording_change", args=[recording]))
    row = get_object_or_404(Recording, pk=recording)
    if not rights.rights_of(request.user, row).shares:
        raise PermissionDenied
    form = ShareForm(request.POST)
    if form.is_valid():
        actions.share(
            row,
            by=request.user,
            reason=form.cleaned_data["reason"],
            lasts=form.span,
            address=address_of(request),
            at=timezone.now(),
        )
        messages.success(request, _("The link is made. Whoever has it hears this recording until it runs out."))
    else:
        _complain(request, form)
    return _back(request, recording)


@require_POST
def unshare(request: HttpRequest, link: UUID) -> HttpResponseBase:
    """Take a link back: whoever may share a recording may end what others share of it."""
    row = get_object_or_404(ShareLink.objects.select_related("recording"), pk=link)
    if not isinstance(request.user, User):
        return redirect_to_login(reverse("admin:recordings_recording_change", args=[row.recording_id]))
    if not rights.rights_of(request.user, row.recording).shares:
        raise PermissionDenied
    if actions.unshare(row, by=request.user, address=address_of(request), at=timezone.now()):
        messages.success(request, _("The link is taken back."))
    else:
        messages.warning(request, _("The link did not work any more."))
    return _back(request, row.recording_id)


@require_POST
def download(request: HttpRequest, recording: UUID) -> HttpResponseBase:
    """Send a recording as a file that names who took it, as it is made, whatever its length in little memory."""
    if not isinstance(request.user, User):
        return redirect_to_login(reverse("admin:recordings_recording_change", args=[recording]))
    row = get_object_or_404(Recording, pk=recording)
    may, form = rights.rights_of(request.user, row), DownloadForm(request.POST)
    if not may.exports:
        raise PermissionDenied
    if not form.is_valid():
        _complain(request, form)
        return _back(request, recording)
    if form.cleaned_data["original"] and not may.hears_original:
        raise PermissionDenied
    return _file(request, request.user, row, form)


def _file(request: HttpRequest, user: User, recording: Recording, form: DownloadForm) -> HttpResponseBase:
    wanted, ending = form.cleaned_data, form.cleaned_data["ending"]
    shown = rights.shown_copy(recording)
    copy = rights.copy_of(recording, CopyKind.ORIGINAL) if wanted["original"] else shown
    if copy is None:
        raise Http404
    file, at = sending.opened(copy, Part(0, copy.size)), timezone.now()
    try:
        entry = actions.note_download(
            recording,
            copy,
            by=user,
            reason=wanted["reason"],
            ending=ending,
            address=address_of(request),
            at=at,
        )
        mark = Mark(recording.pk, user.get_username(), at, entry.pk)
        if ending == "wav":
            size, pieces = marks.marked(file, size=copy.size, text=mark.text)
        else:
            size, pieces = None, flow.mp3(*flow.split(file), comment=mark.text)
    except BaseException:
        file.close()
        raise
    response = StreamingHttpResponse(sending.Flow(pieces, file), content_type=TYPES[ending])
    response["Content-Disposition"] = f'attachment; filename="{mark.name(ending)}"'
    response["Cache-Control"] = "private, no-store"
    if size is not None:
        response["Content-Length"] = str(size)
    return response


def _complain(request: HttpRequest, form: forms.Form) -> None:
    for field, errors in form.errors.items():
        label = form.fields[field].label if field in form.fields else ""
        messages.error(request, f"{label}: {' '.join(map(str, errors))}")


def _back(request: HttpRequest, recording: UUID) -> HttpResponseRedirect:
    """Lead back to the page of ours that sent the form; without one, to the recording's."""
    page = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(page, allowed_hosts=None) or not page.startswith("/"):
        page = reverse("admin:recordings_recording_change", args=[recording])
    return HttpResponseRedirect(page)
