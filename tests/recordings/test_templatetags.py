from typing import Any

import pytest
from django import forms
from django.template import RequestContext, Template
from django.test import RequestFactory

from recordings.models import Recording
from recordings.states import State
from recordings.templatetags.recordings import clock, options, unsure
from tests.recordings.factories import EVERYWHERE, make_recording, make_stored, make_user
from tests.recordings.listening import conversation, sensitive_queue

pytestmark = pytest.mark.django_db


def shown(recording: Recording, user: Any) -> str:
    request = RequestFactory().get("/")
    request.user = user
    template = Template("{% load recordings %}{% player recording %}")
    return template.render(RequestContext(request, {"recording": recording}))


def test_the_player_is_shown_to_those_who_may_hear() -> None:
    recording = make_stored()

    assert f'src="/recordings/{recording.pk}/audio"' in shown(recording, make_user("ann", *EVERYWHERE))
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
    page = shown(make_recording(state=state), make_user("ann", *EVERYWHERE))

    assert words in page
    assert "<audio" not in page


def test_what_has_failed_is_told_with_its_reason() -> None:
    page = shown(make_recording(state=State.READY, failure="no audio"), make_user("ann", *EVERYWHERE))

    assert "Could not be fetched yet: no audio" in page
    assert "cc-error" in page


def test_a_sensitive_recording_shows_a_form_that_leads_back_to_the_page() -> None:
    page = shown(conversation(sensitive_queue()), make_user("ann", *EVERYWHERE))

    assert "<audio" not in page
    assert 'name="next" value="/"' in page
    assert "csrfmiddlewaretoken" in page


def test_a_conversation_that_is_not_redacted_yet_says_so() -> None:
    page = shown(conversation(transcribes=True), make_user("ann", *EVERYWHERE))

    assert "<audio" not in page
    assert "once it is known what must be hidden" in page


@pytest.mark.parametrize(("seconds", "written"), [(None, ""), (0, "0:00"), (75.9, "1:15"), (3700, "1:01:40")])
def test_a_moment_is_written_as_a_clock_does(seconds: float | None, written: str) -> None:
    assert clock(seconds) == written


@pytest.mark.parametrize(("confidence", "is_unsure"), [(None, False), (0.95, False), (0.6, False), (0.59, True)])
def test_what_a_provider_was_not_sure_of_is_marked(confidence: float | None, is_unsure: bool) -> None:
    assert unsure(confidence) is is_unsure


def test_options_are_written_with_what_is_chosen_and_nothing_of_a_name_is_markup() -> None:
    class Form(forms.Form):
        kind = forms.ChoiceField(choices=[("", "any"), ("1", "<b>"), ("2", "two")])

    assert options(Form({"kind": "1"})["kind"]) == (
        '<option value="">any</option><option value="1" selected>&lt;b&gt;</option><option value="2">two</option>'
    )
    assert '<option value="" selected>' in options(Form()["kind"])
