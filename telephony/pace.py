"""How many requests to Twilio at once, and how many new calls a second: counted over all processes, by PostgreSQL."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

# The first key of our advisory locks; the second is the place. Any number that nobody else takes.
PLACES = 0x7E1E
WAIT_SECONDS = 20.0
POLL_SECONDS = 0.1


class Crowded(Exception):
    """No place became free in time."""


@contextmanager
def place(places: int) -> Iterator[None]:
    """Hold one of so many places while a request is under way.

    The places are advisory locks of the session: those of a process that dies are free at once.
    """
    taken = _take(places)
    try:
        yield
    finally:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [PLACES, taken])
        except DatabaseError:
            connection.close()  # which frees it as well


def _take(places: int) -> int:
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        for number in random.sample(range(places), places):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [PLACES, number])
                if cursor.fetchone() == (True,):
                    return number
        if time.monotonic() > deadline:
            raise Crowded
        time.sleep(POLL_SECONDS * random.uniform(0.5, 1))  # noqa: S311


def book_call(*, per_second: float) -> float:
    """Book the next free moment to start a call, and give the seconds until then.

    One statement, so that two processes can never get the same moment; nothing is held while waiting for it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO telephony_pace AS pace (name, free_at)
            VALUES ('calls', clock_timestamp() + %(interval)s * interval '1 second')
            ON CONFLICT (name) DO UPDATE
            SET free_at = greatest(pace.free_at, clock_timestamp()) + %(interval)s * interval '1 second'
            RETURNING extract(epoch FROM free_at - clock_timestamp())::float8 - %(interval)s
            """,
            {"interval": 1 / per_second},
        )
        (seconds,) = cursor.fetchone()
    return max(0.0, float(seconds))
