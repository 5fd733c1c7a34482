"""Prompts: texts and sounds, and what is wrong with them."""

import io

import pytest
from django.core.files.base import File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agents import roles
from ivr.models import Audio, Prompt, Wording
from tests.ivr import rows
from tests.ivr.prompts.test_audio import tone

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    client.force_login(rows.person(roles.FLOW_EDITOR))
    return client


def wordings(*given):
    fields = {"wordings-TOTAL_FORMS": str(len(given)), "wordings-INITIAL_FORMS": "0"}
    for index, row in enumerate(given):
        fields |= {f"wordings-{index}-{name}": value for name, value in row.items()}
    return fields


def save(editor, *given, name="Greeting"):
    return editor.post(reverse("admin:ivr_prompt_add"), {"name": name} | wordings(*given))


def upload(name="tune.wav", content=None):
    return SimpleUploadedFile(name, tone(seconds=1).getvalue() if content is None else content)


def test_a_prompt_is_saved_in_each_language(editor):
    save(
        editor,
        {"language": "en-US", "text": "Hello."},
        {"language": "es-US", "text": "Hola.", "voice": "Polly.Lupe-Neural"},
    )

    assert set(Wording.objects.values_list("language", "text", "voice")) == {
        ("en-US", "Hello.", ""),
        ("es-US", "Hola.", "Polly.Lupe-Neural"),
    }


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"language": "en-US", "text": ""}, "Write a text, or choose or upload a sound."),
        ({"language": "en-US", "text": "Wait <brake/> now."}, "The tag &lt;brake&gt; is not possible"),
        ({"language": "en-US", "text": "Now <break time='2h'/>."}, "cannot be “2h”"),
        ({"language": "en-US", "text": "<p>Hello."}, "Near “"),
        (
            {"language": "en-US", "text": "<emphasis>Hi</emphasis>", "voice": "Polly.Joanna-Neural"},
            "This voice does not know the tag &lt;emphasis&gt;",
        ),
        ({"language": "en-US", "text": "Hola.", "voice": "Polly.Lupe-Neural"}, "does not speak English"),
        ({"language": "xx-XX", "text": "Hello."}, "Select a valid choice"),
    ],
    ids=["empty", "unknown tag", "wrong value", "not closed", "voice cannot", "wrong voice", "unknown language"],
)
def test_what_cannot_be_said_is_refused_with_words(editor, row, words):
    page = save(editor, row).content.decode()

    assert words in page
    assert not Prompt.objects.exists()


def test_a_language_has_one_wording(editor):
    page = save(
        editor, {"language": "en-US", "text": "Hello."}, {"language": "en-US", "text": "Good day."}
    ).content.decode()

    assert "Please correct the duplicate" in page


def test_an_uploaded_sound_is_turned_into_telephone_audio_and_served(editor):
    save(editor, {"language": "en-US", "text": "", "upload": upload()})

    audio = Wording.objects.get().audio
    served = editor.get(reverse("prompt", args=[audio.sha256]))
    assert audio.name == "Greeting (en-US)"
    assert audio.seconds == pytest.approx(1, abs=0.1)
    assert b"".join(served.streaming_content)[:4] == b"RIFF"


def test_the_same_sound_is_kept_once(editor):
    save(editor, {"language": "en-US", "upload": upload()}, {"language": "es-US", "upload": upload()})

    assert Audio.objects.count() == 1
    assert Wording.objects.filter(audio=Audio.objects.get()).count() == 2


def test_an_upload_that_is_no_sound_is_refused_with_words(editor):
    page = save(editor, {"language": "en-US", "text": "", "upload": upload("notes.txt", b"hello")}).content.decode()

    assert "could not be read as sound" in page
    assert not Audio.objects.exists()


def test_a_sound_may_be_uploaded_by_itself_and_renamed_later(editor):
    editor.post(reverse("admin:ivr_audio_add"), {"name": "Tune", "upload": upload()})
    audio = Audio.objects.get()
    page = editor.get(reverse("admin:ivr_audio_change", args=[audio.pk])).content.decode()
    editor.post(reverse("admin:ivr_audio_change", args=[audio.pk]), {"name": "Old tune"})

    after = Audio.objects.get()
    assert f'src="{reverse("prompt", args=[audio.sha256])}"' in page
    assert (after.name, after.sha256, after.file.name) == ("Old tune", audio.sha256, audio.file.name)


def test_the_same_sound_is_not_uploaded_twice_under_two_names(editor):
    editor.post(reverse("admin:ivr_audio_add"), {"name": "Tune", "upload": upload()})

    page = editor.post(reverse("admin:ivr_audio_add"), {"name": "Again", "upload": upload()}).content.decode()

    assert "is here already, as “Tune”" in page
    assert Audio.objects.count() == 1


def test_the_stored_file_has_the_hash_of_the_row(editor):
    editor.post(reverse("admin:ivr_audio_add"), {"name": "Tune", "upload": upload()})

    audio = Audio.objects.get()
    with audio.file.open("rb") as stored:
        assert isinstance(stored, File | io.IOBase)
        assert rows.sha256(stored.read()) == audio.sha256
