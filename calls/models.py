"""Calls, each leg one row, and the append-only history of what happened on them."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.fields.json import KT
from django.utils.translation import gettext_lazy as _

from calls.states import FINAL, Status
from telephony import numbers


class CallQuerySet(models.QuerySet["Call"]):
    def live(self) -> Self:
        return self.exclude(status__in=FINAL)

    def quiet(self, *, since: datetime) -> Self:
        """Live calls on which nothing has happened since then, and of which we have not asked since then."""
        busy = CallEvent.objects.filter(call=models.OuterRef("pk"), at__gt=since)
        return self.live().filter(
            models.Q(asked_at__isnull=True) | models.Q(asked_at__lte=since),
            ~models.Exists(busy),
            heard_at__lte=since,
        )

    def unwanted(self) -> Self:
        """Live calls of which somebody has asked for the end."""
        return self.live().filter(unwanted_at__isnull=False)

    def numbered(self, text: str) -> Self:
        """Calls with that number at either end, however it is written; with fewer digits, with those digits in it."""
        number, digits = numbers.sought(text, country=settings.DEFAULT_COUNTRY)
        if number is not None:  # the whole of it: found by the index
            return self.filter(models.Q(from_number=number) | models.Q(to_number=number))
        if not digits:
            return self.none()
        return self.filter(models.Q(from_number__contains=digits) | models.Q(to_number__contains=digits))


class Call(models.Model):
    """One leg, by its CallSid. The two ends are as Twilio wrote them: E.164, `client:`, `sip:` or a word."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sid = models.CharField(max_length=64, unique=True)
    account_sid = models.CharField(max_length=64, blank=True)
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="legs")
    conversation = models.UUIDField(
        default=uuid.uuid4,
        db_default=RandomUUID(),
        editable=False,
        db_index=True,
        help_text=_("Shared by all legs of one conversation: the caller's, those that it dialed, those of who talked."),
    )
    direction = models.CharField(max_length=32, blank=True)
    from_number = models.CharField(_("from"), max_length=255, blank=True, db_index=True)
    to_number = models.CharField(_("to"), max_length=255, blank=True, db_index=True)
    forwarded_from = models.CharField(max_length=255, blank=True)
    caller_name = models.CharField(max_length=255, blank=True)
    status = models.CharField(max_length=32, default=Status.QUEUED)
    answered_by = models.CharField(max_length=32, blank=True)
    sip_response_code = models.CharField(max_length=8, blank=True)
    started_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    seconds = models.PositiveIntegerField(
        _("duration"), null=True, blank=True, help_text=_("Seconds, as billed by Twilio.")
    )
    heard_at = models.DateTimeField(help_text=_("When Twilio last spoke of this call."))
    asked_at = models.DateTimeField(null=True, blank=True, help_text=_("When the sweep last asked Twilio about it."))
    unwanted_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("When somebody asked for its end.")
    )

    objects = CallQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-started_at"], name="call_started"),
            models.Index(fields=["-started_at"], name="call_live", condition=~models.Q(status__in=sorted(FINAL))),
            # a part of a number is looked for in the middle of it
            GinIndex(
                OpClass(models.F("from_number"), "gin_trgm_ops"),
                OpClass(models.F("to_number"), "gin_trgm_ops"),
                name="call_number_parts",
            ),
            # the sweep looks only at calls that still live
            models.Index(fields=["heard_at"], name="call_quiet", condition=~models.Q(status__in=sorted(FINAL))),
            models.Index(
                fields=["unwanted_at"],
                name="call_unwanted",
                condition=models.Q(unwanted_at__isnull=False) & ~models.Q(status__in=sorted(FINAL)),
            ),
        ]
        permissions = [("view_numbers", "Can see full phone numbers"), ("hang_up", "Can end calls")]

    def __str__(self) -> str:
        return self.sid

    @property
    def is_over(self) -> bool:
        return self.status in FINAL

    @property
    def other_end(self) -> str:
        """Who is not us: the caller, or whom we have called."""
        return self.to_number if self.direction.startswith("outbound") else self.from_number

    @property
    def our_end(self) -> str:
        return self.from_number if self.direction.startswith("outbound") else self.to_number

    @property
    def duration(self) -> timedelta | None:
        return None if self.seconds is None else timedelta(seconds=self.seconds)


class EventKind(models.TextChoices):
    """What can happen on a call. `CallEvent.data` has the keys named beside each kind."""

    BEGAN = "began", _("Call began")  # line, flow, version
    ENTERED = "entered", _("Entered a step")  # step, name, kind, flow
    HEARD = "heard", _("Caller heard")  # text, language, voice | audio
    PRESSED = "pressed", _("Caller pressed")  # digits (dots where secret)
    SPOKE = "spoke", _("Caller said")  # text, confidence
    SILENT = "silent", _("Caller was silent")
    LEFT = "left", _("Left a step")  # step, exit
    RANG = "rang", _("Rang people")  # targets
    DIALED = "dialed", _("Ringing ended")  # status, bridged, target
    SCREENED = "screened", _("Called person accepted")  # leg
    ANSWERED = "answered", _("We answered with")  # twiml
    STATUS = "status", _("Status")  # status, sequence, reported_at
    RECORDING = "recording", _("Recording")  # recording, status, seconds
    VOICEMAIL = "voicemail", _("Left a voicemail")  # mailbox, recording
    MISSED = "missed", _("Left no message")  # mailbox
    CORRECTED = "corrected", _("Corrected by the sweep")  # status
    FAILED = "failed", _("Failure")  # what, detail
    ENDED = "ended", _("Flow ended")  # reason
    QUEUED = "queued", _("Joined a queue")  # queue, position, why
    UNQUEUED = "unqueued", _("Left a queue")  # queue, why, seconds
    OFFERED = "offered", _("Offered to")  # agent, queue, why
    UNTAKEN = "untaken", _("Did not take it")  # who, outcome
    JOINED = "joined", _("Joined the conversation")  # who, role
    DEPARTED = "departed", _("Left the conversation")  # who, role, outcome
    TURNED = "turned", _("The conversation")  # what (a word of `conferences.rules`), who, by
    SUPERVISED = "supervised", _("Supervisor")  # who, mode, told
    CALLBACK = "callback", _("Call back")  # what, number (masked)
    CONSENT = "consent", _("Consent")  # party, who, answer, policy
    RECORDER = "recorder", _("Recorder")  # what (running, paused, stopped, failed), why, recorder
    PLACED = "placed", _("Call placed")  # why, by
    MACHINE = "machine", _("Answering machine")  # answered_by, milliseconds
    KNOWN = "known", _("Caller is known")  # contact, matches, vip, blocked, option, language
    LOOKED_UP = "looked-up", _("Looked up")  # step, outcome, milliseconds
    TEXT = "text", _("Text message")  # message, what
    SENT_AWAY = "sent-away", _("Sent away")  # step, to | step, outcome, code


class CallEvent(models.Model):
    """One entry of a call's history; never changed."""

    id = models.BigAutoField(primary_key=True)
    call = models.ForeignKey(Call, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=16, choices=EventKind)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["call", "id"], name="event_of_call")]
        constraints = [
            # callbacks come twice: a status is told once in a call's history, whoever is first to write it
            models.UniqueConstraint(
                "call", KT("data__status"), condition=models.Q(kind=EventKind.STATUS), name="status_told_once_per_call"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"
