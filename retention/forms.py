"""What people fill in about holds, rules, runs, erasures and findings."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.models import Team, User
from compliance.models import Hold, RetentionRule
from compliance.rules_in_words import KINDS
from queues.models import Queue
from telephony import numbers

INPUT = {"class": "cc-input"}
MOMENT = "%Y-%m-%dT%H:%M"


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(attrs=INPUT, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(attrs=INPUT, format=MOMENT)


class NumberField(forms.CharField):
    """A telephone number in any spelling. Ends of calls that are no numbers stay as they are written."""

    def __init__(self, **fields: Any) -> None:
        usual: dict[str, Any] = {"required": False, "max_length": 64, "widget": forms.TextInput(attrs=INPUT)}
        super().__init__(**usual | fields)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if not text or text.startswith(("client:", "sip:")):
            return text
        number = numbers.parse(text, country=settings.DEFAULT_COUNTRY)
        if number is None:
            raise forms.ValidationError(_("This is no telephone number."))
        return number


def _choose(form: forms.BaseForm, name: str, rows: "QuerySet[Any]") -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


class HoldForm(forms.ModelForm):
    """What a hold covers: all that is named must apply."""

    caller = NumberField(label=gettext_lazy("The caller's number"))
    number = NumberField(label=gettext_lazy("Our number"))

    class Meta:
        model = Hold
        fields = ("name", "reason", "owner", "review_at", "caller", "number", "queue", "since", "until", "call")
        widgets = {
            "name": forms.TextInput(attrs=INPUT),
            "reason": forms.Textarea(attrs=INPUT | {"rows": 3}),
            "owner": forms.Select(attrs=INPUT),
            "review_at": DateInput(),
            "queue": forms.Select(attrs=INPUT),
            "since": MomentInput(),
            "until": MomentInput(),
            "call": forms.HiddenInput(),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "queue", Queue.objects.order_by("name"))
        in_zone = _("In %(zone)s time.") % {"zone": timezone.get_current_timezone_name()}
        self.fields["since"].help_text = self.fields["until"].help_text = in_zone
        _choose(self, "owner", User.objects.filter(is_active=True, is_staff=True).order_by("username"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not any(given.get(name) for name in ("caller", "number", "queue", "since", "until", "call")):
            raise forms.ValidationError(_("Say what is held: a number, a queue, a period, or a call."))
        since, until = given.get("since"), given.get("until")
        if since and until and until <= since:
            self.add_error("until", _("This is before the beginning."))
        if (review := given.get("review_at")) and review < timezone.localdate():
            self.add_error("review_at", _("This day is over."))
        return given


class ReviewForm(forms.Form):
    again_at = forms.DateField(label=gettext_lazy("Look again on"), widget=DateInput())

    def clean_again_at(self) -> Any:
        day = self.cleaned_data["again_at"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("Choose a day to come."))
        return day


class LiftForm(forms.Form):
    because = forms.CharField(
        label=gettext_lazy("Why it is not needed any more"), widget=forms.Textarea(attrs=INPUT | {"rows": 2})
    )


class RuleForm(forms.ModelForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("What"),
        choices=[(kind.value, words) for kind, words in KINDS.items()],
        widget=forms.Select(attrs=INPUT),
    )
    number = NumberField(
        label=gettext_lazy("Of our number"),
        help_text=gettext_lazy("Empty: of every number. It wins over queue and team."),
    )

    class Meta:
        model = RetentionRule
        fields = ("kind", "days", "number", "queue", "team")
        widgets = {
            "days": forms.NumberInput(attrs=INPUT | {"min": 1}),
            "queue": forms.Select(attrs=INPUT),
            "team": forms.Select(attrs=INPUT),
        }
        labels = {
            "days": gettext_lazy("Goes after so many days"),
            "queue": gettext_lazy("Of the queue"),
            "team": gettext_lazy("Of the team"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "queue", Queue.objects.order_by("name"))
        _choose(self, "team", Team.objects.order_by("name"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        scope = {name: given.get(name) for name in ("kind", "queue", "team")} | {"number": given.get("number", "")}
        if not self.errors and RetentionRule.objects.filter(**_asked(scope)).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is a rule for exactly this already: change that one."))
        return given


def _asked(scope: dict[str, Any]) -> dict[str, Any]:
    return {
        f"{name}__isnull" if value is None else name: True if value is None else value for name, value in scope.items()
    }


class TypedForm(forms.Form):
    """How many would go, typed by somebody who has read it; with or without what people write between thousands."""

    typed = forms.RegexField(
        r"^[0-9][0-9 ,.'\u2009\u00a0]*$",
        label=gettext_lazy("Type the number to go on"),
        max_length=20,
        widget=forms.TextInput(attrs=INPUT | {"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_typed(self) -> int:
        return int("".join(filter(str.isdecimal, self.cleaned_data["typed"])))


class ErasureForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Telephone number"),
        max_length=64,
        help_text=gettext_lazy("In any spelling."),
        widget=forms.TextInput(attrs=INPUT | {"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=255,
        help_text=gettext_lazy("A file number, for example. It stands on the certificate: do not name the person."),
        widget=forms.TextInput(attrs=INPUT),
    )


class ContactErasureForm(ErasureForm):
    """The numbers are those of the contact."""

    number = None  # type: ignore[assignment]  # Django's way to leave a field of the base out


class ConfirmForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Type the number once more"),
        max_length=64,
        widget=forms.TextInput(attrs=INPUT | {"autocomplete": "off"}),
    )


class NoteForm(forms.Form):
    note = forms.CharField(label=gettext_lazy("Why that is right"), max_length=255, widget=forms.TextInput(attrs=INPUT))


class DeleteForm(forms.Form):
    """Why a person deletes something."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        min_length=5,
        max_length=255,
        help_text=gettext_lazy("It is kept in the log of access."),
        widget=forms.TextInput(attrs=INPUT),
    )
