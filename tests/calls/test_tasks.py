from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from calls import tasks
from calls.models import Call
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


def unwanted(**fields: object) -> Call:
    """A call whose end somebody has asked for."""
    return make_call(unwanted_at=timezone.now(), **fields)


def test_twilio_is_told_to_end_a_call_and_its_end_is_what_twilio_says(script: Scripted) -> None:
    call = unwanted()
    script.answer(f"POST /Calls/{call.sid}.json", 200, {"sid": call.sid, "status": "in-progress"})

    tasks.end(str(call.pk))

    call.refresh_from_db()
    assert script.asked == [("POST", f"/2010-04-01/Accounts/{settings.TWILIO_ACCOUNT_SID}/Calls/{call.sid}.json")]
    assert call.status == "in-progress"


def test_a_call_that_was_over_already_is_read_once_more(script: Scripted) -> None:
    call = unwanted()
    script.answer(f"POST /Calls/{call.sid}.json", 400, {"code": client.NOT_IN_PROGRESS, "message": "", "status": 400})
    script.answer(f"/Calls/{call.sid}.json", 200, {"sid": call.sid, "status": "completed", "duration": "42"})

    tasks.end(str(call.pk))

    call.refresh_from_db()
    assert call.status == "completed"


def test_an_end_that_could_not_be_asked_for_is_asked_for_again_by_the_sweep(script: Scripted) -> None:
    call = unwanted(heard_at=timezone.now())
    tasks.end(str(call.pk))
    script.asked.clear()
    script.answer(f"POST /Calls/{call.sid}.json", 200, {"sid": call.sid, "status": "completed"})

    tasks.sweep()

    assert [method for method, _path in script.asked] == ["POST"]


def test_nothing_is_asked_for_a_call_that_is_over_or_wanted(script: Scripted) -> None:
    tasks.end(str(unwanted(status="completed").pk))
    tasks.end(str(make_call().pk))

    assert script.asked == []
