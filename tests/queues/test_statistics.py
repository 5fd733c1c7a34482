"""Figures of a queue's day."""

from datetime import timedelta

import pytest

from queues.states import EntryState
from queues.statistics import Day, today
from tests.calls.factories import AT
from tests.queues.factories import make_entry, make_queue
from tests.queues.rows import ask, line

pytestmark = pytest.mark.django_db


def came(queue, state, *, waited, after=0, answered=False):
    moment = AT + timedelta(seconds=after + waited)
    answered_at = moment if answered or state == EntryState.ANSWERED else None
    return make_entry(queue, after=after, state=state, answered_at=answered_at, ended_at=moment)


def test_the_service_level_counts_answers_in_time_among_answers_and_those_who_gave_up_late():
    queue = make_queue(answer_within=20, short_abandon=5, answer_share=80)
    came(queue, EntryState.ANSWERED, waited=20)
    came(queue, EntryState.ANSWERED, waited=21)
    came(queue, EntryState.ABANDONED, waited=5)
    came(queue, EntryState.ABANDONED, waited=4)
    came(queue, EntryState.TIMED_OUT, waited=300)
    came(queue, EntryState.LEFT, waited=60)
    came(queue, EntryState.ABANDONED, waited=9, answered=True)  # came back from an agent, and hung up
    make_entry(queue)
    came(queue, EntryState.ANSWERED, waited=1, after=-3600)  # of the day before

    day = today([queue.pk], since=AT)[queue.pk]

    assert day == Day(
        offered=8,
        answered=3,
        answered_in_time=2,
        abandoned=2,
        abandoned_short=1,
        timed_out=1,
        left=1,
        longest_wait=timedelta(seconds=300),
        answer_within=20,
        answer_share=80,
        short_abandon=5,
    )
    assert day.service_level == 2 / 4
    assert day.shown_level == 50


def test_before_anybody_came_there_is_no_service_level():
    queue = make_queue()

    day = today(None, since=AT)[queue.pk]

    assert (day.offered, day.longest_wait, day.service_level, day.shown_level) == (0, timedelta(0), None, None)


def test_callbacks_are_not_counted():
    queue = line()
    ask(queue)

    assert today([queue.pk], since=AT)[queue.pk].offered == 0


def test_all_queues_take_one_query(django_assert_num_queries):
    for _ in range(3):
        came(make_queue(), EntryState.ANSWERED, waited=1)

    with django_assert_num_queries(1):
        assert len(today(None, since=AT)) == 3
