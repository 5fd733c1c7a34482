"""A prompt edited in place."""

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agents import roles
from ivr.models import Audio, FlowLanguage, Prompt, Wording
from tests.ivr import rows
from tests.ivr.prompts.test_audio import tone
from tests.ivr.prompts.test_saying import bilingual

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def editor(client):
    client.force_login(rows.person(roles.FLOW_EDITOR))
    return client


def address(prompt, **query):
    text = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{reverse('admin:ivr_prompt_edit', args=[prompt.pk])}?{text}"


def test_a_prompt_is_shown_in_every_language_of_the_flows_that_say_it(editor):
    bilingual()

    page = editor.get(address(Prompt.objects.get()), **HTMX).content.decode()

    assert page.lstrip().startswith('<section class="cc-prompt-edit"')
    assert "Hello.</textarea>" in page
    assert 'name="es-US-text"' in page
    assert "missing" in page


def test_it_is_a_page_of_its_own_without_htmx(editor):
    rows.simple_flow()

    page = editor.get(address(Prompt.objects.get())).content.decode()

    assert "<!DOCTYPE html>" in page
    assert "js/workshop/record.js" in page


def test_it_says_which_other_flows_say_it(editor):
    here = rows.simple_flow("Main")
    there = rows.flow("Evening")
    rows.says(rows.step(there, "Bye"), "goodbye", rows.prompt())

    page = editor.get(address(Prompt.objects.get(), flow=here.pk), **HTMX).content.decode()

    assert reverse("admin:ivr_flow_change", args=[there.pk]) in page
    assert reverse("admin:ivr_flow_change", args=[here.pk]) not in page


def test_texts_are_saved_and_the_page_around_is_told(editor):
    bilingual()
    prompt = Prompt.objects.get()

    answer = editor.post(address(prompt), {"en-US-text": "Good day.", "es-US-text": "Buenas."}, **HTMX)

    assert dict(Wording.objects.values_list("language", "text")) == {"en-US": "Good day.", "es-US": "Buenas."}
    told = json.loads(answer["HX-Trigger"])
    assert told["prompt-saved"]["prompt"] == str(prompt.pk)
    assert "Buenas." in told["prompt-saved"]["words"]
    assert f"prompt-saved-{prompt.pk}" in told
    assert "Saved" in answer.content.decode()
    assert "en-US, es-US" in LogEntry.objects.get().change_message


def test_a_language_that_is_left_empty_stays_missing(editor):
    bilingual()

    editor.post(address(Prompt.objects.get()), {"en-US-text": "Good day.", "es-US-text": ""}, **HTMX)

    assert dict(Wording.objects.values_list("language", "text")) == {"en-US": "Good day."}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"en-US-text": ""}, "Write a text, or choose or upload a sound."),
        ({"en-US-text": "<brake/>"}, "The tag &lt;brake&gt; is not possible"),
        ({"en-US-text": "Hi", "es-US-text": "Hola", "es-US-voice": "Polly.Joanna-Neural"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_saved(editor, typed, words):
    bilingual()

    answer = editor.post(address(Prompt.objects.get()), typed, **HTMX)

    assert words in answer.content.decode()
    assert "HX-Trigger" not in answer
    assert dict(Wording.objects.values_list("language", "text")) == {"en-US": "Hello."}


def test_a_recording_is_sent_as_an_upload_and_played_from_then_on(editor):
    rows.simple_flow()
    recording = SimpleUploadedFile("recording.webm", tone(seconds=1).getvalue(), "audio/webm")

    answer = editor.post(address(Prompt.objects.get()), {"en-US-text": "Hello.", "en-US-upload": recording}, **HTMX)

    sound = Audio.objects.get()
    assert Wording.objects.get().audio == sound
    assert sound.name == "Hello (en-US)"
    assert reverse("prompt", args=[sound.sha256]) in answer.content.decode()


def test_a_sound_is_taken_away_again(editor):
    rows.simple_flow()
    sound = Audio.objects.create(sha256="ab" * 32, name="Tune", seconds=1, uploaded_at=rows.AT)
    Wording.objects.update(audio=sound)

    editor.post(address(Prompt.objects.get()), {"en-US-text": "Hello.", "en-US-audio": ""}, **HTMX)

    assert Wording.objects.get().audio is None


def test_a_prompt_that_nobody_says_yet_is_edited_in_what_it_has(editor):
    FlowLanguage.objects.all().delete()
    prompt = rows.prompt()

    page = editor.get(address(prompt), **HTMX).content.decode()

    assert "Hello.</textarea>" in page


def undo_of(answer):
    """Give what the button "Undo" sends."""
    return {name: str(value) for name, value in answer.context["undo"]} | {
        "undone": "1",
        "seen": answer.context["seen"],
    }


def test_what_was_saved_is_undone_also_a_language_that_was_new(editor):
    bilingual()
    prompt = Prompt.objects.get()
    saved = editor.post(address(prompt), {"en-US-text": "Good day.", "es-US-text": "Buenas."}, **HTMX)

    undone = editor.post(address(prompt), undo_of(saved), **HTMX)

    assert dict(Wording.objects.values_list("language", "text")) == {"en-US": "Hello."}
    assert "Undone" in undone.content.decode()


def test_undoing_brings_back_a_sound(editor):
    rows.simple_flow()
    sound = Audio.objects.create(sha256="ab" * 32, name="Tune", seconds=1, uploaded_at=rows.AT)
    Wording.objects.update(audio=sound)
    prompt = Prompt.objects.get()
    saved = editor.post(address(prompt), {"en-US-text": "Hello.", "en-US-audio": ""}, **HTMX)

    editor.post(address(prompt), undo_of(saved), **HTMX)

    assert Wording.objects.get().audio == sound


def test_what_somebody_else_saved_meanwhile_is_told_before_it_is_overwritten(editor):
    rows.simple_flow()
    prompt = Prompt.objects.get()
    seen = editor.get(address(prompt), **HTMX).context["seen"]
    Wording.objects.update(text="Theirs.")

    first = editor.post(address(prompt), {"en-US-text": "Mine.", "seen": seen}, **HTMX)
    between = Wording.objects.get().text
    second = editor.post(address(prompt), {"en-US-text": "Mine.", "seen": first.context["seen"]}, **HTMX)

    assert "somebody has changed this prompt" in first.content.decode()
    assert "Theirs." in first.content.decode()
    assert "Mine.</textarea>" in first.content.decode()
    assert between == "Theirs."
    assert "HX-Trigger" in second
    assert Wording.objects.get().text == "Mine."


def test_who_may_only_look_may_not_edit(client):
    client.force_login(rows.person(roles.SUPERVISOR))

    assert client.get(address(rows.prompt()), **HTMX).status_code == 403


def test_more_flows_cost_no_more_queries(editor, django_assert_max_num_queries):
    for number in range(10):
        bilingual(f"Flow {number}")

    with django_assert_max_num_queries(22):
        editor.get(address(Prompt.objects.get()), **HTMX)
