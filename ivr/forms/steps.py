"""The form of a step: one class for each kind, made from what the kind says of its settings, prompts and exits."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from ivr import addresses
from ivr.drafting.references import REFERENCES
from ivr.forms.fields import LongSelect, PromptSelect, offer, setting_field
from ivr.kinds import KINDS
from ivr.kinds.base import Step as Kind
from ivr.kinds.settings import Broken, Setting
from ivr.models import Exit, Flow, Prompt, Step, StepPrompt
from telephony import numbers
from telephony.models import PhoneNumber

REFERENCE_HELP = {
    "schedule": "The opening hours that decide which way the call goes.",
    "mailbox": "Where the message is kept, and who is told of it.",
    "to_flow": "The flow that goes on with the call. The caller notices nothing of it.",
    "queue": "Where the caller's place in line is, and whose agents take the call.",
    "room": "The room that people meet in. Its page has the PINs.",
    "source": "The address that is asked, and the secret by which it knows that we ask.",
}


class StepForm(forms.ModelForm):
    """What all kinds share. A subclass for each kind and flow adds the fields (`step_form`)."""

    kind: ClassVar[type[Kind]]
    flow: ClassVar[Flow]

    class Meta:
        model = Step
        fields = ("name", *REFERENCES)
        widgets = {"name": UnfoldAdminTextInputWidget(), **{name: UnfoldAdminSelectWidget() for name in REFERENCES}}
        labels = {"to_flow": gettext_lazy("Flow"), "room": gettext_lazy("Conference room")}

    class Media:
        js = [forms.Script("js/only-when.js", type="module")]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.instance.flow, self.instance.kind = self.flow, self.kind.KIND
        else:
            self._read_initial()
        self.fields["name"].help_text = _(
            "A short name for this page and for the history of calls. Callers never hear it."
        )
        self._keep_one_reference()
        self._offer_choices()

    def _read_initial(self) -> None:
        for name in self.kind.settings():
            if name in self.instance.settings:
                self.initial[f"setting_{name}"] = self.instance.settings[name]
        for use in self.instance.prompts.all():
            self.initial[f"prompt_{use.role}"] = use.prompt_id
        for row in self.instance.exits.all():
            self.initial[f"exit_{row.name}"] = row.target_id

    def _keep_one_reference(self) -> None:
        for name in REFERENCES:
            if name == self.kind.TAKES:
                self.fields[name].required = True
                self.fields[name].help_text = REFERENCE_HELP[name]
            else:
                del self.fields[name]

    def _offer_choices(self) -> None:
        prompts = Prompt.objects.order_by("name").prefetch_related("wordings__audio")
        steps = offered(self.flow)
        for name in self.prompt_fields():
            offer(self.fields[name], prompts, str, _("Nothing is said"))
        for name in self.exit_fields():
            offer(self.fields[name], steps, label_of, _("Not decided yet"))
        self._keep_caller_id()

    def _keep_caller_id(self) -> None:
        """Offer the number that is shown now even where it is none of ours; `problems` tells of it."""
        shown, field = self.initial.get("setting_caller_id"), self.fields.get("setting_caller_id")
        own = _own_numbers()
        if shown and isinstance(field, forms.ChoiceField) and shown not in dict(own):
            field.choices = [*own, (shown, f"{shown} (not one of our numbers)")]

    @classmethod
    def setting_fields(cls) -> list[str]:
        return [f"setting_{name}" for name in cls.kind.settings()]

    @classmethod
    def prompt_fields(cls) -> list[str]:
        return [f"prompt_{role.name}" for role in cls.kind.PROMPTS]

    @classmethod
    def exit_fields(cls) -> list[str]:
        return [f"exit_{row.name}" for row in cls.kind.EXITS]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if Step.objects.filter(flow=self.flow, name=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("This flow already has a step with this name."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        names = {name: f"setting_{name}" for name in self.kind.settings()}
        settings = {name: cleaned[field] for name, field in names.items() if field in cleaned}
        try:
            step = self.kind.parse("", {"name": cleaned.get("name", ""), "settings": settings})
        except Broken as broken:
            raise ValidationError(str(broken)) from broken
        for name, address in addresses.named(step):
            if told := addresses.problem(address):
                self.add_error(names[name], told)
        self.instance.settings = settings
        return cleaned

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]  # Django calls this hook; the stubs leave it out
        for role in self.kind.PROMPTS:
            self._save_prompt(role.name, self.cleaned_data[f"prompt_{role.name}"])
        for position, row in enumerate(self.kind.EXITS):
            self._save_exit(row.name, self.cleaned_data[f"exit_{row.name}"], position)

    def _save_prompt(self, role: str, prompt: Prompt | None) -> None:
        if prompt is None:
            StepPrompt.objects.filter(step=self.instance, role=role).delete()
        else:
            StepPrompt.objects.update_or_create(step=self.instance, role=role, defaults={"prompt": prompt})

    def _save_exit(self, name: str, target: Step | None, position: int) -> None:
        if target is None:
            Exit.objects.filter(step=self.instance, name=name).delete()
        else:
            fresh = {"target": target, "position": position, "is_option": False}
            Exit.objects.update_or_create(step=self.instance, name=name, defaults=fresh)


def step_form(kind: type[Kind], flow: Flow) -> type[StepForm]:
    """Make the form for steps of a kind in a flow."""
    return type(f"{kind.__name__}Form", (StepForm,), {"kind": kind, "flow": flow, **dict(_fields(kind))})


def _fields(kind: type[Kind]) -> Iterator[tuple[str, forms.Field]]:
    for name, setting in kind.settings().items():
        yield (
            f"setting_{name}",
            _caller_id(setting) if name == "caller_id" else setting_field(setting),
        )
    for role in kind.PROMPTS:
        label = role.label if role.required else f"{role.label} (optional)"
        yield (
            f"prompt_{role.name}",
            forms.ModelChoiceField(Prompt.objects, required=False, label=label, widget=PromptSelect()),
        )
    for row in kind.EXITS:
        label = row.label if row.required else f"{row.label} (optional)"
        yield (
            f"exit_{row.name}",
            forms.ModelChoiceField(Step.objects, required=False, label=label, widget=LongSelect()),
        )


def _caller_id(setting: Setting) -> forms.Field:
    widget = UnfoldAdminSelectWidget()
    return forms.ChoiceField(
        label=setting.label, help_text=setting.help_text, required=False, choices=_own_numbers, widget=widget
    )


def _own_numbers() -> list[tuple[str, str]]:
    ours = PhoneNumber.objects.filter(is_gone=False).order_by("number").values_list("number", flat=True)
    return [("", _("The caller's own number")), *((number, numbers.show(number)) for number in ours)]


def offered(flow: Flow) -> QuerySet[Step]:
    """Give the steps of a flow to choose from, with what their labels need and no more: there may be hundreds."""
    return Step.objects.filter(flow=flow).order_by("name").only("name", "kind")


def label_of(step: Step) -> str:
    # not by get_kind_display, which makes all choices anew for each of hundreds of steps
    return f"{step.name} ({KINDS[step.kind].LABEL})"


def kind_of(step: Step) -> type[Kind]:
    return KINDS[step.kind]
