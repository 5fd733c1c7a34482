"""Fields made from settings, and choices of voices."""

import pytest
from django import forms

from ivr.forms import fields
from ivr.kinds import KINDS
from ivr.kinds.settings import Setting
from ivr.prompts import voices


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_the_field_of_a_setting_accepts_its_default_and_gives_it_back(kind):
    for setting in kind.settings().values():
        field = fields.setting_field(setting)

        cleaned = field.clean(field.prepare_value(setting.default))

        assert setting.read(cleaned) == setting.default


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        (Setting(int, 5, "Seconds", minimum=1, maximum=60), "61"),
        (Setting(int, 5, "Seconds", minimum=1, maximum=60), "0"),
        (Setting(int, 5, "Seconds", minimum=1, maximum=60), "five"),
        (Setting(float, 0.5, "Confidence", minimum=0, maximum=1), "1.1"),
        (Setting(str, "a", "Order", choices=(("a", "A"),)), "b"),
        (Setting(str, "", "Name", pattern="[a-z]+"), "a b"),
    ],
    ids=["above", "below", "no number", "confidence", "no choice", "pattern"],
)
def test_the_field_of_a_setting_refuses_what_the_setting_refuses(setting, value):
    with pytest.raises(forms.ValidationError):
        fields.setting_field(setting).clean(value)


def test_lines_are_trimmed_and_empty_ones_left_out():
    field = fields.LinesField(required=False)

    assert field.clean(" a \r\n\r\nb\n") == ["a", "b"]
    assert field.prepare_value(["a", "b"]) == "a\nb"


@pytest.mark.parametrize(
    ("voice", "name"),
    [
        ("Polly.Joanna-Neural", "Joanna (Amazon, neural)"),
        ("Polly.Joanna", "Joanna (Amazon, standard)"),
        ("Google.en-GB-Neural2-A", "A (Google, Neural2)"),
        ("woman", "Plain woman"),
    ],
)
def test_voices_are_written_for_people(voice, name):
    assert fields.voice_name(voice) == name


def test_a_voice_is_chosen_without_the_page_holding_them_all():
    field = forms.ChoiceField(choices=fields.voice_choices, widget=fields.VoiceSelect(language="language"))

    page = field.widget.render("voice", "Polly.Joanna-Neural")

    assert page.count("<option") == 2
    assert '<option value="Polly.Joanna-Neural" selected>' in page
    assert field.clean("Google.en-GB-Neural2-A") == "Google.en-GB-Neural2-A"


def test_every_language_offers_its_voices_with_what_they_take_at_once():
    offered = fields.voices_by_language()

    assert offered.keys() == voices.LANGUAGES.keys()
    assert offered["en-US"][0] == ("Polly.Joanna-Neural", "Joanna (Amazon, neural)", 3000)


def test_a_voice_that_does_not_speak_the_language_is_refused():
    class Voiced(forms.Form):
        language, voice = forms.CharField(), forms.CharField()

        def clean(self):
            fields.check_voice(self, language="language", voice="voice")

    assert Voiced({"language": "en-US", "voice": "Polly.Joanna-Neural"}).is_valid()
    assert Voiced({"language": "es-US", "voice": "Polly.Joanna-Neural"}).errors == {
        "voice": ["Joanna (Amazon, neural) does not speak Spanish (United States)."]
    }
