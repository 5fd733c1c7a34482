"""What people have texted besides words, for those who may look at it."""

import logging
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.models import User
from compliance.origin import address_of
from messaging import files, reading
from messaging.actions import keeping
from messaging.models import Media
from recordings.files import StorageFailed
from recordings.vault import Unreadable

logger = logging.getLogger(__name__)


@require_safe
def media(request: HttpRequest, media: UUID) -> HttpResponseBase:
    """Give a picture or file to who may look at it; that is logged before its first byte."""
    if not isinstance(request.user, User):
        return redirect_to_login(request.get_full_path())
    row = get_object_or_404(Media.objects.select_related("message"), pk=media)
    if not reading.may_look(request.user, row):
        raise PermissionDenied
    if not row.is_here:
        raise Http404
    try:
        content = files.read(row)
    except (StorageFailed, Unreadable) as error:
        logger.exception("Media %s cannot be read from the storage", row.pk)
        raise Http404 from error
    keeping.note_look(row, by=request.user, address=address_of(request), at=timezone.now())
    shows = row.content_type in files.SHOWN
    return HttpResponse(
        content,
        content_type=row.content_type if shows else "application/octet-stream",
        headers={
            "Content-Disposition": "inline" if shows else f'attachment; filename="{row.pk}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
