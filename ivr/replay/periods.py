"""The periods that a replay is asked for: whole days of the place where the screens are. Pure."""

from datetime import date, datetime, time, timedelta, tzinfo

YESTERDAY, LAST_WEEK, LAST_MONTH, DATES = "yesterday", "last-week", "last-month", "dates"


def days(name: str, today: date) -> tuple[date, date]:
    """Give the first and the last day of a named period, as seen from `today`. A week begins on Monday."""
    match name:
        case "last-week":
            monday = today - timedelta(days=today.weekday() + 7)
            return monday, monday + timedelta(days=6)
        case "last-month":
            last = today.replace(day=1) - timedelta(days=1)
            return last.replace(day=1), last
        case _:
            return today - timedelta(days=1), today - timedelta(days=1)


def moments(first: date, last: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """Give when the first day begins, and when the last is over."""
    begins = datetime.combine(first, time(), zone)
    return begins, datetime.combine(last + timedelta(days=1), time(), zone)
