"""Form fields made from what a kind of step says of itself."""

from collections.abc import Callable
from copy import copy
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIteratorValue
from django.urls import reverse_lazy
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from ivr.kinds.settings import Setting
from ivr.models import Prompt, Wording
from ivr.prompts import ssml, voices

SELECTED = SafeString(" selected")


class LinesField(forms.CharField):
    """A list of texts, one per line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"widget": UnfoldAdminTextareaWidget(attrs={"rows": 4}), **options})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


def setting_field(setting: Setting) -> forms.Field:
    """Give the field that asks for a setting, with its bounds and its help."""
    field = _setting_field(setting)
    if setting.only[0]:  # `only-when.js` hides it while it does not count
        field.widget.attrs["data-only"] = f"setting_{setting.only[0]}={setting.only[1]}"
    return field


def _setting_field(setting: Setting) -> forms.Field:
    shared: dict[str, Any] = {"label": setting.label, "help_text": setting.help_text, "initial": setting.default}
    bounds: dict[str, Any] = {"min_value": setting.minimum, "max_value": setting.maximum}
    if setting.kind is bool:
        return forms.BooleanField(required=False, widget=UnfoldBooleanSwitchWidget(), **shared)
    if setting.kind is int:
        return forms.IntegerField(widget=UnfoldAdminIntegerFieldWidget(), **bounds, **shared)
    if setting.kind is float:
        step = UnfoldAdminDecimalFieldWidget(attrs={"step": "0.05"})
        return forms.FloatField(widget=step, **bounds, **shared)
    if setting.kind is tuple:
        return LinesField(required=False, **shared)
    if setting.choices:
        return forms.ChoiceField(choices=setting.choices, widget=UnfoldAdminSelectWidget(), **shared)
    validators = (
        [RegexValidator(f"^(?:{setting.pattern})$", _("This is not possible here."))] if setting.pattern else []
    )
    if setting.rows:
        area = UnfoldAdminTextareaWidget(attrs={"rows": setting.rows, "spellcheck": "false", "class": "cc-code"})
        return forms.CharField(required=False, strip=False, widget=area, **shared)
    return forms.CharField(required=False, validators=validators, widget=UnfoldAdminTextInputWidget(), **shared)


class LongSelect(UnfoldAdminSelectWidget):
    """A choice of as many rows as there are: its options are written at once, not by a template each."""

    def optgroups(self, *_: Any, **__: Any) -> Any:
        return []

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = str(value) if value is not None else ""
        options = format_html_join(
            "",
            '<option value="{}"{}{}>{}</option>',
            (
                (key, SELECTED if str(key) == chosen else "", self.more(key), label)
                for key, label in self.choices
                if not isinstance(label, list | tuple)
            ),
        )
        before, end, after = super().render(name, value, attrs, renderer).partition("</select>")
        return SafeString(f"{before}{options}{end}{after}")

    def more(self, _key: Any) -> str:
        """Give further attributes of an option."""
        return ""


class PromptSelect(LongSelect):
    """A choice of prompts; each carries its words, which `prompt-text.js` shows beneath."""

    def more(self, key: Any) -> str:
        prompt = getattr(key, "instance", None)
        return format_html(' data-words="{}"', words(prompt)) if isinstance(prompt, Prompt) else ""

    class Media:
        js = [forms.Script("js/prompt-text.js", type="module")]


def words(prompt: Prompt) -> str:
    """Tell what callers hear, in each language."""
    return "\n".join(
        f"{voices.LANGUAGES.get(row.language, row.language)}: {_heard(row)}" for row in prompt.wordings.all()
    )


def _heard(wording: Wording) -> str:
    return f"♪ {wording.audio}" if wording.audio else f"“{' '.join(ssml.bare(wording.text).split())}”"


def offer(field: forms.Field, rows: QuerySet[Any], labels: Callable[[Any], str], empty: str) -> None:
    """Let several fields of a form offer the same rows, and accept only these; they are read once."""
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows.all()
    field.choices = [("", empty), *((ModelChoiceIteratorValue(row.pk, row), labels(row)) for row in rows)]


def language_choices() -> list[tuple[str, Any]]:
    named = sorted(voices.LANGUAGES.items(), key=lambda item: item[1])
    return [("", _("Choose")), *((code, f"{name} ({code})") for code, name in named)]


def voice_choices() -> list[tuple[str, Any]]:
    return [
        ("", _("Choose")),
        *(
            (voice, voice_name(voice))
            for voice in dict.fromkeys(voice for language in voices.LANGUAGES for voice in voices.voices(language))
        ),
    ]


def voice_name(voice: str) -> str:
    """Write a voice for people: "Joanna (Amazon, neural)"."""
    maker, dot, rest = voice.partition(".")
    if not dot:
        return {"man": "Plain man", "woman": "Plain woman"}.get(voice, voice)
    if maker == "Polly":
        name, _dash, family = rest.partition("-")
        return f"{name} (Amazon, {family.lower() or 'standard'})"
    *_language, family, letter = rest.split("-")
    return f"{letter} (Google, {family})"


class VoiceSelect(UnfoldAdminSelectWidget):
    """A choice of voices. All would be most of the page: `voice-choice.js` gets those of the chosen language."""

    def __init__(self, *, language: str) -> None:
        super().__init__(attrs={"data-follows": language, "data-voices": reverse_lazy("admin:ivr_voices")})

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> Any:
        shown = copy(self)
        shown.choices = [choice for choice in self.choices if not choice[0] or choice[0] in value]
        return super(VoiceSelect, shown).optgroups(name, value, attrs)

    class Media:
        js = [forms.Script("js/voice-choice.js", type="module")]


def voices_by_language() -> dict[str, list[tuple[str, str, int]]]:
    """Give each language's voices, the best first: the voice, its name for people, and how much it takes at once."""
    return {
        language: [(voice, voice_name(voice), voices.limit(voice)) for voice in voices.voices(language)]
        for language in voices.LANGUAGES
    }


def check_voice(form: forms.BaseForm, *, language: str, voice: str) -> None:
    """Refuse a voice that does not speak the language, by the names of their fields."""
    chosen, spoken = form.cleaned_data.get(voice), form.cleaned_data.get(language)
    if chosen and spoken and spoken not in voices.languages_of(chosen):
        named = {"voice": voice_name(chosen), "language": voices.LANGUAGES.get(spoken, spoken)}
        form.add_error(voice, ValidationError(_("%(voice)s does not speak %(language)s."), params=named))
