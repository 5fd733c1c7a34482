"""The rows in which people write what callers hear while they wait."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget

from ivr.forms.fields import PromptSelect, offer
from ivr.models import Prompt, WaitItem
from ivr.problems.wording import PLACEHOLDERS

PROMPT_HELP = _(
    "With {position} for the place in line, {low} and {high} for the minutes to wait. Music has ours without."
)


class WaitItemForm(forms.ModelForm):
    class Meta:
        model = WaitItem
        fields = ("position", "kind", "prompt", "seconds")
        labels = {"kind": _("What"), "seconds": _("Seconds")}
        widgets = {"kind": UnfoldAdminSelectWidget(), "seconds": UnfoldAdminIntegerFieldWidget()}
        help_texts = {"seconds": _("Of a silence, 1 to 60. Whatever else is heard takes its own time.")}

    position = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=99,
        label=_("Turn"),
        help_text=_("The smallest number is heard first. Empty: after all others."),
        widget=UnfoldAdminIntegerFieldWidget(attrs={"placeholder": _("last")}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        kind, prompt = cleaned.get("kind"), cleaned.get("prompt")
        if kind == WaitItem.Kind.PAUSE:
            cleaned["prompt"] = None
        elif prompt is None and kind != WaitItem.Kind.MUSIC and "prompt" not in self.errors:
            self.add_error("prompt", _("Choose what callers hear."))
        elif prompt:
            self._check_numbers(kind, prompt)
        return cleaned

    def _check_numbers(self, kind: str | None, prompt: Prompt) -> None:
        wanted = PLACEHOLDERS.get(kind or "", ())
        texts = [wording.text for wording in prompt.wordings.all() if not wording.audio_id]
        missing = [name for name in wanted if not all(name in text for text in texts)]
        if missing:
            named = {"names": _(" and ").join(missing)}
            self.add_error("prompt", _("A text of this prompt lacks %(names)s, which stands for the number.") % named)


def offering_prompts(form: type[WaitItemForm]) -> type[WaitItemForm]:
    """Give the form with the prompts that there are, read once for all rows."""
    prompts = Prompt.objects.order_by("name").prefetch_related("wordings__audio")
    field = forms.ModelChoiceField(
        Prompt.objects, required=False, label=_("Prompt"), help_text=PROMPT_HELP, widget=PromptSelect()
    )
    offer(field, prompts, str, "---")
    return type(form.__name__, (form,), {"prompt": field})
