"""When a telephone number may be called: only while it is a decent hour wherever its owner may be. Pure."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import NumberParseException
from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_number

AHEAD = 3  # days: what is not possible within them never is


@lru_cache(maxsize=4096)
def zones(number: str, *, default: str) -> tuple[str, ...]:
    """Give the time zones in which a number may be, by its country and area; `default` where nobody knows."""
    try:
        found = time_zones_for_number(phonenumbers.parse(number))
    except NumberParseException:
        return (default,)
    return tuple(zone for zone in found if zone != UNKNOWN_TIMEZONE) or (default,)


def may_call(places: Sequence[str], at: datetime, opens: time, closes: time) -> bool:
    """Tell whether it is between these hours in every one of the zones. They may span midnight; equal: all day."""
    return all(_is_open(at.astimezone(ZoneInfo(place)).time(), opens, closes) for place in places)


def next_chance(places: Sequence[str], at: datetime, opens: time, closes: time) -> datetime | None:
    """Give the next moment, `at` itself included, at which one may call; None where the hours never fall together."""
    if may_call(places, at, opens, closes):
        return at
    openings = (_opening(at, place, days, opens) for place in places for days in range(-1, AHEAD))
    return min((moment for moment in openings if moment > at and may_call(places, moment, opens, closes)), default=None)


def _is_open(now: time, opens: time, closes: time) -> bool:
    if opens < closes:
        return opens <= now < closes
    return opens == closes or now >= opens or now < closes


def _opening(at: datetime, place: str, days: int, opens: time) -> datetime:
    zone = ZoneInfo(place)
    day = (at.astimezone(zone) + timedelta(days=days)).date()
    # there and back again: an hour that the clock skips becomes the one after it
    return datetime.combine(day, opens, zone).astimezone(ZoneInfo("UTC"))
