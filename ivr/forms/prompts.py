"""The forms of prompts: what is said in each language, as a text or as a sound."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from ivr.actions import sounds
from ivr.forms.fields import VoiceSelect, check_voice, language_choices, voice_choices, voice_name
from ivr.models import Audio, Wording
from ivr.prompts import audio, ssml, voices

UPLOAD_HELP = _("MP3, WAV, M4A, OGG or FLAC. It is made as loud as all others and turned into telephone sound.")
CONTEXT = 12  # letters shown before and after a fault


class SoundInput(UnfoldAdminFileFieldWidget):
    """A file to choose, or a recording made here and now (`record.js`); both are sent as the same upload."""

    template_name = "admin/ivr/sound_input.html"

    class Media:
        css = {"all": ["css/prompts.css"]}
        js = [forms.Script("js/workshop/record.js", type="module")]


class SpokenText(UnfoldAdminTextareaWidget):
    """A text that a voice reads, with a button to hear it (`hear.js`)."""

    template_name = "admin/ivr/spoken_text.html"

    class Media:
        js = [forms.Script("js/workshop/hear.js", type="module")]


class SoundField(forms.FileField):
    """An upload that becomes telephone audio."""

    def __init__(self, **options: Any) -> None:
        widget = SoundInput(attrs={"accept": "audio/*"})
        super().__init__(**{"widget": widget, "help_text": UPLOAD_HELP, **options})

    def clean(self, data: Any, initial: Any = None) -> audio.Sound | None:
        upload = super().clean(data, initial)
        if not upload:
            return None
        try:
            sound = audio.telephone(upload.file)
        except audio.NotUsable as refused:
            raise ValidationError(str(refused)) from refused
        return sound


class AudioForm(forms.ModelForm):
    """A sound of its own, to be chosen in prompts. Its bytes never change; only its name does."""

    upload = SoundField(label=_("Sound file"))

    class Meta:
        model = Audio
        fields = ("name",)
        widgets = {"name": UnfoldAdminTextInputWidget()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["upload"]

    def clean_upload(self) -> audio.Sound:
        sound: audio.Sound = self.cleaned_data["upload"]
        same = Audio.objects.filter(sha256=sound.sha256).first()
        if same:
            raise ValidationError(_("This very sound is here already, as “%(name)s”.") % {"name": same})
        return sound

    def save(self, commit: bool = True) -> Audio:
        if "upload" in self.cleaned_data:
            sound: audio.Sound = self.cleaned_data["upload"]
            self.instance.sha256, self.instance.seconds = sound.sha256, sound.seconds
            self.instance.uploaded_at = now()
            self.instance.file.save(f"prompts/{sound.sha256}.wav", ContentFile(sound.wav), save=False)
        saved: Audio = super().save(commit)
        return saved


class WordingForm(forms.ModelForm):
    language = forms.ChoiceField(choices=language_choices, widget=UnfoldAdminSelectWidget(), label=_("Language"))
    voice = forms.ChoiceField(
        choices=lambda: [("", _("The flow's voice")), *voice_choices()[1:]],
        required=False,
        widget=VoiceSelect(language="language"),
        label=_("Voice"),
    )
    upload = SoundField(required=False, label=_("Upload a sound"))

    class Meta:
        model = Wording
        fields = ("language", "voice", "text", "audio")
        labels = {"text": _("Text"), "audio": _("Or a sound")}
        widgets = {"text": SpokenText(attrs={"rows": 3, "data-count": "voice"})}
        help_texts = {
            "text": _("Read aloud. A few marks are possible, such as &lt;break time='1s'/&gt; for a pause."),
            "audio": _("Played in place of the text."),
        }

    class Media:
        js = [forms.Script("js/text-count.js", type="module")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        voice, text = cleaned.get("voice", ""), cleaned.get("text", "")
        check_voice(self, language="language", voice="voice")
        if text and ssml.is_markup(text):
            faults = ssml.check(text, voices.tags(voice) if voice else ssml.ALL)
            if faults:
                self.add_error("text", [f"{fault.text} Near “{_near(text, fault.position)}”." for fault in faults])
        sound = cleaned.get("audio") or cleaned.get("upload") or "upload" in self.errors
        if not text and not sound and "text" not in self.errors:
            self.add_error("text", _("Write a text, or choose or upload a sound."))
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        # the database's rule "text or sound" is checked above, before an uploaded sound has its row
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # not in the stubs
        return excluded | {"audio"}

    def save(self, commit: bool = True) -> Wording:
        sound = self.cleaned_data.get("upload")
        if sound:
            name = f"{self.instance.prompt} ({self.instance.language})"
            self.instance.audio = sounds.keep(sound, name=name, at=now())
        saved: Wording = super().save(commit)
        return saved


class MeasuredVoices(UnfoldAdminSelectWidget):
    """A choice of voices; each carries how much it takes at once, which `text-count.js` shows."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        if value:
            option["attrs"] |= {"data-limit": voices.limit(value), "data-maker": value.split(".")[0]}
        return option


class InPlaceForm(WordingForm):
    """A prompt in one language, beside the step that says it. Left empty, a language that has nothing yet stays so.

    `forget`: the wording goes, as it was not there before what is undone.
    """

    forget = forms.BooleanField(required=False, widget=forms.HiddenInput())

    def __init__(self, data: Any, files: Any, *, instance: Wording, language: str) -> None:
        super().__init__(data, files, instance=instance, prefix=language)
        self.spoken = language
        self.empty_permitted = self.instance.pk is None
        self.use_required_attribute = False
        del self.fields["language"]
        self.instance.language = language
        voice = self.fields["voice"]
        assert isinstance(voice, forms.ChoiceField)
        voice.choices = [("", _("The flow's voice")), *((one, voice_name(one)) for one in voices.voices(language))]
        voice.widget = MeasuredVoices(choices=voice.choices)
        self.fields["text"].widget.attrs["lang"] = language
        named = {"language": voices.LANGUAGES.get(language, language)}
        self.fields["upload"].widget.attrs["aria-label"] = _("Sound file in %(language)s") % named
        sound = self.fields["audio"]
        assert isinstance(sound, forms.ModelChoiceField)
        sound.widget.attrs["class"] = "cc-input"
        sound.empty_label = _("No sound: the text is read")

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["language"] = self.spoken
        if self.cleaned_data.get("forget") and self.instance.pk:
            return self.cleaned_data
        return super().clean()

    def save(self, commit: bool = True) -> Wording:
        if self.cleaned_data.get("forget") and self.instance.pk:
            Wording.objects.filter(pk=self.instance.pk).delete()
            return self.instance
        return super().save(commit)

    def was(self) -> dict[str, str]:
        """Give what has to be sent to bring back what the form began with."""
        if self.instance.pk is None:
            return {self.add_prefix("forget"): "1"}
        values = {name: self.initial.get(name) for name in ("text", "voice", "audio")}
        return {self.add_prefix(name): str(value or "") for name, value in values.items()}


def _near(text: str, position: int) -> str:
    start, end = max(position - CONTEXT, 0), position + CONTEXT
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
