"""Opening hours: the week, the dates that differ, and what that means now and at any other time."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.views import ChangeList
from unfold.widgets import UnfoldAdminSelectWidget

from ivr import outlook
from ivr.admin.tables import Table
from ivr.hours.timetables import timetables
from ivr.models import DatedException, Interval, Schedule


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


class DatedExceptionForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (cleaned.get("opens") is None) != (cleaned.get("closes") is None):
            raise forms.ValidationError(_("Give both times, or neither for a day that is closed."))
        return cleaned


class IntervalInline(Table):
    model = Interval
    verbose_name = _("weekly hours")
    verbose_name_plural = _("Every week")
    ordering = ("weekday", "opens")


class DatedExceptionInline(Table):
    model = DatedException
    form = DatedExceptionForm
    verbose_name = _("date")
    verbose_name_plural = _("Dates that differ: holidays, or other hours")
    ordering = ("date", "opens")
    fields = ("date", "name", "opens", "closes")


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
    inlines = (IntervalInline, DatedExceptionInline)
    list_display = ("name", "today", "time_zone")
    search_fields = ("name",)
    ordering = ("name",)
    change_form_outer_before_template = "admin/ivr/schedule_now.html"
    fieldsets = (
        (
            None,
            {
                "fields": ("name", "time_zone"),
                "description": _(
                    "A step of the kind “Opening hours” asks whether it is open, closed or a holiday. Write the usual "
                    "week below, then the dates that differ. Hours that close at or before they open run on past "
                    "midnight; 00:00 to 00:00 is the whole day."
                ),
            },
        ),
    )
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Schedule]:
        rows: QuerySet[Schedule] = super().get_queryset(request)
        return rows

    def get_changelist(self, _request: HttpRequest, **_kwargs: Any) -> type[ChangeList]:
        return ScheduleChangeList

    @display(description=_("now"))
    def today(self, schedule: Any) -> str:
        return schedule.now

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
    question, at = AtForm(request.GET if "at" in request.GET else None), now()
    answers: dict[str, Any] = {"question": question, "schedule": schedule}
    week = timetables([schedule.pk], since=at)[str(schedule.pk)].week
    answers["now_sentence"] = outlook.hours(week, at)
    if question.is_valid():
        asked: datetime = question.cleaned_data["at"].replace(tzinfo=ZoneInfo(schedule.time_zone))
        then = timetables([schedule.pk], since=min(asked, at))[str(schedule.pk)].week
        answers["asked"] = f"{asked:%A}, {asked.day} {asked:%B %Y} at {asked:%H:%M}"
        answers["answer"] = outlook.hours(then, asked.astimezone(UTC))
    return answers
