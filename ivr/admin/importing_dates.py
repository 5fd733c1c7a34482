"""Single dates from a file: chosen, shown, and taken in on confirmation."""

from base64 import b64encode
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from unfold.admin import ModelAdmin

from ivr.actions import holidays
from ivr.hours import sheet
from ivr.models import Schedule
from sheets import intake, table


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, schedule: int, *, model_admin: ModelAdmin) -> HttpResponse:
    """Ask for a file, show what it says, and write it once it is confirmed; or give the dates that are here."""
    row = get_object_or_404(Schedule, pk=schedule)
    may_add = request.user.has_perms(["ivr.add_datedexception", "ivr.change_datedexception"])
    if not model_admin.has_change_permission(request, row) or not may_add:
        raise PermissionDenied
    if "download" in request.GET:
        return intake.download(sheet.write(_rows(row)), name="dates")
    form = intake.FileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Single dates of %(name)s from a file") % {"name": row.name},
        "schedule": row,
        "form": form,
    }
    content = intake.content_of(request, form)
    if content is not None:
        try:
            read, problems = sheet.read(content)
        except table.Unreadable as why:
            messages.error(request, str(why))
        else:
            if "confirm" in request.POST and not problems:
                return _save(request, row, read)
            context |= {"read": read, "problems": problems, "content": b64encode(content).decode()}
    return TemplateResponse(request, "admin/ivr/import_dates.html", context)


def _save(request: HttpRequest, schedule: Schedule, read: tuple[sheet.Row, ...]) -> HttpResponse:
    count = holidays.import_dates(schedule, read)
    messages.success(request, ngettext("%d date was taken in.", "%d dates were taken in.", count) % count)
    return HttpResponseRedirect(reverse("admin:ivr_schedule_change", args=[schedule.pk]))


def _rows(schedule: Schedule) -> list[sheet.Row]:
    return [
        sheet.Row(0, row.date, row.name, row.opens, row.closes, row.closed_from, row.closed_until)
        for row in schedule.exceptions.order_by("date", "pk")
    ]
