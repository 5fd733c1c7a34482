"""Texts of ours: wanted, claimed by a worker, asked for once, and what Twilio said to it."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery

from agents.models import User
from calls.models import Call
from contacts import optouts
from contacts.actions import opt_out
from contacts.states import Channel, How
from messaging import sentences
from messaging.actions.rows import afterwards, change, country_of, locked, tell, thread_between
from messaging.models import FallbackRule, LineType, Message, Sender, Thread
from messaging.rules import NO_MOBILE, Facts, refused_by
from messaging.segments import measure
from messaging.states import Direction, Rule, State, Why, climbs
from queues.models import Queue
from telephony import numbers
from telephony.models import PhoneNumber

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)  # longer than a request to Twilio lasts with all its tries
TRIES = 8
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
SEARCHED_AFTER = timedelta(minutes=1)  # from a lost answer until Twilio's lists show the text
SEARCHES = 5
SWEPT_AT_ONCE = 100
KEPT_FOR = timedelta(days=180)  # a line's kind seldom changes, and each question costs
OPTED_OUT, NOT_MOBILE = 21610, 21614  # Twilio's error codes
# Whoever writes knows to whom; what goes by itself is sent to no number of which nobody knows the kind of line.
LOOKED_UP = frozenset({Why.FALLBACK, Why.FLOW})


class NotSent(Exception):
    """No text is sent: by which rule, and in words. `message` is the row that says so, where there is one."""

    def __init__(self, rule: Rule, sentence: str, message: Message | None = None) -> None:
        super().__init__(sentence)
        self.rule = rule
        self.sentence = sentence
        self.message = message


def send(
    *,
    to: str,
    body: str,
    media: Sequence[str] = (),
    queue: Queue | None = None,
    sender: Sender | None = None,
    by: User | None = None,
    call: Call | None = None,
    language: str = "",
    fallback: FallbackRule | None = None,
    not_before: datetime | None = None,
    forbidden: Rule | None = None,
    why: Why,
    at: datetime,
) -> Message:
    """Want a text sent to a number (E.164), from `sender`, else the queue's, that of the call, or the standard one.

    A worker asks Twilio for it after the commit. `forbidden` is a rule of the caller's that speaks against it. Raises
    NotSent; except for what was written wrong (EMPTY, TOO_LONG)
    a row tells of that as well, so it is caught within the transaction, or `send` has one of its own.
    """
    if not body.strip() and not media:
        raise _refusal(Rule.EMPTY)
    if measure(body).is_too_long:
        raise _refusal(Rule.TOO_LONG)
    with transaction.atomic():
        sender = sender or _sender(queue, call, to)
        rule = refused_by(facts_of(to, sender)) or forbidden
        thread = thread_between(sender, to, at=at) if sender and rule is not Rule.NO_NUMBER else None
        values = {
            "thread": thread,
            "body": body,
            "media_urls": list(media),
            "language": language[:16],
            "call": call,
            "by": by,
            "fallback": fallback,
            "not_before": not_before,
            "why": why,
        }
        message = refused(rule, at=at, **values) if rule else _wanted(queue, at=at, **values)
    if rule is not None:
        raise _refusal(rule, message)
    return message


def refused(rule: Rule, *, at: datetime, **values: Any) -> Message:
    """Note a text that is not sent, and why. For a transaction."""
    message = _made(State.NOT_SENT, at=at, rule=rule, **values)
    logger.info("A text (%s) is not sent: %s", message.why, rule)
    tell(message, at=at, what="not-sent")
    return message


def facts_of(to: str, sender: Sender | None) -> Facts:
    """Read what the rules ask of who is to get a text."""
    ours = PhoneNumber.objects.filter(number=to, is_gone=False).exists() or (sender is not None and sender.number == to)
    return Facts(
        is_number=numbers.is_e164(to) and not numbers.is_withheld(to),
        is_ours=ours,
        has_sender=sender is not None,
        opted_out=optouts.opted_out(to, Channel.TEXTS) is not None,
        line=LineType.objects.filter(number=to).values_list("kind", flat=True).first() or "",
    )


def claim(message_id: UUID, *, at: datetime) -> Message | None:
    """Claim a text that is to be sent for this worker; None where it is not due, is another's, or may not go any more.

    From here on it is asked for once: whoever is killed with it leaves an answer that counts as lost.
    """
    with transaction.atomic():
        message = locked(message_id)
        if message is None or message.state != State.WANTED or (message.not_before and message.not_before > at):
            return None
        assert message.thread is not None  # what has none was never wanted
        rule = refused_by(facts_of(message.thread.number, message.thread.sender)) or _overtaken(message)
        if rule is not None:
            _give_up(message, rule, at=at)
            return None
        change(message, state=State.ASKING, leased_until=at + LEASE, asked_at=at, attempts=message.attempts + 1)
        return message


def wants_lookup(message: Message, *, at: datetime) -> bool:
    """Tell whether it must be learned first what kind of line the number is."""
    if message.why not in LOOKED_UP or message.thread is None or message.state != State.WANTED:
        return False
    return not LineType.objects.filter(number=message.thread.number, asked_at__gt=at - KEPT_FOR).exists()


def note_asked(message: Message, *, sid: str, status: str, segments: int | None, at: datetime) -> None:
    """Note that Twilio has taken a text; its callback may have been quicker."""
    with transaction.atomic():
        row = locked(message.pk)
        if row is None or row.state not in (State.ASKING, State.UNCLEAR, State.ASKED) or row.sid not in ("", sid):
            return
        changes: dict[str, Any] = {"sid": sid[:64], "state": State.ASKED, "leased_until": None, "heard_at": at}
        if climbs(row.status, status):
            changes["status"] = status[:32]
        if segments:
            changes["segments"] = segments
        was = row.state
        change(row, **changes)
        if was != State.ASKED:
            tell(row, at=at)


def note_refused(message: Message, *, code: int, why: str, at: datetime) -> None:
    """Note Twilio's no. Where it says that the person has texted STOP, the ledger learns of it."""
    with transaction.atomic():
        row = locked(message.pk)
        if row is None or row.state != State.ASKING:
            return
        assert row.thread is not None
        rule, number = Rule.REFUSED, row.thread.number
        if code == OPTED_OUT:
            rule = Rule.OPTED_OUT
            opt_out(number, Channel.TEXTS, how=How.TWILIO, note="Twilio refused a text for it.", at=at)
        elif code == NOT_MOBILE:
            rule = Rule.LANDLINE
            note_line(number, NO_MOBILE, at=at)
        row.error_code = str(code)[:16]
        _give_up(row, rule, at=at, detail=sentences.of_error(str(code)) if rule is Rule.REFUSED else "", why=why)


