"""What people fill in about subscriptions to events."""

from datetime import timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.actions import subscribing
from crm.catalogue import TYPES
from crm.models import Subscription

INPUT = {"class": "cc-input"}
NAMES = [(name, name) for name in sorted(TYPES)]


class SubscriptionForm(forms.ModelForm):
    """Which address is told of which types."""

    types = forms.MultipleChoiceField(label=gettext_lazy("Types"), choices=NAMES, required=False)

    class Meta:
        model = Subscription
        fields = ("name", "url", "types")
        widgets = {
            "name": forms.TextInput(attrs=INPUT),
            "url": forms.URLInput(attrs={"class": "cc-input subscription-address"}),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "url" in cleaned:
            try:
                subscribing.check(url=cleaned["url"], types=cleaned.get("types", ()))
            except subscribing.NotPossible as refused:
                self.add_error(refused.field, str(refused))
        return cleaned

    def groups(self) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """Give the types by what they are about: the name, when it is told, whether it is chosen."""
        chosen = set(self["types"].value() or ())
        return [
            (about, [(name, TYPES[name].told.replace("`", ""), name in chosen) for name in names])
            for about, names in groupby(TYPES, key=lambda name: name.partition(".")[0])
        ]


class TestForm(forms.Form):
    """Of which type an example is sent."""

    type = forms.ChoiceField(
        label=gettext_lazy("Type"), choices=NAMES, initial="call.ended", widget=forms.Select(attrs=INPUT)
    )


class ReplayForm(forms.Form):
    """Which stretch of time is sent once more."""

    since = forms.DateTimeField(
        label=gettext_lazy("From"),
        widget=forms.DateTimeInput(attrs={**INPUT, "type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    until = forms.DateTimeField(
        label=gettext_lazy("Until"),
        widget=forms.DateTimeInput(attrs={**INPUT, "type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        now = timezone.localtime().replace(second=0, microsecond=0)
        super().__init__(*args, **options)
        self.initial = {"since": now - timedelta(hours=1), "until": now}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "since" in cleaned and "until" in cleaned and cleaned["since"] >= cleaned["until"]:
            raise forms.ValidationError(_("It must begin before it ends."))
        return cleaned
