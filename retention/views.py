"""Deleting by hand, from the page of a recording."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError as BrokerAway

from agents.models import User
from compliance.holds import Held
from compliance.origin import address_of
from recordings import rights, tasks
from recordings.actions.deleting import delete_recording
from retention.forms import DeleteForm


@require_POST
def delete(request: HttpRequest, recording: UUID) -> HttpResponse:
    """Delete a recording for a reason; what a legal hold keeps stays, and the page names the hold."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm("recordings.delete_recording"):
        raise PermissionDenied
    row = get_object_or_404(rights.visible_to(user), pk=recording)
    form = DeleteForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why, in a few words."))
    else:
        why = form.cleaned_data["reason"]
        try:
            delete_recording(row, why=why, by=user, address=address_of(request), at=timezone.now())
        except Held as held:
            messages.error(request, str(held))
        else:
            messages.success(request, _("It is deleted. Its files and Twilio's audio follow within a minute."))
            _hurry()
    return HttpResponseRedirect(reverse("admin:recordings_recording_change", args=[recording]))


def _hurry() -> None:
    try:
        tasks.purge.delay()
    except BrokerAway:  # then the sweep does it
        return
