"""Mailboxes, the messages in them, and calls that left none."""

import uuid
from datetime import datetime, timedelta
from typing import Self, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents import reach
from agents.models import User
from calls.models import Call
from recordings.models.recording import Recording
from recordings.models.returning import Return
from recordings.models.transcript import Transcript
from recordings.states import HERE, VoicemailStatus

# An addressee who is entered today is not told of last month's calls.
TOLD_WITHIN = timedelta(days=1)
# A voicemail is announced when its audio is there, or after this time all the same.
AUDIO_AWAITED = timedelta(minutes=10)
# Where the e-mail brings the transcript, it waits for one so long, and goes without it afterwards.
TRANSCRIPT_AWAITED = timedelta(minutes=5)
# A call counts as missed when its caller hangs up; the message may be told of a moment later.
MESSAGE_AWAITED = timedelta(minutes=1)


def validate_addressees(text: str) -> None:
    for line in text.split():
        try:
            validate_email(line)
        except ValidationError:
            raise ValidationError(_("%(line)s is not an e-mail address."), params={"line": line}) from None


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("recordings.see_every_mailbox") else self.filter(members=user)


class Mailbox(models.Model):
    """Where voicemails land and who is told of them."""

    name = models.CharField(max_length=80, unique=True)
    addressees = models.TextField(
        _("tell by e-mail"),
        blank=True,
        validators=[validate_addressees],
        help_text=_("One address per line; each new voicemail is announced to them with a link."),
    )
    tell_missed = models.BooleanField(
        _("tell of missed calls too"),
        default=False,
        help_text=_("Also send an e-mail when a caller reached this mailbox and left nothing."),
    )
    tells_transcript = models.BooleanField(
        _("send the transcript"),
        default=False,
        help_text=_("Write what was said, redacted, into the e-mail. Whoever reads the e-mail reads it."),
    )
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="mailboxes",
        help_text=_("Agents who may hear and work on this mailbox."),
    )

    objects = MailboxQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "mailboxes"
        permissions = [("see_every_mailbox", "Can see what lies in every mailbox")]

    def __str__(self) -> str:
        return self.name

    @property
    def addresses(self) -> list[str]:
        return self.addressees.split()


class Notice(models.Model):
    """What a mailbox's addressees are told of by e-mail, once."""

    told_at = models.DateTimeField(null=True, blank=True, help_text=_("When the addressees were told by e-mail."))
    telling_until = models.DateTimeField(
        null=True, blank=True, help_text=_("A worker sends the e-mail until then; later, its claim is void.")
    )

    class Meta:
        abstract = True


class Message(Notice):
    """What a caller left in a mailbox, were it only the call: somebody's work until it is done."""

    status = models.CharField(
        max_length=8, choices=[(s.value, s.value) for s in VoicemailStatus], default=VoicemailStatus.NEW
    )
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    returned_by = models.ForeignKey(
        Call,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The call by which somebody has called back."),
    )
    returning = models.ForeignKey(
        Return,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="%(class)ss",
        help_text=_("The last time that somebody called back."),
    )
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_done(self) -> bool:
        return self.status == VoicemailStatus.DONE


Kind = TypeVar("Kind", bound=models.Model)


class MessageQuerySet(models.QuerySet[Kind]):
    def open(self) -> Self:
        return self.exclude(status=VoicemailStatus.DONE)

    def visible_to(self, user: User) -> Self:
        if user.has_perm("recordings.see_every_mailbox"):
            return self
        return self.filter(mailbox__in=reach.named(user.mailboxes.all()))

    def left_by(self, number: str) -> Self:
        """Those of calls with this number at the other end."""
        outbound = models.Q(call__direction__startswith="outbound")
        return self.filter(outbound & models.Q(call__to_number=number) | ~outbound & models.Q(call__from_number=number))

    def _due(self, at: datetime) -> Self:
        """Those whose addressees were not told yet, and which nobody is telling of."""
        claimed = models.Q(telling_until__isnull=True) | models.Q(telling_until__lte=at)
        return self.filter(claimed, told_at__isnull=True).exclude(mailbox__addressees="")


class VoicemailQuerySet(MessageQuerySet["Voicemail"]):
    def untold(self, *, at: datetime) -> Self:
        """Those whose addressees should be told now, and which nobody is telling of."""
        made = Transcript.objects.filter(recording=models.OuterRef("recording"), is_current=True)
        none_comes = models.Q(recording__transcribes=False) | ~models.Q(recording__failure="")
        return self._due(at).filter(
            models.Q(recording__state__in=HERE) | models.Q(left_at__lte=at - AUDIO_AWAITED),
            models.Q(mailbox__tells_transcript=False)
            | models.Q(left_at__lte=at - TRANSCRIPT_AWAITED)
            | models.Q(models.Exists(made.filter(redacted_at__isnull=False)))
            | none_comes,
            left_at__gte=at - TOLD_WITHIN,
        )


class Voicemail(Message):
    """A message that waits for a person."""

    Status = VoicemailStatus

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="voicemails")
    recording = models.OneToOneField(Recording, models.CASCADE, related_name="voicemail")
    call = models.ForeignKey(Call, models.SET_NULL, null=True, related_name="voicemails")
    language = models.CharField(max_length=16, blank=True)
    left_at = models.DateTimeField(db_index=True)

    objects = VoicemailQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["mailbox"], name="voicemail_open", condition=~models.Q(status="done")),
            models.Index(fields=["-done_at"], name="voicemail_done", condition=models.Q(status="done")),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=list(VoicemailStatus)), name="voicemail_status_known")
        ]

    def __str__(self) -> str:
        return f"Voicemail {self.pk}"


class MissedCallQuerySet(MessageQuerySet["MissedCall"]):
    def untold(self, *, at: datetime) -> Self:
        """Those whose addressees want to be told, and which nobody is telling of."""
        return self._due(at).filter(mailbox__tell_missed=True, at__range=(at - TOLD_WITHIN, at - MESSAGE_AWAITED))


class MissedCall(Message):
    """A caller who reached a mailbox and left nothing. It is new or done: there is nothing to be heard."""

    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="missed_calls")
    call = models.OneToOneField(Call, models.CASCADE, related_name="missed")
    at = models.DateTimeField(db_index=True)

    objects = MissedCallQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["mailbox"], name="missed_open", condition=~models.Q(status="done")),
            models.Index(fields=["-done_at"], name="missed_done", condition=models.Q(status="done")),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=["new", "done"]), name="missed_call_new_or_done")
        ]

    def __str__(self) -> str:
        return f"Missed call {self.pk}"
