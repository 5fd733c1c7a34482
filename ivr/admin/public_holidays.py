"""Public holidays of a schedule: chosen by country and region, looked at once a year, and confirmed."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from unfold.admin import ModelAdmin

from agents.admin.accounts import person
from ivr.actions import holidays
from ivr.hours import public
from ivr.hours.ahead import FROM_MONTH
from ivr.models import HolidayYear, Prompt, PublicHoliday, Schedule

YEARS = (-1, 0, 1, 2)
INPUT = {"class": "cc-input"}


class PlaceForm(forms.Form):
    """Whose public holidays, and of which year."""

    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False, widget=forms.Select(attrs=INPUT))
    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False, widget=forms.Select(attrs=INPUT))
    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int, widget=forms.Select(attrs=INPUT))

    def __init__(self, data: dict[str, Any], *, today: date) -> None:
        country = data["country"] if data["country"] in dict(public.countries()) else ""
        regions = public.regions(country)
        region = data["region"] if data["region"] in dict(regions) else ""
        years = [today.year + offset for offset in YEARS]
        year = data["year"] if data["year"] in map(str, years) else str(_usual_year(today))
        super().__init__({"country": country, "region": region, "year": year})
        self.place, self.chosen_year = (country, region), int(year)
        for name, choices in (
            ("country", [("", _("none")), *public.countries()]),
            ("region", [("", _("the whole country")), *regions]),
            ("year", [(one, str(one)) for one in years]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, schedule: int, *, model_admin: ModelAdmin) -> HttpResponse:
    """Show the public holidays of a place and a year against those of the year before, and confirm them."""
    row = get_object_or_404(Schedule, pk=schedule)
    may_change = model_admin.has_change_permission(request, row)
    if not model_admin.has_view_permission(request, row) or (request.method == "POST" and not may_change):
        raise PermissionDenied
    today = now().astimezone(ZoneInfo(row.time_zone)).date()
    asked = request.POST if request.method == "POST" else request.GET
    saved = {"country": row.country, "region": row.region, "year": ""}
    form = PlaceForm({name: asked.get(name, saved[name]) for name in saved}, today=today)
    if request.method == "POST":
        return _save(request, row, form, today)
    confirmed = {one.year: one for one in row.holiday_years.select_related("confirmed_by").order_by("year")}
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Public holidays of %(name)s") % {"name": row.name},
        "schedule": row,
        "form": form,
        "may_change": may_change,
        "confirmed": confirmed.get(form.chosen_year),
        "years": [one for one in confirmed.values() if one.year >= today.year - 1],
        "is_other_place": form.place != (row.country, row.region),
        "place": public.place(*form.place),
        "next_year": today.year + 1,
        **_days(row, form, confirmed),
    }
    return TemplateResponse(request, "admin/ivr/public_holidays.html", context)


def _usual_year(today: date) -> int:
    return today.year + 1 if today.month >= FROM_MONTH else today.year


def _days(schedule: Schedule, form: PlaceForm, confirmed: dict[int, HolidayYear]) -> dict[str, Any]:
    """Give the days of a year, each with what it was the year before and what is chosen for it."""
    days = public.days(*form.place, form.chosen_year)
    kept = {row.date: row for row in PublicHoliday.objects.filter(year__schedule=schedule, year__year=form.chosen_year)}
    before = list(
        PublicHoliday.objects.filter(year__schedule=schedule, year__year=form.chosen_year - 1).order_by("date")
    )
    # what was confirmed last year is what people know; else what the year would have brought
    earlier = [public.PublicDay(one.date, one.name) for one in before]
    compared, gone = public.changes(days, earlier or public.days(*form.place, form.chosen_year - 1))
    last = {row.name: row for row in before}
    is_confirmed = form.chosen_year in confirmed
    rows = []
    for change in compared:
        then = kept.get(change.day.date) if is_confirmed else last.get(change.day.name)
        rows.append({"change": change, "closed": then.is_closed if then else True, "prompt": then and then.prompt_id})
    return {
        "rows": rows,
        "gone": gone,
        "prompts": list(Prompt.objects.order_by("name").values_list("pk", "name")),
        "left_out": sorted(set(kept) - {change.day.date for change in compared}),
        "last_year": form.chosen_year - 1,
    }


def _save(request: HttpRequest, schedule: Schedule, form: PlaceForm, today: date) -> HttpResponse:
    here = reverse("admin:ivr_schedule_holidays", args=[schedule.pk])
    if request.POST.get("do") == "forget":
        holidays.forget_country(schedule, since=today)
        messages.success(request, _("No public holidays are followed any more, from today on."))
        return HttpResponseRedirect(here)
    days = public.days(*form.place, form.chosen_year)
    ticked = set(request.POST.getlist("closed"))
    known = set(Prompt.objects.values_list("pk", flat=True))
    chosen = {day.date: request.POST.get(f"prompt-{day.date}", "") for day in days}
    try:
        holidays.confirm_year(
            schedule,
            country=form.place[0],
            region=form.place[1],
            year=form.chosen_year,
            closed={day.date for day in days if str(day.date) in ticked},
            prompts={day: int(key) for day, key in chosen.items() if key.isdecimal() and int(key) in known},
            by=person(request),
            at=now(),
        )
    except holidays.NotKnown as reason:
        messages.error(request, str(reason))
    else:
        words = {"place": public.place(*form.place), "year": form.chosen_year, "count": len(ticked)}
        messages.success(request, _("%(place)s %(year)d is confirmed: closed on %(count)d days.") % words)
    return HttpResponseRedirect(f"{here}?year={form.chosen_year}")
