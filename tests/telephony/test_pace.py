import threading
import time

import pytest
from django.db import connection

from telephony import pace


@pytest.mark.django_db
def test_the_first_call_may_start_at_once_and_the_next_ones_in_turn():
    waits = [pace.book_call(per_second=2) for _ in range(4)]

    assert waits[0] == pytest.approx(0, abs=0.05)
    assert waits[1:] == pytest.approx([0.5, 1.0, 1.5], abs=0.1)


@pytest.mark.django_db(transaction=True)
def test_after_a_pause_calls_do_not_make_up_for_lost_time():
    pace.book_call(per_second=20)
    time.sleep(0.2)

    waits = [pace.book_call(per_second=20) for _ in range(2)]

    assert waits == pytest.approx([0, 0.05], abs=0.02)


@pytest.mark.django_db(transaction=True)
def test_two_that_book_at_once_get_two_moments():
    def book():
        waits.append(pace.book_call(per_second=1))
        connection.close()

    waits: list[float] = []
    threads = [threading.Thread(target=book) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(waits) == pytest.approx([0, 1, 2, 3, 4], abs=0.3)


@pytest.mark.django_db(transaction=True)
def test_no_more_than_so_many_are_in_their_places_at_once():
    def work():
        nonlocal most
        with pace.place(2):
            inside.add(threading.get_ident())
            most = max(most, len(inside))
            time.sleep(0.05)
            inside.discard(threading.get_ident())
        connection.close()

    inside: set[int] = set()
    most = 0
    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == 2


@pytest.mark.django_db(transaction=True)
def test_a_place_is_free_again_after_a_failure():
    with pytest.raises(ValueError), pace.place(1):
        raise ValueError

    with pace.place(1):
        pass


@pytest.mark.django_db(transaction=True)
def test_the_place_of_one_that_died_is_free():
    dying = connection.copy()
    with dying.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, 0)", [pace.PLACES])
    dying.close()

    with pace.place(1):
        pass
