"""The form that closes at once, made for a thumb: what, until when, and what callers hear."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from ivr.forms.fields import language_choices
from ivr.hours.reopening import Choice, moments
from ivr.hours.timetables import Timetable
from ivr.models import FlowLanguage, Prompt

CHOICES: Mapping[Choice, Any] = {
    "hour": _("In an hour"),
    "two_hours": _("In two hours"),
    "today": _("At the end of today"),
    "next": _("When the hours open next, after today"),
    "at": _("At this time:"),
    "open_ended": _("Not by itself: I open it"),
}
INPUT = {"class": "cc-input"}


class Until(forms.Form):
    """When to open again. `read` are the schedules that are closed, all that there are before some are chosen."""

    until = forms.ChoiceField(
        label=_("Open again"), widget=forms.RadioSelect(), error_messages={"required": _("Say when to open again.")}
    )
    until_at = forms.DateTimeField(
        label=_("Date and time"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", **INPUT}),
    )

    def __init__(self, *args: Any, read: Mapping[str, Timetable], at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.read, self.at = read, at
        offered = moments([table.week for table in read.values()], at)
        field = self.fields["until"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (name, f"{label} ({shown(offered[name])})" if name in offered else label)
            for name, label in CHOICES.items()
            if name in offered or name in ("at", "open_ended")
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = cleaned.get("until")
        cleaned["moment"] = None
        if chosen == "at":
            if not cleaned.get("until_at"):
                raise ValidationError(_("Say at which time to open again."))
            cleaned["moment"] = cleaned["until_at"]
        elif chosen and chosen != "open_ended":
            weeks = [table.week for key, table in self.read.items() if key in self.closed(cleaned)]
            cleaned["moment"] = moments(weeks, self.at).get(chosen)
            if cleaned["moment"] is None:
                raise ValidationError(_("Their hours do not open again: choose a time."))
        return cleaned

    def closed(self, _cleaned: Mapping[str, Any]) -> set[str]:
        """Give the keys of the schedules that are closed."""
        return set(self.read)


class CloseForm(Until):
    key = forms.UUIDField(widget=forms.HiddenInput(), initial=uuid4)
    which = forms.ChoiceField(
        label=_("Close"),
        choices=[("all", _("All opening hours")), ("some", _("Only some:"))],
        initial="all",
        widget=forms.RadioSelect(),
    )
    schedules = forms.MultipleChoiceField(
        label=_("Which"), required=False, widget=forms.CheckboxSelectMultiple(), choices=()
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=80,
        help_text=_("For your colleagues, and the history. Callers do not hear it."),
        widget=forms.TextInput(attrs={"list": "reasons", "autocomplete": "off", **INPUT}),
    )
    message = forms.CharField(
        label=_("Callers hear"),
        required=False,
        max_length=1000,
        strip=True,
        help_text=_("Said before they go the way “Closed”. Empty: only what the flow says there."),
        widget=forms.Textarea(attrs={"rows": 3, **INPUT}),
    )
    language = forms.ChoiceField(
        label=_("In"), required=False, choices=language_choices, widget=forms.Select(attrs=INPUT)
    )
    prompt = forms.ModelChoiceField(
        label=_("Or a prompt that there is"),
        required=False,
        queryset=Prompt.objects.order_by("name"),
        empty_label=_("none"),
        widget=forms.Select(attrs=INPUT),
    )
    order = ("which", "schedules", "until", "until_at", "reason", "message", "language", "prompt")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["schedules"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, table.name) for key, table in self.read.items()]
        self.fields["language"].initial = usual_language()

    def closed(self, cleaned: Mapping[str, Any]) -> set[str]:
        return set(self.read) if cleaned.get("which") == "all" else set(cleaned.get("schedules", ()))

    def clean(self) -> dict[str, Any]:
        if not self.closed(self.cleaned_data):
            raise ValidationError(_("Choose at least one of the opening hours."))
        cleaned = super().clean()
        cleaned["keys"] = sorted(map(int, self.closed(cleaned)))
        if cleaned.get("message") and cleaned.get("prompt"):
            raise ValidationError(_("Callers hear a text or a prompt: take one of them out."))
        cleaned["language"] = cleaned.get("language") or usual_language()
        return cleaned


def usual_language() -> str:
    """Give the language in which most flows begin."""
    counted = (
        FlowLanguage.objects.order_by("flow", "position", "pk").distinct("flow").values_list("language", flat=True)
    )
    languages = list(counted)
    return max(languages, key=languages.count, default="en-US")


def shown(moment: datetime) -> str:
    """Write a moment on the clock of the person who looks."""
    local = timezone.localtime(moment)
    if local.date() == timezone.localdate():
        return date_format(local, "H:i")
    return date_format(local, "l, j F, H:i")
