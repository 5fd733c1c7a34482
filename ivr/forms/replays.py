"""Which calls of the past a draft is to be tried with."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.timezone import get_current_timezone, localdate
from django.utils.translation import gettext_lazy as _

from ivr.models import Line
from ivr.replay import periods
from ivr.replay.reading import Period

LONGEST = timedelta(days=93)
CHOICES = (
    (periods.YESTERDAY, _("Yesterday")),
    (periods.LAST_WEEK, _("Last week, Monday to Sunday")),
    (periods.LAST_MONTH, _("Last month")),
    (periods.DATES, _("These days")),
)


class PeriodForm(forms.Form):
    """Days, and the lines on which the calls came in."""

    period = forms.ChoiceField(
        label=_("Calls of"), choices=CHOICES, initial=periods.LAST_WEEK, widget=forms.RadioSelect()
    )
    first = forms.DateField(
        label=_("From"),
        required=False,
        widget=forms.DateInput({"type": "date", "class": "cc-input"}, format="%Y-%m-%d"),
    )
    last = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput({"type": "date", "class": "cc-input"}, format="%Y-%m-%d")
    )
    lines = forms.ModelMultipleChoiceField(
        label=_("Lines"),
        queryset=Line.objects.order_by("name"),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
        help_text=_("None chosen: all lines."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("period") != periods.DATES:
            return cleaned
        first, last = cleaned.get("first"), cleaned.get("last")
        if not isinstance(first, date):
            self.add_error("first", _("Say from which day on."))
        elif last and last < first:
            self.add_error("last", _("That is before the first day."))
        elif first > localdate():
            self.add_error("first", _("There are no calls of the future."))
        elif (last or first) - first > LONGEST:
            self.add_error("last", _("Three months at most at once."))
        return cleaned

    def chosen(self, flow: int) -> Period:
        """Give the period that was asked for, once the form is valid."""
        given = self.cleaned_data
        if given["period"] == periods.DATES:
            first, last = given["first"], given["last"] or given["first"]
        else:
            first, last = periods.days(given["period"], localdate())
        since, until = periods.moments(first, last, get_current_timezone())
        return Period(flow, since, until, tuple(line.pk for line in given["lines"]))
