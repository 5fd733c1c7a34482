import base64

import pytest

from ivr.models import Audio
from tests.agents.factories import user
from tests.crm.asking import Asking
from tests.ivr.sounds import tone

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Asking:
    return Asking("flows:read", "flows:write", owner=user("Flow editor"))


def body(sound, **more) -> dict[str, str]:
    return {"name": "Chime", "content": base64.b64encode(sound.wav).decode()} | more


def test_a_sound_goes_out_and_comes_back_byte_for_byte(editor):
    sound = tone()

    made = editor.post("/sounds", body(sound, sha256=sound.sha256))
    fetched = editor.get(f"/sounds/{sound.sha256}/content").json()["content"]

    assert (made.status_code, made.json()["sha256"], made.json()["name"]) == (201, sound.sha256, "Chime")
    assert base64.b64decode(fetched) == sound.wav
    assert made.json()["url"].endswith(f"/prompts/{sound.sha256}")
    assert editor.get("/sounds", {"name": "Chime"}).json()["items"][0]["sha256"] == sound.sha256


def test_any_other_sound_is_made_into_telephone_audio(editor):
    sound = tone(rate=44_100, seconds=1, channels=2)

    made = editor.post("/sounds", body(sound)).json()

    assert made["sha256"] != sound.sha256
    assert made["seconds"] == pytest.approx(1, abs=0.1)


def test_the_same_bytes_are_kept_once_under_their_first_name(editor):
    sound = tone()
    editor.post("/sounds", body(sound, sha256=sound.sha256))

    again = editor.post("/sounds", body(sound, sha256=sound.sha256, name="Bell")).json()

    assert again["name"] == "Chime"
    assert Audio.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"content": "§"}, "content"),
        ({"content": base64.b64encode(b"RIFF").decode()}, "content"),
        ({"sha256": "0" * 64}, "sha256"),
        ({"sha256": "0" * 64, "content": base64.b64encode(tone(rate=16_000).wav).decode()}, "content"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_no_such_sound_is_told_by_its_field(editor, wrong, field):
    answer = editor.post("/sounds", body(tone()) | wrong)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
    assert not Audio.objects.exists()


def test_hearing_takes_the_scope_of_flows_and_bringing_the_one_that_writes():
    sound = tone()
    reader, auditor = user("Flow editor"), user("Auditor")

    assert Asking("flows:read", owner=reader).post("/sounds", body(sound)).status_code == 403
    assert Asking("flows:read", "flows:write", owner=auditor).post("/sounds", body(sound)).status_code == 403
    assert Asking("calls:read", owner=reader).get("/sounds").status_code == 403
    assert Asking("flows:read", owner=auditor).get("/sounds").status_code == 200
