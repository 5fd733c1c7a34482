"""What all tasks have in common."""

import pytest
from celery.signals import beat_init
from django.db import DatabaseError, connection

from contactcenter.celery import TRIES, app

pytestmark = pytest.mark.django_db(transaction=True)


def failing(how: str, times: int) -> tuple[object, list[int]]:
    """A task that the database fails so many times, and what it counts its tries in."""
    tries: list[int] = []

    @app.task(name=f"tests.{how}{times}")
    def work(number: int) -> int:
        tries.append(number)
        with connection.cursor() as cursor:
            if len(tries) <= times:
                cursor.execute(f"DO $$ BEGIN RAISE {how}; END $$")
        return number

    return work, tries


@pytest.mark.parametrize("how", ["deadlock_detected", "serialization_failure"])
def test_work_that_was_undone_for_another_is_done_again(how: str) -> None:
    work, tries = failing(how, 2)

    assert work.delay(7).result == 7  # type: ignore[attr-defined]  # what the decorator gives has no type
    assert work(8) == 8  # type: ignore[operator]
    assert tries == [7, 7, 7, 8]


def test_work_that_is_undone_again_and_again_fails() -> None:
    work, tries = failing("deadlock_detected", 99)

    with pytest.raises(DatabaseError):
        work(7)  # type: ignore[operator]
    assert len(tries) == TRIES


def test_work_that_the_database_refuses_is_not_repeated() -> None:
    work, tries = failing("division_by_zero", 99)

    with pytest.raises(DatabaseError):
        work(7)  # type: ignore[operator]
    assert tries == [7]


def test_the_clock_begins_by_reading_our_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr(app, "send_task", sent.append)

    beat_init.send(sender=None)

    assert sent == ["telephony.tasks.synchronize_numbers"]
    assert sent[0] in app.tasks
