"""The lists of prompts and sounds, and the voices that their forms offer."""

import pytest
from django.urls import reverse

from agents import roles
from ivr.models import Audio, Prompt, Wording
from tests.ivr import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    client.force_login(rows.person(roles.FLOW_EDITOR))
    return client


def listed(client, name="prompt", **query):
    return client.get(reverse(f"admin:ivr_{name}_changelist"), query).content.decode()


def sound(seconds=75.4):
    return Audio.objects.create(sha256="ab" * 32, name="Chime", seconds=seconds, uploaded_at=rows.AT)


def test_a_prompt_is_listed_with_its_words_and_languages(editor):
    prompt = rows.prompt("Greeting", "Good morning.")
    Wording.objects.create(prompt=prompt, language="es-US", text="Buenos días.")

    page = listed(editor)

    assert "Good morning." in page
    assert "en-US, es-US" in page


def test_a_long_text_is_cut_in_the_list_and_a_sound_is_told_by_its_name(editor):
    rows.prompt("Long", "word " * 60)
    Wording.objects.create(prompt=Prompt.objects.create(name="Tune"), language="en-US", audio=sound())

    page = listed(editor)

    assert f"{'word ' * 60}"[:119] + "…" in page
    assert "word " * 60 not in page
    assert "♪ Chime" in page


def test_prompts_are_found_by_what_is_said_in_them(editor):
    rows.prompt("One", "Good morning.")
    rows.prompt("Two", "Good night.")

    page = listed(editor, q="night")

    assert "Good night." in page
    assert "Good morning." not in page


@pytest.mark.parametrize(("seconds", "shown"), [(0.4, "0:00"), (9.6, "0:10"), (75.4, "1:15")])
def test_the_length_of_a_sound_is_told_in_minutes_and_seconds(editor, seconds, shown):
    sound(seconds)

    assert f">{shown}<" in listed(editor, "audio").replace(" ", "").replace("\n", "")


def test_a_form_gets_the_voices_of_each_language_and_how_much_they_take(editor):
    voices = editor.get(reverse("admin:ivr_voices")).json()

    assert ["Polly.Joanna-Neural", "Joanna (Amazon, neural)", 3000] in voices["en-US"]
    assert all(voice != "Polly.Joanna-Neural" for voice, _name, _limit in voices["es-US"])


def test_voices_are_told_only_to_those_who_are_logged_in(client):
    assert client.get(reverse("admin:ivr_voices")).status_code == 302
