"""The rows in which the options of a branch and of a share are written."""

from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from ivr.forms.options import OptionForm
from ivr.kinds.branch import CALLED, COUNTRY, TIME, VARIABLE, Branch
from ivr.kinds.comparing import EMPTY, WEEKDAYS, Comparison, When, comparison, when
from ivr.kinds.settings import Broken
from ivr.kinds.share import percent, wrong_sum
from ivr.models import Step

HOW = (
    ("is", _("is")),
    ("is not", _("is not")),
    ("contains", _("contains")),
    ("begins with", _("begins with")),
    ("at least", _("is at least (a number)")),
    ("at most", _("is at most (a number)")),
    (EMPTY, _("is empty")),
)


def _only(*modes: str) -> dict[str, str]:
    """Let a field be shown only while the branch goes by one of these (`static/js/only-when.js`)."""
    return {"data-only": f"setting_by={' '.join(modes)}"}


class BranchOptionForm(OptionForm):
    """What is to be so for a way of a branch. The fields of the other things that a branch can go by are left alone."""

    position = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=99,
        label=_("Turn"),
        help_text=_("The smallest number is looked at first; the first option that fits is taken."),
        widget=UnfoldAdminIntegerFieldWidget(attrs={"placeholder": _("last")}),
    )
    how = forms.ChoiceField(
        choices=HOW, required=False, label=_("The value"), widget=UnfoldAdminSelectWidget(attrs=_only(VARIABLE))
    )
    values = forms.CharField(
        required=False,
        label=_("What"),
        help_text=_(
            "One per line; any of them will do. Of countries the name in English or two letters, or “withheld”."
        ),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2, **_only(VARIABLE, CALLED, COUNTRY)}),
    )
    days = forms.MultipleChoiceField(
        choices=[(str(number), day) for number, day in enumerate(WEEKDAYS)],
        required=False,
        label=_("Days"),
        help_text=_("None: on every day."),
        widget=UnfoldAdminCheckboxSelectMultipleWidget(attrs=_only(TIME)),
    )
    begins = forms.TimeField(
        required=False,
        label=_("From"),
        help_text=_("Time of day. Empty: all day long."),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "cc-input", **_only(TIME)}),
    )
    ends = forms.TimeField(
        required=False,
        label=_("To"),
        help_text=_("At or before the beginning: on the next day."),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "cc-input", **_only(TIME)}),
    )
    first = forms.DateField(
        required=False,
        label=_("First date"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "cc-input", **_only(TIME)}),
    )
    last = forms.DateField(
        required=False,
        label=_("Last date"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "cc-input", **_only(TIME)}),
    )

    class Meta(OptionForm.Meta):
        fields = ("position", "name", "target")
        widgets = {"name": UnfoldAdminTextInputWidget()}
        help_texts = {"name": _("A short name for this way.")}

    field_order = ("position", "name", "how", "values", "days", "begins", "ends", "first", "last", "target")

    def __init__(self, *args: Any, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step = step
        lines = self.instance.words.splitlines()
        if lines:
            self.initial.update(self._initial(lines))

    @property
    def by(self) -> str:
        """Tell what the branch goes by: as its own form says, once that is read."""
        return str(self.step.settings.get("by", VARIABLE))

    def _initial(self, lines: Sequence[str]) -> dict[str, Any]:
        try:
            match self.by:
                case "variable":
                    test = comparison(lines)
                    return {"how": test.how, "values": "\n".join(test.values)}
                case "time":
                    told = when(lines)
                    return {
                        "days": [str(day) for day in sorted(told.days)],
                        "begins": told.begins,
                        "ends": told.ends,
                        "first": told.first,
                        "last": told.last,
                    }
        except Broken:
            pass  # it was written for something else that the branch went by: shown as it is
        return {"values": "\n".join(lines)}

    def clean(self) -> dict[str, Any]:
        cleaned = forms.ModelForm.clean(self) or self.cleaned_data
        if self.errors or cleaned.get("DELETE"):
            return cleaned
        try:
            lines = self._lines(cleaned)
            Branch("", "", {}, {}, by=self.by).read(lines)
        except Broken as broken:
            told = str(broken)
            raise ValidationError(
                {"begins" if self.by == TIME else "values": f"{told[0].upper()}{told[1:]}."}
            ) from broken
        self.instance.words = "\n".join(lines)
        return cleaned

    def _lines(self, cleaned: dict[str, Any]) -> tuple[str, ...]:
        values = tuple(filter(None, map(str.strip, cleaned.get("values", "").splitlines())))
        match self.by:
            case "variable":
                how = cleaned.get("how") or "is"
                if how != EMPTY and not values:
                    raise Broken("give a value, or choose “is empty”")
                return Comparison(how, () if how == EMPTY else values).lines()
            case "time":
                return self._when(cleaned).lines()
            case _:
                return values

    def _when(self, cleaned: dict[str, Any]) -> When:
        begins: time | None = cleaned.get("begins")
        ends: time | None = cleaned.get("ends")
        first: date | None = cleaned.get("first")
        last: date | None = cleaned.get("last")
        if (begins is None) != (ends is None):
            raise Broken("give both times, or neither for the whole day")
        return When(frozenset(map(int, cleaned.get("days", ()))), begins, ends, first, last)


class ShareOptionForm(OptionForm):
    """A way, and how many of a hundred calls take it."""

    percentage = forms.DecimalField(
        min_value=Decimal(0),
        max_value=Decimal(100),
        decimal_places=2,
        label=_("Percent of calls"),
        help_text=_("All options together have 100."),
        widget=UnfoldAdminDecimalFieldWidget(attrs={"step": "0.01"}),
    )

    class Meta(OptionForm.Meta):
        fields = ("name", "target")
        widgets = {"name": UnfoldAdminTextInputWidget()}
        help_texts = {"name": _("A short name for this way, such as “New greeting”.")}

    field_order = ("name", "percentage", "target")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = self.instance.words.splitlines()
        if words:
            self.initial["percentage"] = percent(words)

    def clean(self) -> dict[str, Any]:
        cleaned = forms.ModelForm.clean(self) or self.cleaned_data
        share: Decimal | None = cleaned.get("percentage")
        if share is not None:
            self.instance.words = f"{share.normalize():f} %"
        return cleaned


class BranchRows(forms.BaseInlineFormSet):
    """Rows that know what the branch goes by, as its own form says now."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "step": self.instance}


class ShareRows(forms.BaseInlineFormSet):
    """Rows that make 100 together."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data]
        wrong = wrong_sum([row.get("percentage") for row in rows if not row.get("DELETE")])
        if wrong:
            raise ValidationError(_("The percentages %(wrong)s"), params={"wrong": wrong})
