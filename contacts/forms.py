"""The form of a contact: lists as lines, ids elsewhere as a field for each system."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from contacts.details import Block, Details, HasProblems, labelled, settled, with_label
from contacts.exchange.plan import with_all
from contacts.models import Contact, ExternalId, System

#: the fields of this form by those of `Details`
FIELD_OF = {"numbers": "written_numbers", "attributes": "written_attributes"}


class ContactForm(forms.ModelForm):
    """Reads what is said of a contact; actions save it. `systems` are those with a field of their own."""

    systems: ClassVar[tuple[System, ...]] = ()

    class Meta:
        model = Contact
        fields = ("name", "language", "country", "is_vip", "priority")
        widgets = {
            "name": UnfoldAdminTextInputWidget(),
            "language": UnfoldAdminTextInputWidget(),
            "country": UnfoldAdminTextInputWidget(),
            "is_vip": UnfoldBooleanSwitchWidget(),
            "priority": UnfoldAdminIntegerFieldWidget(),
        }

    written_numbers = forms.CharField(
        label=gettext_lazy("Numbers"),
        required=False,
        help_text=gettext_lazy("One in each line, written in any way, with or without a label: 415 555 0123 (mobile)."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )
    written_attributes = forms.CharField(
        label=gettext_lazy("Attributes"),
        required=False,
        help_text=gettext_lazy("One in each line, such as plan: gold. Flows can ask for them."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )
    is_blocked = forms.BooleanField(
        label=gettext_lazy("Blocked"),
        required=False,
        help_text=gettext_lazy("Flows can turn the caller away."),
        widget=UnfoldBooleanSwitchWidget(),
    )
    blocked_because = forms.CharField(
        label=gettext_lazy("Why"), required=False, max_length=200, widget=UnfoldAdminTextInputWidget()
    )
    blocked_until = forms.SplitDateTimeField(
        label=gettext_lazy("Until"),
        required=False,
        help_text=gettext_lazy("Empty: until it is lifted."),
        widget=UnfoldAdminSplitDateTimeWidget(),
    )
    do_not_call = forms.BooleanField(
        label=gettext_lazy("Do not call"),
        required=False,
        help_text=gettext_lazy("Written into the ledger of opt-outs for each number."),
        widget=UnfoldBooleanSwitchWidget(),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["priority"].required = False
        contact = self.instance
        if Contact.objects.filter(pk=contact.pk).exists():
            self.initial.update(_initial(with_all(Contact.objects.filter(pk=contact.pk)).get()))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        try:
            settled(self.said(), country=self.cleaned_data.get("country") or settings.DEFAULT_COUNTRY)
        except HasProblems as wrong:
            for problem in wrong.problems:
                field = FIELD_OF.get(problem.field, problem.field)
                sentence = f"{problem.text[:1].upper()}{problem.text[1:]}."
                self.add_error(field if field in self.fields else None, sentence)
        for system in self.systems:
            self._check_ids(system)
        cleaned["priority"] = cleaned.get("priority") or 0
        seen = cleaned.get("seen")
        if seen and not Contact.objects.filter(pk=self.instance.pk, version=seen).exists():
            self.add_error(None, _("Somebody else has changed this contact meanwhile. Open it again."))
        return cleaned

    def said(self) -> Details:
        """Give all that the form says."""
        data = self.cleaned_data
        lines = [line.strip() for line in data.get("written_numbers", "").splitlines() if line.strip()]
        is_blocked = bool(data.get("is_blocked"))
        return Details(
            name=data.get("name", ""),
            language=data.get("language", ""),
            country=data.get("country", ""),
            attributes=_attributes(data.get("written_attributes", "")),
            is_vip=bool(data.get("is_vip")),
            priority=data.get("priority") or 0,
            block=Block(is_blocked, data.get("blocked_because", "") if is_blocked else "", self._until(is_blocked)),
            do_not_call=bool(data.get("do_not_call")),
            numbers=tuple(labelled(line) for line in lines),
            ids=tuple((system.name, one) for system in self.systems for one in _ids(data.get(f"id_{system.pk}", ""))),
        )

    def _until(self, is_blocked: bool) -> Any:
        return self.cleaned_data.get("blocked_until") if is_blocked else None

    def _check_ids(self, system: System) -> None:
        given = _ids(self.cleaned_data.get(f"id_{system.pk}", ""))
        others = ExternalId.objects.filter(system=system, value__in=given).exclude(contact=self.instance.pk)
        if given and others.exists():
            self.add_error(f"id_{system.pk}", _("Another contact has this id already."))


def contact_form() -> type[ContactForm]:
    """Make the form with a field for each system that there is."""
    systems = tuple(System.objects.order_by("name"))
    fields: dict[str, Any] = {f"id_{system.pk}": _id_field(system) for system in systems}
    return type("ContactForm", (ContactForm,), {"systems": systems, **fields})


def _id_field(system: System) -> forms.CharField:
    return forms.CharField(
        label=_("Id in %(system)s") % {"system": system.name},
        required=False,
        max_length=1000,
        help_text=_("Several with semicolons between."),
        widget=UnfoldAdminTextInputWidget(),
    )


def _initial(contact: Contact) -> dict[str, Any]:
    numbers = list(contact.numbers.all())
    ids: dict[str, str] = {}
    for one in contact.external_ids.all():
        key = f"id_{one.system_id}"
        ids[key] = "; ".join(filter(None, (ids.get(key, ""), one.value)))
    return {
        "written_numbers": "\n".join(with_label(one.number, one.label) for one in numbers),
        "written_attributes": "\n".join(f"{name}: {value}" for name, value in contact.attributes.items()),
        "is_blocked": contact.blocked_at is not None,
        "blocked_because": contact.blocked_because,
        "blocked_until": contact.blocked_until,
        "do_not_call": any(getattr(one, "no_calls", False) for one in numbers),
        "seen": contact.version,
        **ids,
    }


def _attributes(text: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in text.splitlines() if line.strip())
    return {name.strip().lower(): value.strip() for name, _colon, value in pairs}


def _ids(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


class SplitForm(forms.Form):
    """Which numbers and ids go to the new contact, and how that is called."""

    name = forms.CharField(label=gettext_lazy("Name of the new contact"), required=False, max_length=120)
    numbers = forms.MultipleChoiceField(
        label=gettext_lazy("Numbers"), required=False, widget=forms.CheckboxSelectMultiple()
    )
    ids = forms.MultipleChoiceField(
        label=gettext_lazy("Ids elsewhere"), required=False, widget=forms.CheckboxSelectMultiple()
    )