def note_unclear(message_id: UUID, *, at: datetime) -> None:
    """Note that nobody knows whether Twilio has taken a text: it is looked for there, and never asked for again."""
    with transaction.atomic():
        row = locked(message_id)
        if row is None or row.state != State.ASKING:
            return
        change(row, state=State.UNCLEAR, leased_until=None, not_before=at + SEARCHED_AFTER, attempts=0)
        tell(row, at=at)


def note_unsent(message: Message, *, at: datetime) -> None:
    """Note that Twilio has certainly not taken a text: it is tried again, each pause twice as long, at last never."""
    with transaction.atomic():
        row = locked(message.pk)
        if row is None or row.state != State.ASKING:
            return
        if row.attempts >= TRIES:
            _give_up(row, Rule.LOST, at=at)
            return
        change(row, state=State.WANTED, leased_until=None, not_before=at + _pause(row.attempts))


def note_not_found(message: Message, *, at: datetime) -> None:
    """Note that Twilio does not know a text whose answer was lost; after some searches it was never taken."""
    with transaction.atomic():
        row = locked(message.pk)
        if row is None or row.state != State.UNCLEAR:
            return
        if row.attempts + 1 >= SEARCHES:
            _give_up(row, Rule.LOST, at=at)
            return
        change(row, attempts=row.attempts + 1, not_before=at + _pause(row.attempts + 1))


def note_no_lookup(message: Message, *, at: datetime) -> None:
    """Note that it could not be learned what kind of line a number is; after some tries the text is not sent."""
    with transaction.atomic():
        row = locked(message.pk)
        if row is None or row.state != State.WANTED:
            return
        attempts = row.attempts + 1
        if attempts >= TRIES:
            _give_up(row, Rule.NO_LOOKUP, at=at)
            return
        change(row, attempts=attempts, not_before=at + _pause(attempts))


