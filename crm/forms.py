"""What people fill in about keys of the API."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from ipaddress import ip_network
from itertools import groupby
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.models import Key
from rest import scopes

INPUT = {"class": "cc-input"}


def _reading_first(row: tuple[str, ...]) -> tuple[str, int, str]:
    resource, what = row[0], row[1]
    return resource, {"read": 0, "write": 1}.get(what, 2), what


class AddressesField(forms.CharField):
    """Addresses and networks with commas or spaces between, as a list."""

    widget = forms.TextInput(attrs=INPUT)

    def clean(self, value: Any) -> list[str]:
        written = str(super().clean(value)).replace(",", " ").split()
        for network in written:
            try:
                ip_network(network)
            except ValueError:
                told = _("%(network)s is neither an address nor a network such as 192.0.2.0/24.")
                raise forms.ValidationError(told % {"network": network}) from None
        return written


class KeyForm(forms.ModelForm):
    """A key to be made: what it may, from where, how long."""

    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Scopes"), choices=lambda: [(scope, scope) for scope in scopes.known()]
    )
    addresses = AddressesField(
        label=gettext_lazy("Addresses"),
        required=False,
        help_text=gettext_lazy("From where it may be used, such as 192.0.2.7 or 192.0.2.0/24. Empty: from everywhere."),
    )
    last_day = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput(attrs={**INPUT, "type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty: it does not expire."),
    )

    class Meta:
        model = Key
        fields = ("name", "addresses", "requests_per_minute")
        widgets = {"name": forms.TextInput(attrs=INPUT), "requests_per_minute": forms.NumberInput(attrs=INPUT)}

    field_order = ("name", "last_day", "addresses", "requests_per_minute")

    def __init__(self, *args: Any, may_set_limit: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not may_set_limit:
            del self.fields["requests_per_minute"]

    def clean_last_day(self) -> Any:
        day = self.cleaned_data["last_day"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("That day is over."))
        return day

    def plain_fields(self) -> Iterator[Any]:
        """Give all fields but the scopes, which stand in a table of their own."""
        return (field for field in self if field.name != "scopes")

    def resources(self) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """Give each resource with its scopes: the scope, what it allows, whether it is chosen."""
        chosen = set(self["scopes"].value() or ())
        rows = sorted(((*scope.split(":", 1), scope) for scope in scopes.known()), key=_reading_first)
        return [
            (resource, [(scope, what, scope in chosen) for _resource, what, scope in group])
            for resource, group in groupby(rows, key=lambda row: row[0])
        ]

    def wanted(self) -> dict[str, Any]:
        """Give what the action needs to make the key."""
        day = self.cleaned_data["last_day"]
        end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time())) if day else None
        return {
            "name": self.cleaned_data["name"],
            "scopes": self.cleaned_data["scopes"],
            "addresses": self.cleaned_data["addresses"],
            "requests_per_minute": self.cleaned_data.get("requests_per_minute"),
            "expires_at": end,
        }
