import pytest

from conferences import entrance
from telephony.twiml import render
from tests.telephony.schema import violations


@pytest.mark.parametrize("host", [True, False])
def test_who_enters_a_room_hears_music_until_a_host_is_there_and_goes_on_afterwards(host: bool) -> None:
    addresses = {
        "music": "https://example.com/hold",
        "news": "https://example.com/news",
        "onward": "https://example.com/2",
    }

    document = render(entrance.verbs("ab", "cd", host=host, most=9, **addresses))

    assert violations(document) == []
    assert 'action="https://example.com/2"' in document
    assert f'startConferenceOnEnter="{"true" if host else "false"}"' in document
    assert 'maxParticipants="9"' in document
