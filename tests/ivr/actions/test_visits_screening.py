"""Who picks up is asked whether they take the call."""

from uuid import uuid4

import pytest

from ivr import actions
from ivr.kinds.base import Dialed, Keys
from tests.ivr.actions.callers import ANN, begun, request, ringing
from tests.ivr.rows import AT
from tests.scenarios.desk import story

pytestmark = pytest.mark.django_db


def test_who_picks_up_is_asked_and_accepts_by_1() -> None:
    caller, visit = begun(ringing())
    leg = request("CAleg", to_number=ANN)

    asked = actions.screen(visit.pk, 1, leg, None, at=AT)
    accepted = actions.screen(visit.pk, 1, leg, Keys("1"), at=AT)
    actions.advance(visit.pk, 1, caller, Dialed("completed"), at=AT)  # Twilio did not say whether they were bridged

    assert "Press 1." in asked
    assert accepted.endswith("<Response></Response>")
    visit.refresh_from_db()
    assert visit.screened == {"turn": 1, "leg": "CAleg"}
    assert "left by answered" in story(visit.call)


@pytest.mark.parametrize("heard", [Keys("2"), Keys("11")])
def test_another_key_refuses(heard: Keys) -> None:
    caller, visit = begun(ringing())

    assert "<Hangup/>" in actions.screen(visit.pk, 1, request("CAleg"), heard, at=AT)
    actions.advance(visit.pk, 1, caller, Dialed("completed"), at=AT)

    assert "left by nobody" in story(visit.call)


def test_who_accepts_too_late_is_hung_up_on() -> None:
    caller, visit = begun(ringing())
    actions.advance(visit.pk, 1, caller, Dialed("no-answer", bridged=False), at=AT)

    assert "<Hangup/>" in actions.screen(visit.pk, 1, request("CAleg"), Keys("1"), at=AT)
    assert "<Hangup/>" in actions.screen(uuid4(), 1, request("CAleg"), Keys("1"), at=AT)
    visit.refresh_from_db()
    assert visit.screened == {}


def test_who_accepts_after_the_caller_has_hung_up_is_hung_up_on() -> None:
    _caller, visit = begun(ringing())
    actions.end_visit(visit.call, at=AT)

    assert "<Hangup/>" in actions.screen(visit.pk, 1, request("CAleg"), Keys("1"), at=AT)
