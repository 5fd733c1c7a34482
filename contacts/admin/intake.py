"""Contacts from a file and into a file. Of a file nothing is saved before its preview was confirmed."""

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts import actions
from contacts.admin.shown import person
from contacts.exchange import plan, sheet
from contacts.models import Contact
from sheets import intake, table
from sheets.intake import FileForm

if TYPE_CHECKING:
    from contacts.admin.contacts import ContactAdmin

#: rows of a preview that are written out; the rest is counted
MOST_SHOWN = 200


def take_in(request: HttpRequest, *, model_admin: "ContactAdmin") -> HttpResponse:
    """Ask for a file, show what it would change, and change it on confirmation."""
    form = FileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "most_shown": MOST_SHOWN}
    content = intake.content_of(request, form)
    try:
        if content is not None:
            read = sheet.read(content)
            if "fingerprint" in request.POST and (done := _save(request, read)):
                return done
            context |= {"plan": plan.of(read), "content": b64encode(content).decode()}
    except table.Unreadable as why:
        messages.error(request, str(why))
    return model_admin.shown(request, "import", _("Import contacts from a file"), **context)


def give_out(contacts: QuerySet[Contact]) -> HttpResponse:
    return intake.download(plan.export(contacts), name="contacts")


def _save(request: HttpRequest, read: sheet.Sheet) -> HttpResponse | None:
    try:
        done = actions.import_contacts(
            read, fingerprint=request.POST["fingerprint"], by=person(request), at=timezone.now()
        )
    except actions.Unfit:
        return None
    except actions.Different:
        messages.warning(request, _("Something has changed meanwhile. Nothing was saved: look again and confirm."))
        return None
    count = len(done.effective)
    messages.success(request, ngettext("%d contact was saved.", "%d contacts were saved.", count) % count)
    return HttpResponseRedirect(reverse("admin:contacts_contact_changelist"))
