"""Steps, and what is known around them, of which the examples are made."""

from dataclasses import fields
from datetime import UTC, datetime, time, timedelta
from typing import Any

from ivr.hours.opening import Interval, Week
from ivr.problems import Knowledge, problems
from tests.ivr.factories import END, make_document, make_step, option

HI = make_step("message", prompts={"message": "hello"}, exits={"next": "bye"})


def menu(**more: Any) -> dict[str, Any]:
    base = {
        "options": [option("Sales", "1", "sales"), option("Support", "2")],
        "prompts": {"greeting": "hello"},
        "exits": {"no_input": "bye", "wrong_input": "bye", "Sales": "bye", "Support": "bye"},
    }
    return make_step("menu", **(base | more))


def ring(**settings: Any) -> dict[str, Any]:
    exits = dict.fromkeys(("answered", "busy", "nobody", "failed"), "bye")
    return make_step("ring", settings={"targets": ["+15005550100"]} | settings, exits=exits)


LINE = make_step(
    "queue",
    queue="7",
    wait=[{"kind": "message", "prompt": "hello", "seconds": 0}],
    exits=dict.fromkeys(("answered", "timed_out", "full", "unstaffed"), "bye"),
)
BACK = make_step(
    "call_back",
    queue="7",
    prompts={role: role for role in ("confirm", "key_in", "stored")},
    exits=dict.fromkeys(("stored", "refused", "failed"), "bye"),
)
ROOM = make_step(
    "conference_room",
    room="4",
    prompts={"pin": "hello"},
    exits=dict.fromkeys(("left", "ended", "wrong_pin", "full"), "bye"),
)


KNOWN = {field.name for field in fields(Knowledge)}


def found(steps: dict[str, Any], **more: Any) -> list[tuple[str, str, str, str]]:
    """Check a document of these steps. What belongs to `Knowledge` is known, all else is the document's."""
    known = Knowledge(**{name: value for name, value in more.items() if name in KNOWN})
    document = make_document(steps, **{name: value for name, value in more.items() if name not in KNOWN})
    return [(row.code, row.severity, row.step, row.text) for row in problems(document, knowledge=known)]


def asking(kind: str, name: str, **more: Any) -> dict[str, Any]:
    """A step with values: a look-up, or who calls."""
    ways = {
        "look_up": ("found", "default"),
        "caller": ("known", "unknown"),
    }[kind]
    base = {"exits": dict.fromkeys(ways, "bye")}
    if kind == "look_up":
        base |= {"source": "3", "prompts": {"message": "hello"}}
    more.setdefault("exits", base["exits"] | {row["exit"]: "bye" for row in more.get("options", ())})
    return {"ask": make_step(kind, **(base | more)), "bye": END}


HOURS = make_step("hours", schedule="1", exits={"open": "line", "closed": "bye", "holiday": "bye"})
PIN = make_step(
    "collect",
    settings={"secret": True, "max_length": 4},
    prompts={"question": "hello"},
    exits=dict.fromkeys(("collected", "no_input", "wrong_input"), "bye"),
)
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)  # at midnight
OFFICE = Week("UTC", tuple(Interval(day, time(9), time(17)) for day in range(5)))
WEEKS = {"1": ("Office", OFFICE)}


def hours_of_a_week(*hours: int, days: range = range(5)) -> frozenset[datetime]:
    return frozenset(MONDAY + timedelta(days=day, hours=hour) for day in days for hour in hours)


def back(number: str = "{number}") -> dict[str, Any]:
    return {"confirm": {"en-US": {"text": number}, "es-US": {"text": number}}}


WAITED = {
    "line": LINE | {"options": [option("Back", "1")], "exits": {**LINE["exits"], "Back": "back"}},
    "back": BACK,
    "bye": END,
}
OTHER = make_document({"again": make_step("go_to", to_flow="1")}, flow=2)
LONG = make_document(
    {str(number): HI | {"exits": {"next": str(number + 1)}} for number in range(99)} | {"99": END}, flow=2
)
CIRCLE = make_document(
    {
        "menu": menu(exits={"no_input": "go", "wrong_input": "menu", "Sales": "menu", "Support": "go"}),
        "go": make_step("go_to", to_flow="1"),
    },
    flow=2,
)


Case = tuple[dict[str, Any], dict[str, Any], tuple[str, str, str, str]]
