from collections.abc import Callable
from typing import Any

import pytest

from recordings import checks

SOUND = {
    "DEBUG": False,
    "RECORDINGS_KEYS": "2026:" + "A" * 43 + "=",
    "RECORDINGS_KMS_KEY": "",
    "RECORDINGS_BUCKET": "",
    "RECORDING_FETCHES": 10,
    "TRANSCRIPTIONS_AT_ONCE": 1,
    "TRANSCRIPTION_PROVIDER": "",
}


@pytest.fixture
def found(settings: Any) -> Callable[..., set[str]]:
    """Give the ids of what is found in sound settings with some changes."""

    def look(**changes: Any) -> set[str]:
        for name, value in (SOUND | changes).items():
            setattr(settings, name, value)
        messages = [*checks.keeping(), *checks.room()]
        assert all(message.hint for message in messages)
        return {str(message.id) for message in messages}

    return look


@pytest.mark.parametrize(
    ("changes", "ids"),
    [
        ({}, set()),
        ({"RECORDINGS_KEYS": "2026:short"}, {"recordings.E011"}),
        ({"RECORDINGS_KMS_KEY": "key"}, {"recordings.E012"}),
        ({"RECORDINGS_KEYS": ""}, {"recordings.W013"}),
        ({"RECORDINGS_KEYS": "", "DEBUG": True}, set()),
        ({"RECORDINGS_KEYS": "", "RECORDINGS_BUCKET": "desk"}, {"recordings.W013"}),
        ({"RECORDINGS_KEYS": "", "RECORDINGS_BUCKET": "desk", "RECORDINGS_KMS_KEY": "key"}, set()),
        (
            {
                "RECORDINGS_KEYS": "",
                "RECORDINGS_BUCKET": "desk",
                "RECORDINGS_KMS_KEY": "key",
                "TRANSCRIPTION_PROVIDER": "echo",
            },
            {"recordings.W014"},
        ),
        ({"RECORDING_FETCHES": 0}, {"recordings.E015"}),
        ({"TRANSCRIPTIONS_AT_ONCE": 0}, {"recordings.E015"}),
    ],
)
def test_what_lies_in_the_open_or_is_never_fetched_is_found(
    found: Callable[..., set[str]], changes: dict[str, Any], ids: set[str]
) -> None:
    assert found(**changes) == ids


def test_a_key_that_cannot_be_read_is_told_without_a_part_of_it(settings: Any) -> None:
    settings.RECORDINGS_KEYS = "2026:c2VjcmV0"

    (message,) = checks.keeping()

    assert "the key 2026 has 6 bytes, not 32" in message.msg
    assert "c2VjcmV0" not in str(message)
