from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from recordings.models import Recording
from recordings.states import State
from tests.recordings.factories import make_recording, make_stored, make_user

pytestmark = pytest.mark.django_db


def shown(recording: Recording, user: Any) -> str:
    request = RequestFactory().get("/")
    request.user = user
    template = Template("{% load recordings %}{% player recording %}")
    return template.render(Context({"request": request, "recording": recording}))


def test_the_player_is_shown_to_those_who_may_hear() -> None:
    recording = make_stored()

    assert f'src="/recordings/{recording.pk}/audio"' in shown(recording, make_user("ann", "recordings.listen"))
    assert "You may not hear" in shown(recording, make_user("bob"))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.ANNOUNCED, "Still being recorded"),
        (State.READY, "to be fetched"),
        (State.VERIFIED, "not yet in our storage"),
        (State.ABSENT, "There is no sound"),
        (State.DELETED, "The sound was deleted"),
    ],
)
def test_where_there_is_no_sound_the_reason_is_told(state: State, words: str) -> None:
    page = shown(make_recording(state=state), make_user("ann", "recordings.listen"))

    assert words in page
    assert "<audio" not in page


def test_what_has_failed_is_told_with_its_reason() -> None:
    page = shown(make_recording(state=State.READY, failure="no audio"), make_user("ann", "recordings.listen"))

    assert "Could not be fetched yet: no audio" in page
    assert "cc-error" in page
