"""Lines and callbacks for tests, each with defaults that make sense."""

from datetime import datetime
from itertools import count
from typing import Any

from calls.models import Call
from queues.actions import callbacks
from queues.models import Callback, Entry, Queue
from tests.calls.factories import AT

NUMBER = "+14155550123"  # it is seven in the morning there at AT
_numbers = count(1)


def line(**fields: Any) -> Queue:
    """A queue whose callbacks are made at any hour, so that tests of other things need not look at the clock."""
    anytime = {"callback_from": "00:00", "callback_until": "00:00"}
    given = {"name": f"Line {next(_numbers)}", "caller_id": "+15005550199"} | anytime | fields
    made = Queue.objects.create(**given)
    made.refresh_from_db()
    return made


def ask(
    queue: Queue,
    *,
    number: str = NUMBER,
    call: Call | None = None,
    aged_from: datetime | None = None,
    priority: int = 0,
    at: datetime = AT,
) -> Callback:
    return callbacks.ask(
        queue.pk,
        number,
        call_id=call.pk if call else None,
        language="en-US",
        aged_from=aged_from or at,
        priority=priority,
        at=at,
    )


def place(callback: Callback) -> Entry:
    return callback.entries.get(state__in=("waiting", "offered", "talking"))
