"""The page on which people search in what was said."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agents.models import User
from calls.ends import shown_to
from compliance.origin import address_of
from recordings import actions
from recordings.actions import Listener
from recordings.admin.page import SUBJECTS
from recordings.forms import ReasonForm
from recordings.search import reading
from recordings.search.asking import WITHIN
from recordings.search.form import SearchForm
from recordings.search.reading import Page, Place, Result
from recordings.search.words import Unclear


def view(request: HttpRequest) -> HttpResponseBase:
    """Show the form and, once it is sent, a page of what is found. That somebody searched, is logged."""
    user = request.user
    if not isinstance(user, User) or not reading.may_search(user):
        raise PermissionDenied
    is_sent = any(name in request.GET for name in SearchForm.base_fields)
    form = SearchForm(request.GET if is_sent else None, user=user)
    page = _page(request, user, form) if is_sent else None
    context = {
        **admin.site.each_context(request),
        "title": _("Search transcripts"),
        "form": form,
        "has_filters": is_sent and any(request.GET.get(name) for name in SearchForm.base_fields if name != "q"),
        "page": page,
        "results": [_shown(user, result) for result in page.results] if page else [],
        "older": _address(request, page.after) if page and page.after else "",
        "newest": _address(request, None) if "after" in request.GET else "",
        "next": request.get_full_path(),
        "within": WITHIN,
        "may_open": user.has_perm("recordings.view_recording"),
    }
    return TemplateResponse(request, "admin/recordings/search.html", context)


def _page(request: HttpRequest, user: User, form: SearchForm) -> Page | None:
    if not form.is_valid():
        return None
    at, filters = timezone.now(), form.filters
    try:
        page = reading.page(user, form.wanted, filters, after=Place.read(request.GET.get("after", "")), at=at)
    except Unclear as unclear:
        form.complain(unclear)
        return None
    listener = Listener(user, address_of(request))
    actions.note_search(page, form.cleaned_data["q"], filters, listener=listener, at=at)
    return page


def _shown(user: User, result: Result) -> dict[str, Any]:
    recording = result.recording
    return {
        "recording": recording,
        "at": result.transcript.recorded_at,
        "subject": SUBJECTS.get(recording.subject, recording.subject),
        "caller": shown_to(user)(recording.call.other_end) if recording.call else "",
        "needs_reason": result.needs_reason,
        "lines": result.lines,
        "form": ReasonForm(auto_id=f"id_%s_{recording.pk.hex[:8]}"),
    }


def _address(request: HttpRequest, after: Place | None) -> str:
    """Give the address of another page of the same search."""
    asked = {name: value for name, value in request.GET.items() if name in SearchForm.base_fields and value}
    if after is not None:
        asked["after"] = str(after)
    return "?" + urlencode(asked or {"q": ""})
