"""What a retention rule would remove now, as queries: `compliance.keeping` as conditions of the database.

Recordings are asked (for the sound, its redacted copy and its transcripts), calls of customers (for the conversation,
and for its history), texts, what came from Twilio, what is told to others and what was sent to them. An item that a
legal hold keeps is never due.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Case, Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf

from calls.models import Call, CallEvent
from calls.states import FINAL
from compliance import keeping
from compliance.holds import IsFree, TextIsFree
from compliance.keeping import Rule
from compliance.models import Hold, Scope
from compliance.states import Kept, Subject
from conferences.models import Participant
from contacts.models import ContactNumber
from crm.models import Delivery as EventDelivery
from crm.models import Event
from messaging.models import Media, Message
from messaging.states import ON_THEIR_WAY
from queues.models import Callback, Entry
from recordings.models import Copy, Recording, Transcript
from recordings.states import CopyKind, State
from telephony.models import Delivery

INBOUND = "inbound"
NONE = Value(0, output_field=BigIntegerField())  # no row has this id; a rule that asks for none is not looked at


@dataclass(frozen=True, slots=True)
class Due:
    """How many a rule would remove, how many more legal holds keep, and when the oldest of them was made."""

    count: int
    held: int
    oldest: datetime | None


def due(rule: Rule, rules: Iterable[Rule], *, at: datetime) -> "QuerySet[Any]":
    """Give the rows whose time is over by this rule, and that nothing keeps; `made` tells when each was made."""
    rows = _over(rule, rules, at=at)
    return rows.filter(free=True) if Hold.objects.active().exists() else rows


def count(rule: Rule, rules: Iterable[Rule], *, at: datetime) -> Due:
    """Count them, in little memory however many they are."""
    rows = _over(rule, rules, at=at)
    if not Hold.objects.active().exists():
        found = rows.aggregate(count=Count("pk"), oldest=Min("made"))
        return Due(found["count"], 0, found["oldest"])
    free = Q(free=True)
    found = rows.aggregate(all=Count("pk"), count=Count("pk", filter=free), oldest=Min("made", filter=free))
    return Due(found["count"], found["all"] - found["count"], found["oldest"])


def _over(rule: Rule, rules: Iterable[Rule], *, at: datetime) -> "QuerySet[Any]":
    before = keeping.made_before(rule, at=at)
    rows = ROWS[rule.kind](at)
    if before is None:
        return rows.none()
    rows = rows.filter(_fits(rule), made__lt=before)
    for other in keeping.over(rule, rules):
        rows = rows.exclude(_fits(other))
    return rows


def _fits(rule: Rule) -> Q:
    """Write `keeping.fits` as a condition."""
    wanted = {"of_number": rule.number or None, "of_queue": rule.queue, "of_team": rule.team}
    return Q(**{name: value for name, value in wanted.items() if value is not None})


def _recordings(at: datetime, condition: Q | Exists) -> "QuerySet[Recording]":
    """Those that are in nobody's hands just now, with what the rules ask of them."""
    return (
        Recording.objects.kept()
        .filter(condition, Q(leased_until__isnull=True) | Q(leased_until__lte=at))
        .alias(
            of_number=Coalesce(NullIf("number", Value("")), "call__scope__number", Value("")),
            of_queue=Coalesce("queue", "call__scope__queue", NONE),
            of_team=Coalesce("queue__team", "call__scope__queue__team", "agent__team", NONE),
            free=IsFree("call"),
        )
        .annotate(made=F("announced_at"))
    )


def _calls(condition: Q | Exists) -> "QuerySet[Call]":
    """The calls of customers that are over; the legs of a conversation are its customer's affair."""
    elsewhere = Participant.objects.filter(call=OuterRef("pk"), conference__customer__isnull=False)
    inbound = When(direction=INBOUND, then="to_number")
    return (
        Call.objects.filter(condition, status__in=FINAL, parent__isnull=True)
        .filter(~Exists(elsewhere.exclude(conference__customer=OuterRef("pk"))))
        .alias(
            of_number=Coalesce(NullIf("scope__number", Value("")), Case(inbound, default="from_number")),
            of_queue=Coalesce("scope__queue", NONE),
            of_team=Coalesce("scope__queue__team", NONE),
            free=IsFree("pk"),
        )
        .annotate(made=F("started_at"))
    )


def _conversations(_at: datetime) -> "QuerySet[Call]":
    """Those of which nothing is left that has its own time, and that nobody waits on."""
    sounds = Recording.objects.exclude(state=State.ABSENT).exclude(state=State.DELETED, purged_at__isnull=False)
    return _calls(Q()).filter(
        ~Exists(sounds.filter(call=OuterRef("pk"))),
        ~Exists(sounds.filter(call__parent=OuterRef("pk"))),
        ~Exists(sounds.filter(call__participations__conference__customer=OuterRef("pk"))),
        ~Exists(Callback.objects.live().filter(call=OuterRef("pk"))),
        ~Exists(Entry.objects.live().filter(call=OuterRef("pk"))),
    )


