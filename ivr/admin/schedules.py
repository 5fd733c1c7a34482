"""Opening hours: the week, the dates that differ, and what that means now and at any other time."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.views import ChangeList
from unfold.widgets import UnfoldAdminSelectWidget

from ivr.admin import calendar, closing, importing_dates, public_holidays
from ivr.admin.asking import ask
from ivr.admin.tables import Table
from ivr.forms.dates import DatedExceptionForm, DifferingRows, YearlyDateForm
from ivr.hours import ahead, outlook, public
from ivr.hours.timetables import timetables
from ivr.models import DatedException, Interval, Line, Prompt, Schedule, YearlyDate


class ScheduleForm(forms.ModelForm):
    class Meta:
        model = Schedule
        fields = ("name", "time_zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "time_zone" in self.fields:
            self.fields["time_zone"] = forms.ChoiceField(
                label=_("Time zone"),
                choices=[(name, name.replace("_", " ")) for name in sorted(available_timezones())],
                initial="UTC",
                widget=UnfoldAdminSelectWidget(),
                help_text=_("Of the place whose hours these are. Summer and winter time are followed by themselves."),
            )


class IntervalInline(Table):
    model = Interval
    verbose_name = _("weekly hours")
    verbose_name_plural = _("Every week")
    ordering = ("weekday", "opens")


class DifferingInline(Table):
    formset = DifferingRows

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        field = formset.form.base_fields.get("prompt")
        if isinstance(field, forms.ModelChoiceField):
            field.widget = UnfoldAdminSelectWidget(attrs={"aria-label": _("What callers hear")})
            # read once for all rows
            field.choices = [("", _("nothing of its own")), *Prompt.objects.order_by("name").values_list("pk", "name")]
        return formset


class DatedExceptionInline(DifferingInline):
    model = DatedException
    form = DatedExceptionForm
    verbose_name = _("date")
    verbose_name_plural = _("Single dates that differ: closed, or other hours")
    ordering = ("date", "opens", "closed_from")


class YearlyDateInline(DifferingInline):
    model = YearlyDate
    form = YearlyDateForm
    verbose_name = _("date of each year")
    verbose_name_plural = _("Dates that differ in each year, such as December 24 from 14:00")
    ordering = ("month", "day", "opens", "closed_from")


class AtForm(forms.Form):
    """The question "what happens at this time?", in the schedule's own zone."""

    at = forms.DateTimeField(
        label=_("What happens at"), widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": "cc-input"})
    )


class ScheduleChangeList(ChangeList):
    """The schedules of a page, each with what it says now."""

    result_list: list[Any]

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        at = now()
        read = timetables([schedule.pk for schedule in self.result_list], since=at)
        for schedule in self.result_list:
            schedule.now = outlook.hours(read[str(schedule.pk)].week, at)


@admin.register(Schedule)
class ScheduleAdmin(ModelAdmin):
    form = ScheduleForm
    inlines = (IntervalInline, YearlyDateInline, DatedExceptionInline)
    list_display = ("name", "today", "time_zone")
    search_fields = ("name",)
    ordering = ("name",)
    change_form_outer_before_template = "admin/ivr/schedule_now.html"
    change_form_outer_after_template = "admin/ivr/schedule_calendar.html"
    fieldsets = (
        (
            None,
            {
                "fields": ("name", "time_zone"),
                "description": _(
                    "A step of the kind “Opening hours” asks whether it is open, closed or a holiday. Write the usual "
                    "week below, then what differs in each year, then single dates: what comes later in this row goes "
                    "before what comes earlier, and closing at once before all. Hours that close at or before they "
                    "open run on past midnight; 00:00 to 00:00 is the whole day."
                ),
            },
        ),
    )
    actions = None

    class Media:
        css = {"all": ("css/hours.css",)}

    def get_changelist(self, _request: HttpRequest, **_kwargs: Any) -> type[ChangeList]:
        return ScheduleChangeList

    @display(description=_("now"))
    def today(self, schedule: Any) -> str:
        return str(schedule.now)

    def get_urls(self) -> list[URLPattern]:
        def page(address: str, view: Any, name: str) -> URLPattern:
            return path(address, self.admin_site.admin_view(view), {"model_admin": self}, name=name)

        return [
            page("<int:schedule>/calendar/", calendar.page, "ivr_schedule_calendar"),
            page("<int:schedule>/holidays/", public_holidays.page, "ivr_schedule_holidays"),
            page("<int:schedule>/import/", importing_dates.page, "ivr_schedule_import"),
            *super().get_urls(),
        ]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        schedule = self.get_object(request, object_id) if object_id else None
        answers = _answers(request, schedule) if schedule else {}
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **answers})


def _answers(request: HttpRequest, schedule: Schedule) -> dict[str, Any]:
    at, zone = now(), ZoneInfo(schedule.time_zone)
    today = at.astimezone(zone).date()
    lines = Line.objects.filter(flow__steps__schedule=schedule).distinct().order_by("name")
    answers: dict[str, Any] = {
        "schedule": schedule,
        "today": today,
        "may_close": request.user.has_perm(closing.MAY_CLOSE),
        "closures": [one for one in closing.lasting(request) if schedule in one["closure"].schedules.all()],
        "public_place": public.place(schedule.country, schedule.region) if schedule.country else "",
        "to_confirm": [one.year for one in ahead.unconfirmed(at=at, only=schedule.pk)],
        **calendar.of_month(schedule, today.replace(day=1)),
        **ask(request, list(lines.select_related("flow__published").defer("flow__published__document")), zone=zone),
    }
    week = timetables([schedule.pk], since=at)[str(schedule.pk)].week
    answers["now_sentence"] = outlook.hours(week, at)
    question = AtForm(request.GET if "at" in request.GET else None)
    answers["question"] = question
    if question.is_valid():
        asked: datetime = question.cleaned_data["at"].replace(tzinfo=zone)
        then = timetables([schedule.pk], since=min(asked, at))[str(schedule.pk)].week
        answers["asked"] = f"{asked:%A}, {asked.day} {asked:%B %Y} at {asked:%H:%M}"
        answers["answer"] = outlook.hours(then, asked.astimezone(UTC))
    return answers
