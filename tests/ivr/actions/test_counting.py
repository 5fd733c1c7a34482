"""Callers are counted by step and exit; read by `ivr/figures.py`."""

from datetime import timedelta

import pytest

from calls.models import Call, CallEvent, EventKind
from ivr import figures
from ivr.actions import counting
from ivr.actions.visits import CALLER_HUNG_UP
from ivr.models import StepCount, Visit
from tests.ivr import rows

pytestmark = pytest.mark.django_db
AT = rows.AT


def call(version, *events, step="", ending="", at=AT, **more):
    made = Call.objects.create(sid=f"CA{Call.objects.count()}", started_at=at, heard_at=at)
    CallEvent.objects.bulk_create(CallEvent(call=made, at=at, kind=kind, data=data) for kind, data in events)
    Visit.objects.create(
        call=made,
        version=version,
        position={"flow": "1", "step": step},
        answer="",
        began_at=at,
        ended_at=at if ending else None,
        ending=ending,
        **more,
    )
    return made


def left(step, exit_):
    return EventKind.LEFT, {"step": step, "exit": exit_}


@pytest.fixture
def version():
    return rows.publish(rows.simple_flow()).published


def test_callers_are_counted_by_the_exits_that_they_took(version):
    call(version, left("1", "next"), left("2", "Sales"), ending="completed")
    call(version, left("1", "next"), ending="completed")

    counting.count_days(at=AT)

    taken, gave_up = figures.of_last_days(["1", "2"], at=AT)
    assert taken == {("1", "next"): 2, ("2", "Sales"): 1}
    assert gave_up == {}


def test_counting_again_changes_nothing(version):
    call(version, left("1", "next"))

    counting.count_days(at=AT)
    counting.count_days(at=AT)

    assert StepCount.objects.get().callers == 1


def test_whoever_hangs_up_in_a_step_has_given_up_there(version):
    call(version, left("1", "next"), step="2", ending=CALLER_HUNG_UP)

    counting.count_days(at=AT)

    assert figures.of_last_days(["1", "2"], at=AT)[1] == {"2": 1}


def test_whoever_was_served_has_not_given_up(version):
    call(version, (EventKind.JOINED, {"who": "Ann"}), step="2", ending=CALLER_HUNG_UP)
    call(version, (EventKind.VOICEMAIL, {}), step="2", ending=CALLER_HUNG_UP)
    rung = call(version, step="2", ending=CALLER_HUNG_UP)
    Call.objects.create(sid="CAleg", parent=rung, started_at=AT, heard_at=AT, answered_at=AT)

    counting.count_days(at=AT)

    assert figures.of_last_days(["2"], at=AT)[1] == {}


def test_only_the_last_days_are_told_and_old_ones_are_forgotten(version):
    call(version, left("1", "next"), at=AT - timedelta(days=6))
    call(version, left("1", "next"), at=AT - timedelta(days=9))
    StepCount.objects.create(day=(AT - timedelta(days=9)).date(), step="1", exit="next", callers=5)
    StepCount.objects.create(day=(AT - timedelta(days=500)).date(), step="1", exit="next", callers=5)

    counting.count_days(at=AT)

    assert figures.of_last_days(["1"], at=AT)[0] == {("1", "next"): 1}
    assert StepCount.objects.count() == 2


def test_callers_there_now_are_told_by_step(version):
    call(version, step="2")
    call(version, step="2")
    call(version, step="3", ending="completed")

    assert figures.inside(version.flow) == {"2": 2}
