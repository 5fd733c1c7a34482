"""An agent's day out of the record of presence."""

from datetime import timedelta

from agents.day import Stretch, Total, stretches, totals
from agents.models import PresenceChange
from tests.agents.factories import AT

HOUR = timedelta(hours=1)


def change(standing, begin, until=None, *, chosen="ready", reason=""):
    return PresenceChange(
        standing=standing,
        chosen=chosen,
        reason=reason,
        at=AT + begin * HOUR,
        until=None if until is None else AT + until * HOUR,
    )


def test_what_reaches_over_the_ends_of_the_day_is_cut():
    before, within, goes_on = change("offline", -5, 1), change("ready", 1, 3), change("talking", 3)

    day = stretches([before, within, goes_on], begin=AT, end=AT + 4 * HOUR)

    assert day == [
        Stretch(before, AT, AT + HOUR),
        Stretch(within, AT + HOUR, AT + 3 * HOUR),
        Stretch(goes_on, AT + 3 * HOUR, AT + 4 * HOUR),
    ]
    assert [stretch.goes_on for stretch in day] == [False, False, True]


def test_stretches_without_length_and_of_other_days_are_left_out():
    changes = [change("ready", -3, -1), change("ringing", 1, 1), change("talking", 9, 10)]

    assert stretches(changes, begin=AT, end=AT + 4 * HOUR) == []


def test_times_add_up_by_standing_and_pauses_by_their_reason():
    changes = [
        change("ready", 0, 1),
        change("not-ready", 1, 2, chosen="not-ready", reason="Lunch"),
        change("talking", 2, 5, chosen="not-ready", reason="Break"),
        change("ready", 5, 6),
    ]

    assert totals(stretches(changes, begin=AT, end=AT + 24 * HOUR)) == [
        Total("talking", "", 3 * HOUR),
        Total("ready", "", 2 * HOUR),
        Total("not-ready", "Lunch", HOUR),
    ]
