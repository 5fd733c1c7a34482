"""Stories on the screen: of a conversation, and of a contact."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from agents.models import User
from calls.models import Call
from contacts.models import Contact
from crm import story
from crm.story import Entry, Kind
from crm.story.entries import LABELS
from outbound.models import Order
from queues.models import Callback
from recordings.models import Recording

#: whose page of the admin tells more of an entry
PAGES: dict[Kind, type[Model]] = {
    Kind.CALL: Call,
    Kind.RECORDING: Recording,
    Kind.CALLBACK: Callback,
    Kind.ORDER: Order,
}


class Line(NamedTuple):
    """An entry as the page shows it: `link` is where more of it is, "" for who may not open that page."""

    entry: Entry
    label: str
    link: str


class Day(NamedTuple):
    date: date
    lines: list[Line]


@permission_required("calls.view_call", raise_exception=True)
def of_conversation(request: HttpRequest, conversation: UUID) -> HttpResponse:
    """Show all that happened in a conversation, on all its legs."""
    assert isinstance(request.user, User)
    told = story.of_conversation(conversation, request.user)
    if told is None:
        raise Http404
    title = _("Conversation with %(caller)s") % {"caller": told.caller} if told.caller else _("Conversation")
    context = {"story": told, "days": _days(request.user, told.entries), "title": title}
    return TemplateResponse(request, "crm/conversation.html", {**admin.site.each_context(request), **context})


@permission_required(("contacts.view_contact", "calls.view_call"), raise_exception=True)
def of_contact(request: HttpRequest, contact: UUID) -> HttpResponse:
    """Show what there was with a contact, the newest first."""
    assert isinstance(request.user, User)
    person = get_object_or_404(Contact, pk=contact)
    try:
        page = story.of_contact(person, request.user, cursor=request.GET.get("cursor", ""))
    except story.NotACursor:
        raise Http404 from None
    title = _("Story of %(contact)s") % {"contact": person}
    days = _days(request.user, page.entries)
    context = {"contact": person, "page": page, "days": days, "title": title, "is_first": "cursor" not in request.GET}
    return TemplateResponse(request, "crm/contact.html", {**admin.site.each_context(request), **context})


def _days(user: User, entries: Iterable[Entry]) -> list[Day]:
    lines = [Line(entry, str(LABELS[entry.kind]), _link(user, entry)) for entry in entries]
    return [Day(day, list(of_day)) for day, of_day in groupby(lines, key=lambda line: localtime(line.entry.at).date())]


def _link(user: User, entry: Entry) -> str:
    model = PAGES.get(entry.kind)
    # an event of a recording or of a call has no page of its own
    if model is None or not _is_id(entry.subject) or not admin.site.is_registered(model):
        return ""
    app, name = model._meta.app_label, model._meta.model_name
    if not user.has_perm(f"{app}.view_{name}"):
        return ""
    return reverse(f"admin:{app}_{name}_change", args=[entry.subject])


def _is_id(subject: Any) -> bool:
    try:
        UUID(str(subject))
    except ValueError:
        return False
    return True
