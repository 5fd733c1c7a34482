"""A flow with most kinds of ways, the world around it, and scenarios on it."""

from datetime import UTC, datetime, time
from typing import Any

from ivr.document import Document
from ivr.hours.opening import Interval, Week
from ivr.scenarios.checking import Script
from ivr.scenarios.expected import Expected
from ivr.trial.conditions import Conditions, Input
from ivr.trial.world import QueueOf, World
from tests.ivr.factories import END, URLS, make_document, make_step, option

AT = datetime(2026, 3, 3, 10, tzinfo=UTC)  # a Tuesday


def urls(_turn: int, _loop: int):
    return URLS


def office() -> dict[str, dict[str, Any]]:
    """Hours, a menu, a queue, a mailbox, and somebody who is rung."""
    return {
        "hours": make_step("hours", schedule="1", exits={"open": "menu", "closed": "mail", "holiday": "mail"}),
        "menu": make_step(
            "menu",
            prompts={"greeting": "Welcome"},
            options=[option("Sales", "1", "sales"), option("Boss", "2")],
            exits={"Sales": "line", "Boss": "ring", "no_input": "bye", "wrong_input": "bye"},
        ),
        "line": make_step(
            "queue",
            queue="7",
            exits={"answered": "bye", "timed_out": "mail", "full": "mail", "unstaffed": "mail"},
            wait=[{"kind": "music", "prompt": "", "seconds": 0}],
            settings={"longest": 120},
        ),
        "ring": make_step(
            "ring",
            settings={"targets": ["+15005550100"]},
            exits={"answered": "bye", "busy": "mail", "nobody": "mail", "failed": "mail"},
        ),
        "mail": make_step(
            "voicemail", mailbox="9", prompts={"greeting": "Leave word"}, exits={"recorded": "bye", "empty": "bye"}
        ),
        "bye": make_step("hang_up", prompts={"goodbye": "Goodbye"}),
    }


def world(steps: dict[str, dict[str, Any]] | None = None, **more: Any) -> World:
    around = {
        "weeks": {"1": Week("UTC", tuple(Interval(day, time(9), time(17)) for day in range(5)), ())},
        "schedules": {"1": "Office"},
        "queues": {"7": QueueOf("Sales team")},
        "mailboxes": {"9": "Front desk"},
    }
    return World(make_document(steps or office()), **(around | more))


def document(steps: dict[str, dict[str, Any]] | None = None) -> Document:
    return make_document(steps or office())


def script(
    *inputs: Input, expected: Expected | None = None, names: dict[str, str] | None = None, **more: Any
) -> Script:
    conditions = Conditions(**({"at": AT, "caller": "+12015550123"} | more))
    return Script(1, "A call", conditions, inputs, expected or Expected(), names or {})


__all__ = ["AT", "END", "document", "office", "script", "urls", "world"]
