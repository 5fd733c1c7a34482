import math
import threading
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from telephony import pace
from telephony.models import Pace
from tests.at_once import at_once
from tests.patience import PATIENCE

APART = 1000.0  # seconds between two calls: so far that a slow machine makes no difference


@pytest.fixture
def own_places(monkeypatch):
    """Places that nobody else can hold: a test that has failed before may still hold one of the real ones."""
    monkeypatch.setattr(pace, "PLACES", pace.PLACES + 1)


def book() -> float:
    return pace.book_call(per_second=1 / APART)


def free_at() -> datetime:
    return Pace.objects.get(name="calls").free_at


@pytest.mark.django_db
def test_the_first_call_may_start_at_once_and_the_next_ones_in_turn():
    first, free = book(), free_at()
    second, third = book(), book()

    assert first == 0
    assert APART - PATIENCE < second <= APART
    assert 2 * APART - PATIENCE < third <= 2 * APART
    assert free_at() - free == timedelta(seconds=2 * APART)


@pytest.mark.django_db
def test_after_a_pause_calls_do_not_make_up_for_lost_time():
    book()
    Pace.objects.update(free_at=timezone.now() - timedelta(hours=1))

    first, second = book(), book()

    assert first == 0
    assert APART - PATIENCE < second <= APART


@pytest.mark.django_db(transaction=True)
def test_those_who_book_at_once_get_one_moment_each():
    waits = at_once(*[book] * 5)

    assert [math.ceil(wait / APART) for wait in sorted(waits)] == [0, 1, 2, 3, 4]


@pytest.mark.django_db(transaction=True)
def test_no_more_than_so_many_are_in_their_places_at_once(own_places):
    inside: set[int] = set()
    most: list[int] = []
    both = Barrier(2, timeout=PATIENCE)  # whoever has a place waits in it for another

    def work():
        with pace.place(2):
            inside.add(threading.get_ident())
            both.wait()
            most.append(len(inside))
            both.wait()
            inside.discard(threading.get_ident())

    at_once(*[work] * 6)

    assert most == [2] * 6


@pytest.mark.django_db(transaction=True)
def test_a_place_is_free_again_after_a_failure(own_places):
    with pytest.raises(ValueError), pace.place(1):
        raise ValueError

    with pace.place(1):
        pass


@pytest.mark.django_db(transaction=True)
def test_the_place_of_one_that_died_is_free(own_places):
    dying = connection.copy()
    with dying.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, 0)", [pace.PLACES])
    dying.close()

    with pace.place(1):
        pass