def note_line(number: str, kind: str, *, at: datetime) -> None:
    """Keep what kind of line a number is."""
    LineType.objects.update_or_create(number=number[:64], defaults={"kind": kind[:32], "asked_at": at})


def sweep_due(*, at: datetime) -> list[UUID]:
    """Name the texts that a worker should ask Twilio for now, the oldest first."""
    return list(Message.objects.due(at=at).order_by("at").values_list("pk", flat=True)[:SWEPT_AT_ONCE])


def sweep_abandoned(*, at: datetime) -> list[UUID]:
    """Name the texts whose worker has come to its end without a word."""
    return list(Message.objects.abandoned(at=at).values_list("pk", flat=True)[:SWEPT_AT_ONCE])


def sweep_lost(*, at: datetime) -> list[UUID]:
    """Name the texts that Twilio is to be searched for now."""
    return list(Message.objects.lost(at=at).values_list("pk", flat=True)[:SWEPT_AT_ONCE])


def _wanted(queue: Queue | None, *, at: datetime, **values: Any) -> Message:
    message = _made(State.WANTED, at=at, **values)
    thread = message.thread
    assert thread is not None
    changes: dict[str, Any] = {"last_at": at}
    if queue is not None and _may_take(thread, message.by):
        changes["queue"] = queue  # whoever answers it, answers them
    if message.why in (Why.AGENT, Why.API):
        changes |= {"waits_since": None, "unread": 0}
    if message.language:
        changes["language"] = message.language
    change(thread, **changes)
    tell(message, at=at, what="wanted")
    if message.not_before is None:
        afterwards("send", message.pk)
    return message


def _may_take(thread: Thread, by: User | None) -> bool:
    """Tell whether the conversation may become another queue's: nobody takes, and so reads, what they may not see."""
    return by is None or thread.queue_id is None or Thread.objects.visible_to(by).filter(pk=thread.pk).exists()


def _made(state: State, *, at: datetime, **values: Any) -> Message:
    thread: Thread | None = values["thread"]
    return Message.objects.create(
        direction=Direction.OUT,
        state=state,
        at=at,
        heard_at=at,
        segments=max(measure(values["body"]).segments, 1),
        country=country_of(thread.number) if thread else "",
        **values,
    )


def _sender(queue: Queue | None, call: Call | None, to: str) -> Sender | None:
    """Choose the number to text from, in one statement: the queue's, the one that was called, the last one, ours."""
    ours = call.our_end if call is not None else ""
    texted = Thread.objects.filter(sender=OuterRef("pk"), number=to).values("last_at")[:1]
    rows = Sender.objects.annotate(texted_at=Subquery(texted)).filter(
        Q(queue=queue, queue__isnull=False) | Q(number=ours) | Q(texted_at__isnull=False) | Q(is_default=True)
    )

    def weight(row: Any) -> tuple[bool, bool, str, bool, int]:
        return (
            queue is not None and row.queue_id == queue.pk,
            row.number == ours,
            row.texted_at.isoformat() if row.texted_at else "",
            row.is_default,
            -row.pk,
        )

    return max(rows, key=weight, default=None)


def _overtaken(message: Message) -> Rule | None:
    """Tell whether a text in place of a call is not needed any more: the person has been talked to since."""
    if message.why != Why.FALLBACK or message.thread is None:
        return None
    number = message.thread.number
    since = Call.objects.filter(answered_at__gt=message.at).filter(Q(from_number=number) | Q(to_number=number))
    return Rule.TALKED if since.exists() else None


def _give_up(message: Message, rule: Rule, *, at: datetime, detail: str = "", why: str = "") -> None:
    logger.info("Text %s is not sent: %s %s", message.pk, rule, numbers.mask(why))
    change(
        message,
        state=State.NOT_SENT,
        rule=rule,
        detail=detail[:255],
        error_code=message.error_code,
        leased_until=None,
        not_before=None,
        ended_at=at,
    )
    tell(message, at=at, what="not-sent")


def _refusal(rule: Rule, message: Message | None = None) -> NotSent:
    return NotSent(rule, sentences.of_rule(rule), message)


def _pause(attempts: int) -> timedelta:
    return min(FIRST_PAUSE * (1 << max(attempts, 1) - 1), LONGEST_PAUSE)
