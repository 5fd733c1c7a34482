"""What Twilio says of a text of ours: statuses climb, whatever their order and number."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models, transaction

from contacts.actions import opt_out
from contacts.states import Channel, How
from messaging.actions.rows import change, locked, tell
from messaging.models import Message
from messaging.states import FINAL, State, Status, climbs
from telephony import numbers

logger = logging.getLogger(__name__)

OPTED_OUT = "21610"
QUIET = timedelta(minutes=10)
RATED_AFTER = timedelta(minutes=10)  # from its end until Twilio has told the price, as a rule
RATED_UNTIL = timedelta(days=2)
SWEPT_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class News:
    """What was told of a text. `message` is the row that the address of the news names, `price` what it cost us."""

    sid: str
    status: str
    message: UUID | None = None
    error_code: str = ""
    segments: int | None = None
    price: Decimal | None = None
    currency: str = ""


def observe(news: News, *, at: datetime) -> Message | None:
    """Take in what Twilio says of a text of ours, and return its row; None where we do not know it any more.

    The row is the same in the end whatever the order and number of news. That Twilio speaks of a text at all says that
    it has it: whoever waited for a lost answer has it now.
    """
    with transaction.atomic():
        message = _found(news)
        if message is None or message.is_theirs or message.sid not in ("", news.sid):
            return None
        was, changes = message.status, _learned(message, news, at)
        change(message, **changes)
        if message.error_code == OPTED_OUT and "error_code" in changes:
            _learn_of_stop(message, at=at)
        if message.status != was or "state" in changes:
            tell(message, at=at, what=message.status if message.status in FINAL and message.status != was else "")
    return message


def sweep_quiet(*, at: datetime) -> list[UUID]:
    """Claim the texts of which nothing was heard for long, or that have no price yet, a bounded number."""
    quiet = Message.objects.quiet(since=at - QUIET).order_by(models.F("asked_about_at").asc(nulls_first=True))
    unpriced = Message.objects.unpriced(since=at - RATED_UNTIL, until=at - RATED_AFTER).filter(
        models.Q(asked_about_at__isnull=True) | models.Q(asked_about_at__lte=at - timedelta(hours=6)),
    )
    with transaction.atomic():
        claimed = {
            row.pk
            for rows in (quiet, unpriced)
            for row in rows.select_for_update(skip_locked=True, no_key=True)[:SWEPT_AT_ONCE]
        }
        Message.objects.filter(pk__in=claimed).update(asked_about_at=at)
    return sorted(claimed)


def note_unknown(message_id: UUID, *, at: datetime) -> None:
    """Note that Twilio does not know a text any more: how it ended nobody can say, and nobody asks again."""
    with transaction.atomic():
        message = locked(message_id)
        if message is None or message.status in FINAL:
            return
        change(message, status=Status.FAILED, ended_at=at)
        tell(message, at=at)


def _found(news: News) -> Message | None:
    if news.message is not None:
        return locked(news.message)
    rows = Message.objects.select_for_update(no_key=True, of=("self",)).select_related("thread__sender")
    return rows.filter(sid=news.sid).exclude(sid="").first()


def _learned(message: Message, news: News, at: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if not message.sid:
        changes["sid"] = news.sid[:64]
    if message.state not in (State.ASKED, State.ANSWERED):
        changes |= {"state": State.ASKED, "rule": "", "detail": "", "leased_until": None, "not_before": None}
    if climbs(message.status, news.status):
        changes |= {"status": news.status[:32], "heard_at": max(at, message.heard_at)}
        if news.status in FINAL:
            changes["ended_at"] = message.ended_at or at
    if news.error_code and not message.error_code:
        changes["error_code"] = news.error_code[:16]
    if news.segments and news.segments != message.segments:
        changes["segments"] = news.segments
    if news.price is not None and message.price is None:
        changes |= {"price": news.price, "currency": news.currency[:3]}
    return changes


def _learn_of_stop(message: Message, *, at: datetime) -> None:
    if message.thread is not None and numbers.is_e164(message.thread.number):
        opt_out(message.thread.number, Channel.TEXTS, how=How.TWILIO, note="Twilio refused a text for it.", at=at)
