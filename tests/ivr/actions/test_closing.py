"""Closing at once: twice, by two people, over each other; and opening again."""

from datetime import timedelta
from uuid import uuid4

import pytest

from agents import roles
from ivr.actions import closing
from ivr.hours.opening import opening
from ivr.hours.timetables import timetables
from ivr.models import Closure
from tests.ivr import rows as drafts
from tests.ivr.hours import rows
from tests.ivr.hours.rows import AT

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def close(*schedules, key=None, until=AT + HOUR, by=None, at=AT, **more):
    keys = [schedule.pk for schedule in schedules]
    return closing.close(keys, key=key or uuid4(), by=by, reason="Fire", until=until, at=at, **more)


def state(schedule, at):
    return opening(timetables([schedule.pk], since=at)[str(schedule.pk)].week, at).layer


def done(closure):
    return [(event.what, event.by, event.ends_at) for event in closure.events.order_by("pk")]


def test_what_is_closed_is_closed_at_once_and_opens_by_itself():
    schedule, other = rows.office(), rows.office("Other")
    person = drafts.person(roles.SUPERVISOR)

    closure = close(schedule, by=person)

    assert (state(schedule, AT), state(other, AT)) == ("emergency", "weekly")
    assert state(schedule, AT + HOUR) == "weekly"
    assert done(closure) == [("closed", person, AT + HOUR)]


def test_a_form_that_is_sent_twice_closes_once():
    schedule, key = rows.office(), uuid4()

    first = close(schedule, key=key)
    second = close(schedule, key=key, at=AT + timedelta(seconds=2))

    assert first == second
    assert len(done(first)) == Closure.objects.count() == 1


def test_two_people_close_at_once_and_it_is_open_when_both_are_over():
    schedule = rows.office()
    first, second = close(schedule, until=AT + HOUR / 2), close(schedule, until=AT + HOUR)

    assert state(schedule, AT + HOUR * 3 / 4) == "emergency"
    assert closing.open_again(second, by=None, at=AT + HOUR / 4)
    assert state(schedule, AT + HOUR / 3) == "emergency"
    assert closing.open_again(first, by=None, at=AT + HOUR * 2 / 5)
    assert state(schedule, AT + HOUR * 9 / 20) == "weekly"


def test_who_opens_second_is_told_that_it_was_open_already():
    schedule = rows.office()
    first, second = drafts.person(roles.SUPERVISOR), drafts.person(roles.ADMINISTRATOR)
    closure = close(schedule)

    assert closing.open_again(closure, by=first, at=AT + HOUR / 2)
    assert not closing.open_again(closure, by=second, at=AT + HOUR / 2)

    closure.refresh_from_db()
    assert (closure.opened_by, closure.is_over_told) == (first, True)
    assert [what for what, *_ in done(closure)] == ["closed", "opened"]


def test_what_has_opened_by_itself_cannot_be_opened_or_moved():
    closure = close(rows.office())

    assert not closing.open_again(closure, by=None, at=AT + HOUR)
    assert not closing.move(closure, until=AT + 3 * HOUR, by=None, at=AT + HOUR)


def test_the_end_is_moved_and_taken_away():
    schedule = rows.office()
    closure = close(schedule)

    assert closing.move(closure, until=AT + 3 * HOUR, by=None, at=AT + HOUR / 2)
    assert state(schedule, AT + 2 * HOUR) == "emergency"
    assert closing.move(closure, until=None, by=None, at=AT + 2 * HOUR)
    assert state(schedule, AT + 2000 * HOUR) == "emergency"
    assert [(what, end) for what, _by, end in done(closure)] == [
        ("closed", AT + HOUR),
        ("moved", AT + 3 * HOUR),
        ("moved", None),
    ]


@pytest.mark.parametrize("until", [AT, AT - HOUR])
def test_an_end_that_is_over_is_refused(until):
    schedule = rows.office()
    with pytest.raises(closing.NotClosed, match="That moment is over"):
        close(schedule, until=until)
    with pytest.raises(closing.NotClosed, match="That moment is over"):
        closing.move(close(schedule), until=until, by=None, at=AT)


def test_nothing_is_closed_where_nothing_is_chosen():
    with pytest.raises(closing.NotClosed, match="at least one"):
        close()


def test_one_process_tells_of_a_closure_and_another_only_once_that_has_failed():
    closure = close(rows.office(), until=None)

    assert closing.claim_reminder(closure, at=AT + 2 * HOUR)
    assert not closing.claim_reminder(closure, at=AT + 2 * HOUR)
    assert closing.claim_reminder(closure, at=AT + 2 * HOUR + closing.TELLING_LEASE)
    closing.note_reminded(closure, is_over=False, at=AT + 2 * HOUR)
    assert not closing.claim_reminder(closure, at=AT + 3 * HOUR), "it was read before it was told"
    closure.refresh_from_db()
    assert (closure.told_at, closure.telling_at) == (AT + 2 * HOUR, None)


def test_nobody_is_told_of_a_closure_that_was_opened_meanwhile():
    closure = close(rows.office(), until=None)
    stale = Closure.objects.get()
    closing.open_again(closure, by=None, at=AT + HOUR)

    assert not closing.claim_reminder(stale, at=AT + 2 * HOUR)


def test_that_it_ended_by_itself_is_noted_at_its_end():
    closure = close(rows.office())
    closing.note_reminded(closure, is_over=True, at=AT + HOUR + timedelta(seconds=40))

    closure.refresh_from_db()
    assert closure.is_over_told
    last = closure.events.order_by("pk").last()
    assert (last.what, last.at) == ("ended", AT + HOUR)
