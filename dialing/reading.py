"""Reads what the rules of dialing ask about, and asks them without writing anything down."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.optouts import opted_out
from contacts.states import Channel
from dialing import calling_hours
from dialing.destinations import Destination, destination
from dialing.models import Limits, Rate
from dialing.rules import Bounds, Counts, Facts, Spent, forbidden_by, lasting
from dialing.states import Purpose, Rule
from telephony.models import PhoneNumber

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def limits() -> Limits:
    """Give the limits that are set; where nobody has set any, the standard ones."""
    return Limits.objects.first() or Limits()


def check(number: str, *, purpose: Purpose, at: datetime) -> Rule | None:
    """Tell which rule forbids to dial a number now; None: it may be dialed. Writes nothing."""
    now = limits()
    return forbidden_by(facts(number, purpose, now, at=at), now.bounds, at)


def check_lasting(number: str, *, purpose: Purpose) -> Rule | None:
    """Tell which rule forbids to dial a number at whatever time: for somebody who wants to be called later."""
    return lasting(_of_number(number, purpose), limits().bounds)


def zones_of(number: str) -> Sequence[str]:
    """Give the time zones in which the owner of a number may be."""
    return calling_hours.zones(number, default=settings.TIME_ZONE)


def next_chance(number: str, *, at: datetime, bounds: Bounds | None = None) -> datetime | None:
    """Give the next moment, `at` itself included, that lies within the hours of a number; None: there is none."""
    return calling_hours.next_chance(zones_of(number), at, (bounds or limits().bounds).hours)


def facts(number: str, purpose: Purpose, now: Limits, *, at: datetime) -> Facts:
    """Read all that the rules ask of a call to this number (E.164) at this moment."""
    of_number = _of_number(number, purpose)
    counted = _counted(number, now, at)
    return replace(
        of_number,
        zones=zones_of(number),
        number=Counts(counted["to_hour"], counted["to_day"], counted["to_period"]),
        everybody=Counts(counted["hour"], counted["day"]),
        spent=Spent(counted["spent_day"], counted["spent_month"]),
        estimate=estimate(of_number.destination, now),
    )


def destination_of(number: str) -> Destination:
    return destination(number, home=settings.DEFAULT_COUNTRY)


def estimate(to: Destination, now: Limits) -> Decimal:
    """Give what a call is thought to cost: by Twilio's rate, or by the assumed one where that is not known."""
    known = Rate.objects.filter(country=to.country, kind=to.kind).values_list("per_minute", flat=True).first()
    return (now.rate if known is None else known) * now.minutes


def sentence(rule: Rule, number: str, now: Limits | None = None) -> str:
    """Say why a number is not dialed, for people."""
    now = now or limits()
    match rule:
        case Rule.NO_NUMBER:
            return _("That is no telephone number that we could call.")
        case Rule.EMERGENCY:
            return _("That is an emergency number: dial it on a telephone of your own.")
        case Rule.PREMIUM:
            return _("A call to that number would be charged at a higher rate.")
        case Rule.OWN:
            return _("That is one of our own numbers.")
        case Rule.COUNTRY:
            where = destination_of(number).country or _("that part of the world")
            return _("Calls to %(country)s are not allowed here.") % {"country": where}
        case Rule.DO_NOT_CALL:
            return _("This person does not want to be called.")
        case Rule.HOURS:
            return _("It is not between %(from)s and %(until)s where that number is.") % {
                "from": f"{now.opens:%H:%M}",
                "until": f"{now.closes:%H:%M}",
            }
        case Rule.NUMBER_PER_HOUR:
            return _("That number was called %(count)s within the hour: that is enough.") % _times(now.number_per_hour)
        case Rule.NUMBER_PER_DAY:
            return _("That number was called %(count)s within a day: that is enough.") % _times(now.number_per_day)
        case Rule.ATTEMPTS:
            days = ngettext("a day", "%(days)d days", now.attempt_days) % {"days": now.attempt_days}
            words = _("That number was called %(count)s within %(days)s: that is enough.")
            return words % {**_times(now.attempts), "days": days}
        case Rule.PER_HOUR:
            return _("%(most)s calls out are allowed each hour, and were made.") % {"most": now.per_hour}
        case Rule.PER_DAY:
            return _("%(most)s calls out are allowed each day, and were made.") % {"most": now.per_day}
        case Rule.SPEND_PER_DAY:
            return _("What may be spent on calls out in a day (%(most)s) is spent.") % {"most": now.spend_per_day}
        case Rule.SPEND_PER_MONTH:
            return _("What may be spent on calls out in a month (%(most)s) is spent.") % {"most": now.spend_per_month}


def _of_number(number: str, purpose: Purpose) -> Facts:
    return Facts(
        destination=destination_of(number),
        purpose=purpose,
        is_ours=PhoneNumber.objects.filter(number=number, is_gone=False).exists(),
        opted_out=opted_out(number, Channel.CALLS) is not None,
    )


def _counted(number: str, now: Limits, at: datetime) -> Mapping[str, Any]:
    """Count in one statement. Days and months of spending are those of UTC, in which Twilio bills."""
    midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE at > %(hour)s) AS hour, count(*) FILTER (WHERE at > %(day)s) AS day,"
            " count(*) FILTER (WHERE number = %(number)s AND purpose <> 'transfer' AND at > %(hour)s) AS to_hour,"
            " count(*) FILTER (WHERE number = %(number)s AND purpose <> 'transfer' AND at > %(day)s) AS to_day,"
            " (SELECT count(*) FROM dialing_attempt WHERE rule = '' AND withdrawn_at IS NULL"
            "  AND number = %(number)s AND purpose <> 'transfer' AND at > %(period)s) AS to_period,"
            " coalesce(sum(coalesce(price, estimate)) FILTER (WHERE at >= %(midnight)s), 0) AS spent_day,"
            " coalesce(sum(coalesce(price, estimate)) FILTER (WHERE at >= %(first)s), 0) AS spent_month"
            " FROM dialing_attempt WHERE rule = '' AND withdrawn_at IS NULL AND at > least(%(first)s, %(day)s)",
            {
                "number": number,
                "hour": at - HOUR,
                "day": at - DAY,
                "period": at - DAY * now.attempt_days,
                "midnight": midnight,
                "first": midnight.replace(day=1),
            },
        )
        names = [column.name for column in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))


def _times(count: int | None) -> dict[str, str]:
    return {"count": ngettext("once", "%(count)d times", count or 0) % {"count": count or 0}}
