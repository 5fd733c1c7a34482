"""When to open again: the moments that are offered to whoever closes at once, and when they are reminded. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from ivr.hours.opening import DAY, Week, first_shown, next_change, opening

Choice: TypeAlias = Literal["hour", "two_hours", "today", "next", "at", "open_ended"]
#: a reminder comes so long before a closure ends, if it lasts longer than that anyway
BEFORE = timedelta(minutes=15)
SHORT = timedelta(minutes=30)
#: and while it lasts, each so many hours: more often where nothing else would end it
WHILE_OPEN_ENDED, WHILE_IT_LASTS = timedelta(hours=2), timedelta(hours=4)
MOST_DAYS = 14

What: TypeAlias = Literal["", "ends_soon", "lasts", "ended"]


def moments(weeks: Iterable[Week], at: datetime) -> dict[Choice, datetime]:
    """Give the moments at which places that are closed at `at` may open again; "next" only where hours say one."""
    weeks = list(weeks)
    found: dict[Choice, datetime] = {"hour": at + timedelta(hours=1), "two_hours": at + timedelta(hours=2)}
    if not weeks:
        return found
    found["today"] = max(_tomorrow(week, at) for week in weeks)
    # before its own hours each place is closed by its week anyway, so the first of them counts
    first = [moment for week in weeks if (moment := _first_opening(week, at))]
    if first:
        found["next"] = min(first)
    return found


def reminder(
    *, began_at: datetime, ends_at: datetime | None, opened_at: datetime | None, told_at: datetime | None, at: datetime
) -> What:
    """Say of what somebody must hear about a closure at `at`; `told_at` is when they last did."""
    if opened_at is not None:
        return ""
    quiet_since = told_at or began_at
    if ends_at is None:
        return "lasts" if at - quiet_since >= WHILE_OPEN_ENDED else ""
    if ends_at <= at:
        return "ended"
    if ends_at - at <= BEFORE:
        return "ends_soon" if ends_at - began_at > SHORT and quiet_since < ends_at - BEFORE else ""
    return "lasts" if at - quiet_since >= WHILE_IT_LASTS else ""


def _tomorrow(week: Week, at: datetime) -> datetime:
    zone = ZoneInfo(week.time_zone)
    return first_shown(at.astimezone(zone).date() + DAY, time(0), zone)


def _first_opening(week: Week, at: datetime) -> datetime | None:
    """Give when the hours, without closures by hand, first open after today."""
    usual = replace(week, closures=())
    moment = _tomorrow(week, at) - timedelta(seconds=1)
    end = at + MOST_DAYS * DAY
    change = next_change(usual, moment)
    while change is not None and change <= end:
        if opening(usual, change).state == "open":
            return change.astimezone(UTC)
        change = next_change(usual, change)
    return None
