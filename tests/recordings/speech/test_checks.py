import pytest

from recordings.speech import checks

SOUND = {
    "TRANSCRIPTION_PROVIDER": "",
    "TRANSCRIPTION_MODEL_DIR": "",
    "TRANSCRIPTION_API_URL": "",
    "TRANSCRIPTION_API_KEY": "",
    "TRANSCRIPTION_MODEL": "",
    "TRANSCRIPTION_WEBHOOK_SECRET": "",
    "TRANSCRIPTION_TIMEOUT": 300.0,
    "TRANSCRIPTION_PRICE_PER_MINUTE": "",
}
DEEPGRAM = {"TRANSCRIPTION_PROVIDER": "deepgram", "TRANSCRIPTION_API_KEY": "k3y"}
OPENAI = {"TRANSCRIPTION_PROVIDER": "openai", "TRANSCRIPTION_API_KEY": "k3y"}
WHISPER = {"TRANSCRIPTION_PROVIDER": "faster-whisper"}


@pytest.fixture
def found(settings):
    """Give the ids of what is found in sound settings with some changes."""

    def look(**changes):
        for name, value in (SOUND | changes).items():
            setattr(settings, name, value)
        messages = checks.transcription()
        assert all(message.hint for message in messages)
        return {message.id for message in messages}

    return look


@pytest.fixture
def nothing_installed(monkeypatch):
    monkeypatch.setattr(checks.embedded, "PACKAGE", "a_package_that_nobody_has")
    monkeypatch.setattr(checks.faster_whisper, "PACKAGE", "a_package_that_nobody_has")


@pytest.mark.parametrize(
    ("changes", "ids"),
    [
        ({}, set()),
        (DEEPGRAM, set()),
        (DEEPGRAM | {"TRANSCRIPTION_API_URL": "https://speech.example.com"}, set()),
        (OPENAI, set()),
        ({"TRANSCRIPTION_PROVIDER": "openai", "TRANSCRIPTION_API_URL": "http://127.0.0.1:8000/v1"}, set()),
        ({"TRANSCRIPTION_PROVIDER": "whisper"}, {"recordings.E001"}),
        ({"TRANSCRIPTION_PROVIDER": "deepgram"}, {"recordings.E002"}),
        ({"TRANSCRIPTION_PROVIDER": "openai"}, {"recordings.E002"}),
        (OPENAI | {"TRANSCRIPTION_API_KEY": "a key\n"}, {"recordings.E002"}),
        (WHISPER, {"recordings.E002", "recordings.W004"}),
        (WHISPER | {"TRANSCRIPTION_MODEL_DIR": "/nowhere"}, {"recordings.W004", "recordings.E005"}),
        ({"TRANSCRIPTION_PROVIDER": "embedded"}, {"recordings.W003"}),
        ({"TRANSCRIPTION_PRICE_PER_MINUTE": "cheap"}, {"recordings.E006"}),
        ({"TRANSCRIPTION_TIMEOUT": 0.0}, {"recordings.E007"}),
        ({"TRANSCRIPTION_WEBHOOK_SECRET": "secret"}, {"recordings.E008"}),
        ({"TRANSCRIPTION_WEBHOOK_SECRET": "s" * 32}, set()),
        (OPENAI | {"TRANSCRIPTION_API_URL": "speech.example.com"}, {"recordings.E009"}),
        (OPENAI | {"TRANSCRIPTION_API_URL": "http://speech.example.com/v1"}, {"recordings.W010"}),
    ],
)
def test_each_mistake_has_its_number(nothing_installed, found, changes, ids):
    assert found(**changes) == ids


def test_a_folder_with_a_model_is_not_complained_about(nothing_installed, found, tmp_path):
    (tmp_path / "model.bin").write_bytes(b"weights")

    assert found(**WHISPER, TRANSCRIPTION_MODEL_DIR=str(tmp_path)) == {"recordings.W004"}
