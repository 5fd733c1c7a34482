from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from calls import tasks
from telephony import client
from tests.calls.factories import make_call
from tests.scripted import Scripted, twilio

pytestmark = pytest.mark.django_db


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    monkeypatch.setattr(client, "PAUSES", (0.0,))  # nobody waits for a second try here
    with twilio() as script:
        yield script


def test_a_call_whose_end_was_never_told_is_corrected(script: Scripted) -> None:
    call = make_call(heard_at=timezone.now() - timedelta(minutes=10))
    script.answer(
        f"/Calls/{call.sid}.json",
        200,
        {"sid": call.sid, "status": "completed", "duration": "42", "end_time": "Mon, 02 Mar 2026 15:00:50 +0000"},
    )

    tasks.sweep()

    call.refresh_from_db()
    assert (call.status, call.seconds, call.ended_at) == ("completed", 42, datetime(2026, 3, 2, 15, 0, 50, tzinfo=UTC))
    assert [event.kind for event in call.events.all()] == ["corrected"]
    assert len(script.requests) == 1


def test_a_call_that_lives_is_left_alone(script: Scripted) -> None:
    call = make_call()
    script.answer(f"/Calls/{call.sid}.json", 200, {"sid": call.sid, "status": "in-progress"})

    tasks.sweep()
    tasks.sweep()

    call.refresh_from_db()
    assert call.status == "in-progress"
    assert timezone.now() - call.heard_at < timedelta(minutes=1)
    assert len(script.requests) == 1


def test_without_twilio_all_stays_as_it_is(script: Scripted) -> None:
    call = make_call()

    tasks.sweep()

    before = call.heard_at
    call.refresh_from_db()
    assert (call.status, call.heard_at) == ("in-progress", before)
    assert not call.events.exists()
    assert len(script.requests) == 2


def test_a_refusal_other_than_not_found_changes_nothing(script: Scripted) -> None:
    call = make_call()
    script.answer(".json", 401, {"code": 20003, "message": "Authenticate", "status": 401})

    tasks.sweep()

    call.refresh_from_db()
    assert call.status == "in-progress"


def test_a_call_that_twilio_does_not_know_is_closed(script: Scripted) -> None:
    call = make_call()
    script.refuse(f"/Calls/{call.sid}.json")

    tasks.sweep()

    call.refresh_from_db()
    assert call.status == "failed"
