"""The proof sheet of a call: a page to print, and the same as a file whose hash anybody can compute."""

import base64
from datetime import datetime
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from agents.models import User
from calls.ends import shown_to, text_shown_to
from calls.models import Call
from compliance.actions import access
from compliance.origin import address_of
from compliance.states import Access
from recordings.proof import NEEDED, Proof, proof_of


def urls() -> list[URLPattern]:
    return [
        path("proof/<uuid:call>/", admin.site.admin_view(sheet), name="recordings_proof"),
        path("proof/<uuid:call>/file/", admin.site.admin_view(file), name="recordings_proof_file"),
    ]


def sheet(request: HttpRequest, call: UUID) -> HttpResponse:
    """Show the sheet."""
    row, proof, at = _asked(request, call)
    context = {"call": row, "proof": proof, "shown": proof.data, "at": at}
    response = render(request, "admin/recordings/proof.html", context)
    add_never_cache_headers(response)
    return response


def file(request: HttpRequest, call: UUID) -> HttpResponse:
    """Send what the sheet says as JSON, and log that. Its hash is in the file's name, and on the sheet."""
    row, proof, at = _asked(request, call)
    assert isinstance(request.user, User)
    access.log(
        user=request.user,
        address=address_of(request),
        action=Access.EXPORTED,
        subject="call",
        subject_id=row.pk,
        reason="proof sheet",
        detail={"sha256": proof.sha256},
        at=at,
    )
    digest = base64.b64encode(bytes.fromhex(proof.sha256)).decode()
    response = HttpResponse(
        proof.text,
        content_type="application/json",
        headers={
            "Content-Disposition": f'attachment; filename="proof-{row.sid}-{proof.sha256[:12]}.json"',
            "Repr-Digest": f"sha-256=:{digest}:",
        },
    )
    add_never_cache_headers(response)
    return response


def _asked(request: HttpRequest, call: UUID) -> tuple[Call, Proof, datetime]:
    if not request.user.has_perms(NEEDED):
        raise PermissionDenied
    row, at = get_object_or_404(Call, pk=call), timezone.now()
    return row, proof_of(row, show=shown_to(request.user), show_text=text_shown_to(request.user), at=at), at
