"""Rows of schedules, as people would have written them."""

from datetime import UTC, date, datetime, time, timedelta

from ivr.models import Closure, HolidayYear, Interval, Prompt, PublicHoliday, Schedule, YearlyDate

#: Monday, October 5, 2026, 16:00 in Berlin
AT = datetime(2026, 10, 5, 14, tzinfo=UTC)


def office(name: str = "Office", time_zone: str = "Europe/Berlin", **more: str) -> Schedule:
    """Open on workdays from 9 to 17."""
    made = Schedule.objects.create(name=name, time_zone=time_zone, **more)
    for day in range(5):
        Interval.objects.create(schedule=made, weekday=day, opens=time(9), closes=time(17))
    return made


def yearly(schedule: Schedule, month: int, day: int, name: str = "Eve", **more: object) -> YearlyDate:
    return YearlyDate.objects.create(schedule=schedule, month=month, day=day, name=name, **more)


def public(schedule: Schedule, day: date, name: str, *, closed: bool = True, prompt: Prompt | None = None) -> None:
    year, _ = HolidayYear.objects.get_or_create(
        schedule=schedule,
        year=day.year,
        defaults={"country": schedule.country, "region": schedule.region, "confirmed_at": AT},
    )
    PublicHoliday.objects.create(year=year, date=day, name=name, is_closed=closed, prompt=prompt)


def closure(
    *schedules: Schedule, at: datetime = AT, hours: int | None = 2, reason: str = "Fire", **more: object
) -> Closure:
    ends = None if hours is None else at + timedelta(hours=hours)
    made = Closure.objects.create(began_at=at, ends_at=ends, reason=reason, **more)
    made.schedules.set(schedules)
    return made
