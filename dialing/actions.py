"""Every write to the ledger of calls out. `permit` is the one door to the outside: who has no permit rings nobody."""

import logging
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from agents.models import User
from calls.states import FINAL
from dialing.models import Attempt, Rate
from dialing.reading import check, destination_of, facts, limits, sentence
from dialing.rules import forbidden_by
from dialing.states import Purpose, Rule
from telephony import numbers

logger = logging.getLogger(__name__)

# Key of the advisory lock that whoever is to get the next place holds until their transaction ends.
DECIDING = 7_810_011
FRESH = timedelta(days=7)  # after which a rate is asked for again
RATED = timedelta(minutes=2)  # from a call's end until Twilio may have rated it
ASKED_AGAIN = timedelta(hours=1)
NEVER = timedelta(days=3)  # what has no price by then costs nothing, or will never be told
AT_ONCE = 50
KEPT = timedelta(days=90)  # longer than any limit looks back


class NotPermitted(Exception):
    """A rule forbids to dial this number; the sentence is for people."""

    def __init__(self, rule: Rule, sentence: str) -> None:
        super().__init__(sentence)
        self.rule = rule
        self.sentence = sentence


def permit(
    number: str, *, purpose: Purpose, by: User | None = None, conversation: UUID | None = None, at: datetime
) -> Attempt:
    """Let a number (E.164) be dialed, once, and write it down. Raises NotPermitted, which is written down as well.

    Of two at once only one gets the last place: others wait until this transaction ends, so it comes late in it, and
    no lock that others may hold is waited for afterwards. What a refusal writes must not be rolled back with it: it
    is caught within the transaction, or `permit` has one of its own.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DECIDING])
        now = limits()
        known = facts(number, purpose, now, at=at)
        rule = forbidden_by(known, now.bounds, at)
        attempt = Attempt.objects.create(
            number=number[:64],
            country=known.destination.country,
            purpose=purpose,
            by=by,
            at=at,
            rule=rule or "",
            conversation=conversation,
            estimate=known.estimate if rule is None else Decimal(0),
        )
        if rule is None:
            _want_rate(attempt, at=at)
    if rule is not None:
        logger.info("%s is not dialed: %s", numbers.mask(number), rule)
        raise NotPermitted(rule, sentence(rule, number, now))
    return attempt


def require(
    number: str,
    *,
    purpose: Purpose,
    by: User | None = None,
    conversation: UUID | None = None,
    when: datetime | None = None,
    at: datetime,
) -> None:
    """Raise NotPermitted, which is written down, where a number may not be dialed, `when` it is to be: None is now.

    For a wish that is carried out later: `permit` has the last word.
    """
    rule = check(number, purpose=purpose, at=when or at)
    if rule is None:
        return
    Attempt.objects.create(
        number=number[:64],
        country=destination_of(number).country,
        purpose=purpose,
        by=by,
        at=at,
        rule=rule,
        conversation=conversation,
    )
    raise NotPermitted(rule, sentence(rule, number))


def withdraw(attempt: Attempt, *, at: datetime) -> None:
    """Note that nobody was rung after all: the attempt counts for nothing. One that has a call stays."""
    Attempt.objects.filter(pk=attempt.pk, call__isnull=True, withdrawn_at__isnull=True).update(withdrawn_at=at)


def note_call(attempt_id: UUID, call: UUID) -> None:
    """Note by which call a number was dialed, as soon as it is known; the first stays."""
    Attempt.objects.filter(pk=attempt_id, call__isnull=True, rule="").update(call=call, withdrawn_at=None)


def forget(attempt_id: UUID | str) -> Counter[str]:
    """Delete an entry of the ledger, and tell what went. The database refuses it where a legal hold keeps it."""
    return Counter(Attempt.objects.filter(pk=attempt_id).delete()[1])


def tidy(*, at: datetime) -> int:
    """Delete old entries by which nobody was rung, but for those that a legal hold keeps.

    Those with a call go with their conversation.
    """
    return Attempt.objects.free().filter(call__isnull=True, at__lt=at - KEPT).delete()[0]


def claim_unpriced(*, at: datetime) -> list[tuple[UUID, str]]:
    """Claim calls that are over and whose price we do not know, a bounded number; gives attempts with their sids."""
    rows = (
        Attempt.objects.filter(
            Q(price_asked_at__isnull=True) | Q(price_asked_at__lte=at - ASKED_AGAIN),
            price__isnull=True,
            call__status__in=FINAL,
            call__ended_at__lte=at - RATED,
            call__ended_at__gt=at - NEVER,
        )
        .order_by("at")
        .select_related("call")
    )
    with transaction.atomic():
        claimed = list(rows.select_for_update(skip_locked=True, no_key=True, of=("self",))[:AT_ONCE])
        Attempt.objects.filter(pk__in=[one.pk for one in claimed]).update(price_asked_at=at)
    return [(one.pk, one.call.sid) for one in claimed if one.call is not None]


def note_price(attempt_id: UUID, price: Decimal, currency: str) -> None:
    """Note what Twilio has charged for a call."""
    Attempt.objects.filter(pk=attempt_id).update(price=abs(price), currency=currency.upper()[:3])


def claim_rates(*, at: datetime) -> list[tuple[int, str]]:
    """Claim rates that are to be asked for, anew after a week; gives each with a number to ask for."""
    rows = Rate.objects.filter(
        Q(asked_at__isnull=True)
        | Q(asked_at__lte=at - FRESH)
        | Q(per_minute__isnull=True, asked_at__lte=at - ASKED_AGAIN)
    )
    with transaction.atomic():
        claimed = list(rows.exclude(sample="").select_for_update(skip_locked=True, no_key=True)[:AT_ONCE])
        Rate.objects.filter(pk__in=[one.pk for one in claimed]).update(asked_at=at)
    return [(one.pk, one.sample) for one in claimed]


def note_rate(rate_id: int, per_minute: Decimal, currency: str) -> None:
    """Note what Twilio takes for a minute, and forget the number that was asked for."""
    Rate.objects.filter(pk=rate_id).update(per_minute=per_minute, currency=currency[:3], sample="")


def _want_rate(attempt: Attempt, *, at: datetime) -> None:
    """Let the rate of such numbers be asked for where it is not known, or was asked for long ago."""
    to = destination_of(attempt.number)
    row, is_new = Rate.objects.get_or_create(country=to.country, kind=to.kind, defaults={"sample": attempt.number})
    is_old = row.asked_at is None or row.asked_at <= at - FRESH
    if not is_new and is_old and row.sample != attempt.number:
        Rate.objects.filter(pk=row.pk).update(sample=attempt.number)
