"""The rows in which dates are written that do not follow the week: closed, at other hours, or closed for a part."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDateWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminTimeWidget,
)

from ivr.models import DatedException, YearlyDate
from ivr.models.hours import Differing

HOW = (
    ("closed", _("Closed all day")),
    ("open", _("Open only from … to")),
    ("part", _("Closed from … to")),
)
MONTHS = (
    *((1, _("January")), (2, _("February")), (3, _("March")), (4, _("April")), (5, _("May")), (6, _("June"))),
    *((7, _("July")), (8, _("August")), (9, _("September")), (10, _("October")), (11, _("November"))),
    (12, _("December")),
)
DAYS_OF = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class DifferingForm(forms.ModelForm):
    """What a date does in place of the week, as one choice and two times."""

    how = forms.ChoiceField(label=_("It is"), choices=HOW, required=False, widget=UnfoldAdminSelectWidget())
    since = forms.TimeField(label=_("From"), required=False, widget=UnfoldAdminTimeWidget())
    until = forms.TimeField(
        label=_("To"),
        required=False,
        widget=UnfoldAdminTimeWidget(),
        help_text=_("At or before “from”: on the next day. Closed, and empty: for the rest of the day."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        assert isinstance(row, Differing)
        times = (row.opens, row.closes) if row.opens else (row.closed_from, row.closed_until)
        how = "open" if row.opens else "part" if row.closed_from else "closed"
        self.initial.update({"how": how, "since": times[0], "until": times[1]})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        how = cleaned.get("how") or ("open" if since and until else "closed")
        if self.errors:
            return cleaned
        if how == "open" and not (since and until):
            raise forms.ValidationError(_("Say from when to when it is open."))
        if how == "part" and not since:
            raise forms.ValidationError(_("Say from when it is closed."))
        if how == "closed" and (since or until):
            raise forms.ValidationError(_("A day that is closed has no times: take them out, or choose another way."))
        row = self.instance
        row.opens, row.closes = (since, until) if how == "open" else (None, None)
        row.closed_from, row.closed_until = (since, until) if how == "part" else (None, None)
        return cleaned

    def has_changed(self) -> bool:
        """A row of which only the preset choice is there is an empty one."""
        return bool(set(self.changed_data) - {"how"}) or (bool(self.changed_data) and self.instance.pk is not None)


class DatedExceptionForm(DifferingForm):
    class Meta:
        model = DatedException
        fields = ("date", "name", "how", "since", "until", "prompt")
        widgets = {"date": UnfoldAdminDateWidget(), "name": UnfoldAdminTextInputWidget()}


class YearlyDateForm(DifferingForm):
    class Meta:
        model = YearlyDate
        fields = ("day", "month", "name", "how", "since", "until", "prompt")
        widgets = {"name": UnfoldAdminTextInputWidget()}

    month = forms.TypedChoiceField(label=_("Month"), choices=MONTHS, coerce=int, widget=UnfoldAdminSelectWidget())
    day = forms.IntegerField(
        label=_("Day"), min_value=1, max_value=31, widget=UnfoldAdminIntegerFieldWidget(attrs={"inputmode": "numeric"})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        day, month = cleaned.get("day"), cleaned.get("month")
        if day and month and day > DAYS_OF[month - 1]:
            self.add_error("day", _("This month has no such day."))
        return cleaned


class DifferingRows(forms.BaseInlineFormSet):
    """Rows of which no two say of one date that it is closed, or begin at the same time."""

    def clean(self) -> None:
        super().clean()
        seen = set[tuple[Any, ...]]()
        for form in self.forms:
            if not form.cleaned_data or form.cleaned_data.get("DELETE") or form.errors:
                continue
            row = form.instance
            when = (row.date,) if isinstance(row, DatedException) else (row.month, row.day)
            begins = (*when, row.opens, row.closed_from)
            if begins in seen:
                form.add_error(None, _("Another row says the same of this date already."))
            seen.add(begins)
