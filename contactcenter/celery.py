"""The Celery application. Workers import this; web processes only send through it."""

import os
from typing import Any

from celery import Celery
from celery import Task as Plain
from celery.signals import beat_init
from django.db import DatabaseError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")

TRIES = 5


class Task(Plain):  # type: ignore[type-arg]  # cannot be subscripted at run time
    """A task that is done again where its work was undone for the sake of another, as in a deadlock.

    Every task may be done again anyway: one whose worker dies comes back from the broker.
    """

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        for tries_left in reversed(range(TRIES)):
            try:
                return super().__call__(*args, **kwargs)
            except DatabaseError as error:
                state = getattr(error.__cause__, "sqlstate", None) or ""
                if not (state.startswith("40") and tries_left):
                    raise
        raise AssertionError("the last try returns or raises")


app = Celery("contactcenter", task_cls=Task)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@beat_init.connect
def begin(**_: Any) -> None:
    """Read which numbers are ours as the clock starts, not first when the next hour strikes."""
    app.send_task("telephony.tasks.synchronize_numbers")
