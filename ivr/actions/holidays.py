"""Public holidays of a schedule are confirmed, once a year; single dates come in from a file."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.db import transaction

from agents.models import User
from ivr.hours import public
from ivr.hours.sheet import Row
from ivr.models import DatedException, HolidayYear, PublicHoliday, Schedule


class NotKnown(Exception):
    """Nothing is known of this country, region or year. The message is for a person."""


def confirm_year(
    schedule: Schedule,
    *,
    country: str,
    region: str,
    year: int,
    closed: Collection[date],
    prompts: Mapping[date, int],
    by: User | None,
    at: datetime,
) -> HolidayYear:
    """Make the public holidays of a year count: on those in `closed` the place is closed. Raises NotKnown.

    The schedule remembers country and region. Confirmed again, the year is as it is said now.
    """
    days = public.days(country, region, year)
    if not days:
        raise NotKnown(f"No public holidays are known of {public.place(country, region)} in {year}.")
    with transaction.atomic():
        locked = Schedule.objects.select_for_update().get(pk=schedule.pk)
        locked.country, locked.region = country, region
        locked.save(update_fields=["country", "region"])
        confirmed, _ = HolidayYear.objects.update_or_create(
            schedule=locked,
            year=year,
            defaults={"country": country, "region": region, "confirmed_at": at, "confirmed_by": by},
        )
        confirmed.holidays.all().delete()
        PublicHoliday.objects.bulk_create(
            PublicHoliday(
                year=confirmed,
                date=day.date,
                name=day.name,
                is_closed=day.date in closed,
                prompt_id=prompts.get(day.date),
            )
            for day in days
        )
    return confirmed


def forget_country(schedule: Schedule, *, since: date) -> None:
    """Follow no country's public holidays any more from a date on; what lies before it stays as it was."""
    with transaction.atomic():
        Schedule.objects.filter(pk=schedule.pk).update(country="", region="")
        PublicHoliday.objects.filter(year__schedule=schedule, date__gte=since).delete()


def import_dates(schedule: Schedule, rows: Collection[Row]) -> int:
    """Write single dates; one that begins as an existing row of its date takes that row's place. Give how many."""
    with transaction.atomic():
        Schedule.objects.select_for_update().get(pk=schedule.pk)
        for row in rows:
            DatedException.objects.update_or_create(
                schedule=schedule,
                date=row.date,
                opens=row.opens,
                closed_from=row.closed_from,
                defaults={"name": row.name, "closes": row.closes, "closed_until": row.closed_until},
            )
    return len(rows)
