"""Queues whose callers nobody would take: no members, a skill that nobody has, nobody at a desk while it is open. Pure.

No shifts are kept anywhere: who was at a desk in the last weeks is all that can be known of who will be.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from ivr.document import Document
from ivr.hours.opening import opening
from ivr.kinds.base import Problem
from ivr.kinds.hours import Hours
from ivr.kinds.queue import Queue
from ivr.problems.knowledge import Knowledge, KnownQueue
from ivr.problems.ways import exits, reached_from, reached_in

HOUR = timedelta(hours=1)
WEEKS = 4  # looked back at
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_STRETCHES = 4  # told in a sentence

#: a weekday and an hour of it
Slot = tuple[int, int]


def found(document: Document, knowledge: Knowledge) -> Iterator[Problem]:
    """Look at each queue that callers wait in."""
    gates = _gates(document) if knowledge.queues else {}
    for step in document.steps.values():
        queue = knowledge.queues.get(step.reference) if isinstance(step, Queue) else None
        if queue is None or not isinstance(step, Queue):
            continue
        where = f"Step “{step.name}”"
        if not queue.members:
            yield step.warning("nobody_takes", f"{where}: nobody is a member of the queue “{queue.name}”.")
            continue
        for skill, level in queue.lacking:
            text = f"{where}: no member of the queue “{queue.name}” has the skill “{skill}” at level {level}."
            yield step.warning("skill_nobody_holds", text)
        yield from _hours(step, queue, gates.get(step.id, frozenset()), knowledge)


def watched(document: Document) -> set[str]:
    """Give the ids of queues of which it matters when somebody is at a desk: nobody is told apart on arrival."""
    gates = _gates(document)
    return {
        step.reference
        for step in document.steps.values()
        if isinstance(step, Queue) and step.reference and (step.unstaffed == "never" or gates.get(step.id))
    }


def _hours(step: Queue, queue: KnownQueue, gates: frozenset[str], knowledge: Knowledge) -> Iterator[Problem]:
    if queue.present is None or knowledge.at is None:
        return
    if not gates and step.unstaffed != "never":
        return  # whoever comes when nobody is there goes on by “Nobody staffed”
    if not queue.present:
        text = f"Step “{step.name}”: no member of the queue “{queue.name}” was at a desk in the last {WEEKS} weeks."
        yield step.warning("nobody_at_desk", text)
        return
    weeks = [knowledge.weeks[key] for key in sorted(gates) if key in knowledge.weeks]
    if len(weeks) < len(gates):
        return  # hours that are gone are told elsewhere
    zone = ZoneInfo(weeks[0][1].time_zone if weeks else knowledge.time_zone)
    soon = [knowledge.at.replace(minute=30, second=0, microsecond=0) + HOUR * hour for hour in range(7 * 24)]
    is_open = {_slot(at, zone) for at in soon if all(opening(week, at).state == "open" for _name, week in weeks)}
    alone = is_open - _present(queue.present, zone)
    if alone:
        hours = " and ".join(f"“{name}”" for name, _week in weeks)
        when = f"by {hours}" if weeks else "at any hour: no opening hours lead to it"
        text = (
            f"Step “{step.name}”: callers come to the queue “{queue.name}” {when}, but in the last {WEEKS} weeks no"
            f" member was at a desk on {stretches(alone)} ({zone.key})."
        )
        yield step.warning("nobody_at_desk", text)


def _gates(document: Document) -> Mapping[str, frozenset[str]]:
    """Give for each step that is reached the opening hours that must be open for somebody to come to it."""
    reached = reached_in(document)
    found: dict[str, set[str]] = {id_: set() for id_ in reached}
    for schedule in {one.reference for one in document.steps.values() if isinstance(one, Hours) and one.reference}:
        otherwise = reached_from(_unless_open(document, schedule), [document.first]) if document.first else {}
        for id_ in reached.keys() - otherwise.keys():
            found[id_].add(schedule)
    return {id_: frozenset(schedules) for id_, schedules in found.items()}


def _unless_open(document: Document, schedule: str) -> Mapping[str, list[str]]:
    return {
        one.id: [target for name, target in one.exits.items() if name != "open"]
        if isinstance(one, Hours) and one.reference == schedule
        else [target for target, _by_caller in exits(document, one)]
        for one in document.steps.values()
    }


def _slot(at: datetime, zone: ZoneInfo) -> Slot:
    local = at.astimezone(zone)
    return local.weekday(), local.hour


def _present(hours: Collection[datetime], zone: ZoneInfo) -> set[Slot]:
    """Where a zone differs by half an hour, an hour of the world reaches into two of its own."""
    minutes = (timedelta(0), timedelta(minutes=59))
    return {_slot(hour.astimezone(UTC) + minute, zone) for hour in hours for minute in minutes}


def stretches(slots: Iterable[Slot]) -> str:
    """Tell slots in words, days with the same hours together: "Monday to Friday 18:00 to 20:00"."""
    by_day: dict[int, list[str]] = {}
    for day, row in groupby(sorted(slots), key=lambda slot: slot[0]):
        hours = [hour for _day, hour in row]
        by_day[day] = [f"{one[0]:02d}:00 to {(one[-1] + 1):02d}:00" for one in _runs(hours)]
    told: dict[tuple[str, ...], list[int]] = {}
    for day, texts in by_day.items():
        told.setdefault(tuple(texts), []).append(day)
    words = [
        f"{_days(days)} {' and '.join(texts)}" if texts != ("00:00 to 24:00",) else f"{_days(days)} all day"
        for texts, days in told.items()
    ]
    more = len(words) - MOST_STRETCHES
    return "; ".join([*words[:MOST_STRETCHES], *([f"and {more} more stretches"] if more > 0 else [])])


def _days(days: list[int]) -> str:
    runs = list(_runs(days))
    return ", ".join(DAYS[run[0]] if len(run) == 1 else f"{DAYS[run[0]]} to {DAYS[run[-1]]}" for run in runs)


def _runs(numbers: list[int]) -> Iterator[list[int]]:
    """Give the stretches in which each number follows the one before it."""
    for _key, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        yield [number for _place, number in run]
