"""The question "what happens if somebody calls this number at ...?", wherever it is asked."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ivr import documents
from ivr.admin.now import describe
from ivr.hours.ways import Ways, ways
from ivr.models import Line
from ivr.trial.reading import addresses, read


class AskForm(forms.Form):
    """A line and a moment. Where only one line is asked about, it is not chosen."""

    line = forms.ChoiceField(label=_("If somebody calls"), widget=forms.Select(attrs={"class": "cc-input"}))
    at = forms.DateTimeField(
        label=_("at"), widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": "cc-input"})
    )

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["line"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(line.pk, str(line.name)) for line in lines]
        field.initial = next((line.pk for line in lines if line.flow_id), None)  # of the others there is little to ask
        if len(lines) == 1:
            field.widget, field.required, field.initial = forms.HiddenInput(), False, lines[0].pk


def ask(request: HttpRequest, lines: Sequence[Line], *, zone: tzinfo | None = None) -> dict[str, Any]:
    """Give the form, and the answer where something was asked. Moments are on the clock of `zone`, or of who asks."""
    clock = zone or timezone.get_current_timezone()
    with timezone.override(clock):
        present = f"{timezone.localtime():%Y-%m-%dT%H:%M}"
        form = AskForm(request.GET if "at" in request.GET else None, lines=lines, initial={"at": present})
        found: dict[str, Any] = {"ask": form, "ask_zone": str(clock), "ask_lines": len(lines)}
        if not form.is_valid():
            return found
    at: datetime = form.cleaned_data["at"]
    line = next(one for one in lines if len(lines) == 1 or str(one.pk) == form.cleaned_data["line"])
    local = at.astimezone(clock)
    told = describe([line], at=at)[line.pk]
    found["asked_line"] = line
    found["asked_at"] = f"{local:%A}, {local.day} {local:%B %Y} at {local:%H:%M}"
    found["asked_answer"] = told.trouble or told.sentence
    found["asked_ways"] = None if told.trouble else _ways(line, at, str(clock))
    return found


def _ways(line: Line, at: datetime, zone: str) -> Ways | None:
    if line.flow is None or line.flow.published_id is None:
        return None
    world = read(documents.frozen(line.flow.published_id))
    return ways(world, number=line.address, at=at, zone=zone, urls=addresses)
