"""An erasure that is asked for, confirmed and goes on, and where a number still stands."""

from datetime import timedelta

from django.apps import apps
from django.db import connection

from retention import tasks
from retention.actions import erasures
from retention.models import Erasure
from retention.states import ErasureState
from retention.things import Thing
from retention.traces import pattern
from tests.agents.factories import user
from tests.retention.people import ANN


def asked(clock, number: str = ANN) -> Erasure:
    """Ask for an erasure and let it be looked at."""
    erasure = erasures.ask(number, reason="File 12", by=user(), address=None, at=clock(timedelta(0)))
    tasks.sweep()
    erasure.refresh_from_db()
    return erasure


def confirmed(clock, number: str = ANN) -> Erasure:
    erasure = asked(clock, number)
    erasures.confirm(erasure, typed=number, by=user(), address=None, at=clock(timedelta(0)))
    return erasure


def goes_on(erasure: Erasure, clock, *, days: float = 0.5, each: timedelta = timedelta(minutes=30)) -> Erasure:
    """Let so much time pass, with the sweep of each minute, or what of it can have an effect."""
    for _ in range(int(timedelta(days=days) / each)):
        tasks.sweep()
        erasure.refresh_from_db()
        if erasure.state == ErasureState.DONE:
            break
        clock(each)
    return erasure


def texts_with(number: str) -> set[str]:
    """Name all columns of the database in which the number stands, in any spelling."""
    found = set()
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            for field in model._meta.concrete_fields:
                cursor.execute(
                    f'SELECT count(*) FROM {model._meta.db_table} WHERE "{field.column}"::text ~ %s', [pattern(number)]
                )
                if cursor.fetchone()[0]:
                    found.add(f"{model._meta.label}.{field.name}")
    return found


def states(erasure: Erasure, kind: Thing) -> list[str]:
    return sorted(erasure.items.filter(kind=kind).values_list("state", flat=True))
