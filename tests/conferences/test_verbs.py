"""The verbs for legs of conferences, checked against Twilio's schema."""

from typing import Any

import pytest

from conferences import verbs
from conferences.models import Announcement, Conference, Participant
from telephony.twiml import render
from tests.telephony.schema import violations

ROOM = Conference()


def row(**columns: Any) -> Participant:
    return Participant(conference=ROOM, role="owner", **columns)


@pytest.mark.parametrize(
    ("answer", "parts"),
    [
        (verbs.into(ROOM, row()), [ROOM.name, 'endConferenceOnExit="false"', "<Hangup/>", "/webhooks/conference"]),
        (verbs.into(ROOM, row(onward="https://a.example/on")), ['action="https://a.example/on"']),
        (verbs.into(ROOM, row(silenced=True)), ['muted="true"']),
        (verbs.screening(row(screening="Press 1.")), ["Press 1.", 'numDigits="1"', "<Hangup/>"]),
        (verbs.onward(row(onward="https://a.example/on")), ["<Redirect>https://a.example/on</Redirect>"]),
        (verbs.onward(row()), ["<Hangup/>"]),
        (verbs.alone(), ["/voice/alone"]),
        (verbs.hold(), ["/static/audio/hold.wav", "/voice/hold"]),
        (verbs.moment(), ["One moment please.", "/voice/hold"]),
        (verbs.announcement(Announcement(text="We close.")), ["<Say>We close.</Say>"]),
        (verbs.announcement(Announcement(digits="1w2")), ['<Play digits="1w2"']),
    ],
)
def test_the_document_is_valid_and_holds_what_it_must(answer: Any, parts: list[str]) -> None:
    document = render(answer)

    assert violations(document) == []
    assert [part for part in parts if part not in document] == []


def test_everybody_names_the_same_address_for_news_because_only_the_first_one_counts() -> None:
    documents = [render(verbs.into(ROOM, one)) for one in (row(), row(onward="https://a.example"), row(silenced=True))]

    assert len({document.split('statusCallback="')[1].split('"')[0] for document in documents}) == 1


def test_a_coach_comes_in_muted_and_without_coaching_which_could_fail_the_dial() -> None:
    coached = row()

    document = render(verbs.into(ROOM, row(wants_coaching_id=coached.pk)))

    assert 'muted="true"' in document
    assert "coach=" not in document


def test_an_owner_may_have_music_of_their_own(settings: Any) -> None:
    settings.HOLD_MUSIC_URL = "https://music.example/song.mp3"

    assert "https://music.example/song.mp3" in render(verbs.hold())


def test_static_files_that_nobody_collected_fail_no_call(settings: Any) -> None:
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }

    assert verbs.music() == f"{settings.PUBLIC_BASE_URL}/static/audio/hold.wav"
