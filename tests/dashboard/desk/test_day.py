"""Times of a day."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from agents.models import PresenceChange
from dashboard.desk.day import Stretch, day, rows
from dashboard.desk.viewer import Viewer
from queues.models import Entry, Handling
from tests.agents.factories import ready_agent
from tests.calls.factories import make_call
from tests.queues.factories import make_queue

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)


def at(hours):
    return MIDNIGHT + timedelta(hours=hours)


def test_stretches_of_a_state_are_added_from_midnight_until_now():
    told = rows(
        [
            Stretch("ready", at(-2), at(1)),
            Stretch("talking", at(1), at(2)),
            Stretch("ready", at(2), at(3)),
            Stretch("wrap-up", at(3), None),
            Stretch("offline", at(-5), at(-2)),
        ],
        since=MIDNIGHT,
        now=at(3.5),
    )

    assert [(row.word.text, row.length) for row in told] == [
        ("Ready", timedelta(hours=2)),
        ("On a call", timedelta(hours=1)),
        ("Wrapping up", timedelta(minutes=30)),
    ]


def test_a_day_without_anything_has_a_row_all_the_same():
    assert [row.length for row in rows([], since=MIDNIGHT, now=at(1))] == [timedelta()]


@pytest.mark.django_db
def test_calls_of_today_are_counted_and_averaged():
    now = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
    ann = ready_agent("Ann", at=now)
    PresenceChange.objects.create(agent=ann, standing="ready", chosen="ready", cause="test", at=now)
    queue = make_queue("Support")
    for days, seconds in ((0, 60), (0, 120), (1, 600)):
        began = now - timedelta(days=days, minutes=30)
        entry = Entry.objects.create(queue=queue, call=make_call(), joined_at=began, aged_from=began, state="answered")
        Handling.objects.create(
            entry=entry, agent=ann, began_at=began, ended_at=began + timedelta(seconds=seconds), done_at=now
        )

    told = day(Viewer(ann, ann.user, now))

    assert told.handled == 2
    assert told.mean == timedelta(seconds=90)
    assert told.missed == 0