def _deliveries(_at: datetime) -> "QuerySet[Delivery]":
    """A delivery is its call's, or that of the customer in whose conversation its call is a leg."""
    of_it = Scope.objects.filter(call__sid=OuterRef("call_sid"))
    of_parent = Scope.objects.filter(call__legs__sid=OuterRef("call_sid"))
    of_room = Scope.objects.filter(call__conferences__participants__call_sid=OuterRef("call_sid"))
    scopes = (of_it, of_parent, of_room)

    def first(path: str) -> Coalesce:
        found = (Subquery(scope.values(path)[:1], output_field=BigIntegerField()) for scope in scopes)
        return Coalesce(*found, NONE)

    call = Call.objects.filter(sid=OuterRef("call_sid")).exclude(sid="")
    return Delivery.objects.alias(
        of_number=Coalesce(*(Subquery(scope.values("number")[:1]) for scope in scopes), Value("")),
        of_queue=first("queue"),
        of_team=first("queue__team"),
        free=IsFree(Subquery(call.values("pk")[:1])),
    ).annotate(made=F("received_at"))


def _texts(_at: datetime) -> "QuerySet[Message]":
    """Those on which nobody works just now. One that had nobody to go to is of no queue."""
    busy = Media.objects.filter(message=OuterRef("pk"), leased_until__gt=_at)
    return (
        Message.objects.exclude(state__in=ON_THEIR_WAY)
        .filter(~Exists(busy))
        .alias(
            of_number=Coalesce("thread__sender__number", Value("")),
            of_queue=Coalesce("thread__queue", NONE),
            of_team=Coalesce("thread__queue__team", NONE),
            free=TextIsFree("call", "thread__number", "thread__sender__number", "thread__queue", "at"),
        )
        .annotate(made=F("at"))
    )


def _told(_at: datetime) -> "QuerySet[Event]":
    """Events that have their place in the feed; one of a conversation is its first call's."""
    rows: QuerySet[Event] = _of_conversation(Event.objects.filter(position__isnull=False), contact="contact")
    return rows.annotate(made=F("occurred_at"))


def _sent(_at: datetime) -> "QuerySet[EventDelivery]":
    rows: QuerySet[EventDelivery] = _of_conversation(EventDelivery.objects.all(), contact="event__contact")
    return rows.annotate(made=F("made_at"))


def _of_conversation(rows: "QuerySet[Any]", *, contact: str) -> "QuerySet[Any]":
    """Ask of rows what their conversation's first call says. What is told of a contact is held by its number, too."""
    named = ContactNumber.objects.filter(contact=OuterRef(contact), number__in=Hold.objects.active().values("caller"))
    calls = Call.objects.filter(conversation=OuterRef("conversation")).order_by("started_at", "pk")
    scopes = Scope.objects.filter(call__conversation=OuterRef("conversation")).order_by("call__started_at", "pk")

    def first(path: str) -> Coalesce:
        return Coalesce(Subquery(scopes.values(path)[:1], output_field=BigIntegerField()), NONE)

    asked: QuerySet[Any] = rows.alias(
        of_number=Coalesce(Subquery(scopes.values("number")[:1]), Value("")),
        of_queue=first("queue"),
        of_team=first("queue__team"),
        free=Case(When(Exists(named), then=Value(value=False)), default=IsFree(Subquery(calls.values("pk")[:1]))),
    )
    return asked


VOICEMAIL = Q(subject=Subject.VOICEMAIL)
WITH_SOUND = ~Q(state=State.ABSENT)
ROWS: dict[Kept, Callable[[datetime], "QuerySet[Any]"]] = {
    Kept.VOICEMAIL: lambda at: _recordings(at, VOICEMAIL & WITH_SOUND),
    Kept.RECORDING: lambda at: _recordings(at, ~VOICEMAIL & WITH_SOUND),
    Kept.REDACTED: lambda at: _recordings(
        at, Exists(Copy.objects.filter(recording=OuterRef("pk"), kind=CopyKind.REDACTED))
    ),
    Kept.TRANSCRIPT: lambda at: _recordings(at, Exists(Transcript.objects.filter(recording=OuterRef("pk")))),
    Kept.CALL: _conversations,
    Kept.EVENT: lambda _at: _calls(Exists(CallEvent.objects.filter(call=OuterRef("pk")))),
    Kept.DELIVERY: _deliveries,
    Kept.TOLD: _told,
    Kept.SENT: _sent,
    Kept.TEXT: _texts,
}
