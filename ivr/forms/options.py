"""The rows in which the options of a menu and of a language choice are written."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from ivr.forms.fields import LongSelect, offer
from ivr.forms.steps import label_of, offered
from ivr.kinds import KINDS
from ivr.models import Exit, Flow, Step

#: the place of a new option: behind those that stand there, and after other new ones as they were written
LAST = 1000


class StepField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Step) -> str:
        return label_of(obj)


class OptionForm(forms.ModelForm):
    """An option: what the caller presses or says, and where that leads."""

    class Meta:
        model = Exit
        fields: tuple[str, ...] = ("name", "keys", "words", "target")
        labels = {"name": _("Option"), "keys": _("Key"), "words": _("Words"), "target": _("Goes to")}
        widgets = {
            "name": UnfoldAdminTextInputWidget(),
            "keys": UnfoldAdminTextInputWidget(attrs={"size": 4, "inputmode": "tel"}),
            "words": UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        }
        help_texts = {
            "keys": _("One or more of 0 to 9, * and #. Empty: by word only."),
            "words": _("What the caller may say, one per line. Empty: by key only."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.is_option = True
        if self.instance.pk is None:
            self.instance.position = LAST

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if any(name in {row.name for row in kind.EXITS} for kind in KINDS.values()):
            raise ValidationError(_("This word names a way out that steps always have. Choose another name."))
        return name

    def clean_words(self) -> str:
        return "\n".join(filter(None, map(str.strip, self.cleaned_data["words"].splitlines())))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("keys") and not cleaned.get("words") and "keys" not in self.errors:
            raise ValidationError(_("Give a key, a word, or both; otherwise nobody can choose this option."))
        return cleaned


class LanguageOptionForm(OptionForm):
    class Meta(OptionForm.Meta):
        fields = ("name", "language", "keys", "words", "target")
        labels = {**OptionForm.Meta.labels, "language": _("Then speak")}


class WaitOptionForm(OptionForm):
    """A key that somebody presses who waits: nobody listens for words then."""

    class Meta(OptionForm.Meta):
        fields = ("name", "keys", "target")
        help_texts = {"keys": _("One or more of 0 to 9, * and #.")}

    def clean(self) -> dict[str, Any]:
        cleaned = forms.ModelForm.clean(self) or self.cleaned_data
        if not cleaned.get("keys") and "keys" not in self.errors:
            self.add_error("keys", _("Give a key; otherwise nobody can choose this option."))
        return cleaned


class ValueOptionForm(OptionForm):
    """A value in the answer to a look-up, and where it leads."""

    class Meta(OptionForm.Meta):
        fields = ("name", "words", "target")
        labels = {**OptionForm.Meta.labels, "words": _("Values")}
        help_texts = {"words": _("What the answer may say, one per line. Capitals and accents do not count.")}

    def clean(self) -> dict[str, Any]:
        cleaned = forms.ModelForm.clean(self) or self.cleaned_data
        if not cleaned.get("words") and "words" not in self.errors:
            self.add_error("words", _("Give a value; otherwise nothing leads here."))
        return cleaned


class AttributeOptionForm(ValueOptionForm):
    """A value of the contact's attribute, and where it leads."""

    class Meta(ValueOptionForm.Meta):
        help_texts = {"words": _("Values of the attribute, one per line. Capitals and accents do not count.")}


class DoneOptionForm(ValueOptionForm):
    """What the caller pressed or said, or how a call ended that was placed, and where it leads."""

    class Meta(ValueOptionForm.Meta):
        help_texts = {"words": _("Keys, words, or busy, no-answer and the like, one per line.")}


def of_flow(form: type[OptionForm], flow: Flow) -> type[OptionForm]:
    """Give the form as it is for a flow, with its steps and languages."""
    fields: dict[str, forms.Field] = {"target": targets(flow)}
    if "language" in form.base_fields:
        fields["language"] = languages(flow)
    return type(form.__name__, (form,), fields)


def targets(flow: Flow) -> StepField:
    """Offer the steps of a flow as the target of an option; they are read once for all rows."""
    field = StepField(Step.objects, required=False, label=_("Goes to"), widget=LongSelect())
    offer(field, offered(flow), label_of, str(_("Not decided yet")))
    return field


def languages(flow: Flow) -> forms.ChoiceField:
    """Offer the languages that a flow speaks."""
    spoken = flow.languages.order_by("position", "pk").values_list("language", flat=True)
    return forms.ChoiceField(
        choices=[("", "---"), *((code, code) for code in spoken)],
        label=_("Then speak"),
        widget=UnfoldAdminSelectWidget(),
        help_text=_("One of the languages of the flow."),
    )
