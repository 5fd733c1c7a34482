"""The calendar of a schedule: a month or a year as a picture, and each stretch with its reason as a table."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from ivr.hours import calendar
from ivr.hours.opening import Opening
from ivr.hours.timetables import names_of_prompts, timetables
from ivr.models import Schedule

FIRST, LAST = 2000, 2100
WEEKDAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))


def page(request: HttpRequest, schedule: int, *, model_admin: ModelAdmin) -> HttpResponse:
    """Show the month of `?month=2026-12`, or the year of `?year=2026`."""
    row = get_object_or_404(Schedule, pk=schedule)
    if not model_admin.has_view_permission(request, row):
        raise PermissionDenied
    today = now().astimezone(ZoneInfo(row.time_zone)).date()
    if "year" in request.GET:
        shown = of_year(row, _year(request.GET["year"], today))
    else:
        shown = of_month(row, _month(request.GET.get("month", ""), today))
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Calendar of %(name)s") % {"name": row.name},
        "schedule": row,
        **shown,
        "today": today,
    }
    return TemplateResponse(request, "admin/ivr/calendar.html", context)


def of_month(schedule: Schedule, first: date) -> dict[str, Any]:
    """Give what the picture of a month shows, and its neighbors."""
    following = _shifted(first, 1)
    table = timetables([schedule.pk], since=_instant(first), until=_instant(following))[str(schedule.pk)]
    rows = calendar.month(table.week, first.year, first.month)
    parts = [part for row in rows for day in row if day for part in day.parts]
    openings = {Opening(part.state, part.name, part.layer, part.says) for part in parts}
    return {
        "rows": rows,
        "month": first,
        "before": _shifted(first, -1),
        "after": following,
        "weekdays": WEEKDAYS,
        "said": names_of_prompts(openings, [table]),
        "width": calendar.WIDTH,
    }


def of_year(schedule: Schedule, year: int) -> dict[str, Any]:
    """Give what the picture of a year shows: its months, and each day that is not as in the usual week."""
    since, until = date(year, 1, 1), date(year + 1, 1, 1)
    table = timetables([schedule.pk], since=_instant(since), until=_instant(until))[str(schedule.pk)]
    months = [(date(year, number, 1), rows) for number, rows in enumerate(calendar.year(table.week, year), start=1)]
    differing = [day for _first, rows in months for row in rows for day in row if day and day.names]
    return {"months": months, "year": year, "differing": differing, "weekdays": WEEKDAYS}


def _instant(day: date) -> datetime:
    return datetime.combine(day, time(0), UTC)


def _shifted(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _month(text: str, today: date) -> date:
    year, _dash, number = text.partition("-")
    if year.isdecimal() and number.isdecimal() and FIRST <= int(year) < LAST and 1 <= int(number) <= 12:
        return date(int(year), int(number), 1)
    return today.replace(day=1)


def _year(text: str, today: date) -> int:
    return int(text) if text.isdecimal() and FIRST <= int(text) < LAST else today.year
