"""Asking Twilio about recorders: what each kind of answer makes of the row."""

from typing import Any

import pytest

from recordings import steering
from recordings.models import Recorder, Recording
from telephony import client
from tests.calls.factories import AT
from tests.recordings.actions.test_recorders import make_recorder

pytestmark = pytest.mark.django_db


@pytest.fixture
def twilio(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let Twilio answer with what is set, or raise it; the calls are kept."""

    class Twilio:
        answer: Any = client.Recording(sid="RE1", status="in-progress", source="StartCallRecordingAPI")
        asked: list[tuple[Any, ...]] = []

        def __call__(self, *args: Any, **_parts: Any) -> Any:
            self.asked.append(args)
            if isinstance(self.answer, Exception):
                raise self.answer
            return self.answer

    found = Twilio()
    found.asked = []
    monkeypatch.setattr("telephony.recorders.start", found)
    monkeypatch.setattr("telephony.recorders.change", found)
    monkeypatch.setattr("telephony.recorders.list_of_call", lambda *args: [found(*args)])
    return found


def state(recorder: Recorder) -> str:
    recorder.refresh_from_db()
    return recorder.state


def test_a_start_is_asked_for_once(twilio: Any) -> None:
    recorder = make_recorder()

    steering.begin(recorder.pk)
    steering.begin(recorder.pk)

    assert len(twilio.asked) == 1
    assert state(recorder) == "running"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (client.Refused(16110, 400, "no"), "failed"),
        (client.Unreachable("lost", maybe_done=True), "asked"),
        (client.Unreachable("429", maybe_done=False), "wanted"),
    ],
)
def test_what_an_answer_that_is_none_makes_of_a_start(twilio: Any, answer: Exception, expected: str) -> None:
    recorder = make_recorder()
    twilio.answer = answer

    steering.begin(recorder.pk)

    assert state(recorder) == expected


def test_a_pause_counts_when_twilio_confirms_it(twilio: Any) -> None:
    recording = Recording.objects.create(sid="RE1", announced_at=AT)
    recorder = make_recorder(state="running", wants="paused", recording=recording)
    twilio.answer = client.Unreachable("lost", maybe_done=True)
    steering.change(recorder.pk)
    assert state(recorder) == "running"

    Recorder.objects.update(steered_at=None)
    twilio.answer = client.Recording(sid="RE1", status="paused")
    steering.change(recorder.pk)

    assert state(recorder) == "paused"
    assert twilio.asked[-1][1:] == ("RE1", "paused")


def test_a_look_adopts_what_an_unclear_start_has_left(twilio: Any) -> None:
    recorder = make_recorder(state="asked")

    steering.look(recorder.pk)

    assert state(recorder) == "running"


def test_a_call_that_twilio_does_not_know_has_no_recorder(twilio: Any) -> None:
    recording = Recording.objects.create(sid="RE1", announced_at=AT)
    recorder = make_recorder(state="running", recording=recording)
    twilio.answer = client.Refused(20404, 404, "unknown")

    steering.look(recorder.pk)

    assert state(recorder) == "stopped"
