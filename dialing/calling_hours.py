"""When a telephone number may be called: only while it is a decent hour wherever its owner may be. Pure."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import NumberParseException
from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_number

Hours: TypeAlias = tuple[time, time]

AHEAD = 3  # days: what is not possible within them never is


@lru_cache(maxsize=4096)
def zones(number: str, *, default: str) -> tuple[str, ...]:
    """Give the time zones in which a number may be, by its country and area; `default` where nobody knows."""
    try:
        found = time_zones_for_number(phonenumbers.parse(number))
    except NumberParseException:
        return (default,)
    return tuple(zone for zone in found if zone != UNKNOWN_TIMEZONE) or (default,)


def may_call(places: Sequence[str], at: datetime, *hours: Hours) -> bool:
    """Tell whether it is between all of these hours in every one of the zones.

    They may span midnight; equal ones are all day.
    """
    return all(_is_open(at.astimezone(ZoneInfo(place)).time(), *those) for place in places for those in hours)


def next_chance(places: Sequence[str], at: datetime, *hours: Hours) -> datetime | None:
    """Give the next moment, `at` itself included, at which one may call; None where the hours never fall together."""
    if may_call(places, at, *hours):
        return at
    openings = (_opening(at, place, days, opens) for place in places for days in range(-1, AHEAD) for opens, _ in hours)
    return min((moment for moment in openings if moment > at and may_call(places, moment, *hours)), default=None)


def there(places: Sequence[str], moment: datetime) -> datetime:
    """Give the first moment at which it is that date and time, or later, in every one of the zones.

    `moment` is naive: the clock on the called person's wall.
    """
    return max(_at(moment.date(), moment.time(), place) for place in places)


def _is_open(now: time, opens: time, closes: time) -> bool:
    if opens < closes:
        return opens <= now < closes
    return opens == closes or now >= opens or now < closes


def _opening(at: datetime, place: str, days: int, opens: time) -> datetime:
    zone = ZoneInfo(place)
    return _at((at.astimezone(zone) + timedelta(days=days)).date(), opens, place)


def _at(day: date, clock: time, place: str) -> datetime:
    # there and back again: an hour that the clock skips becomes the one after it
    return datetime.combine(day, clock, ZoneInfo(place)).astimezone(ZoneInfo("UTC"))
