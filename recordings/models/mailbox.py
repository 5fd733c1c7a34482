"""Mailboxes, the messages in them, and calls that left none."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents.models import User
from calls.models import Call
from recordings.models.recording import Recording
from recordings.states import HERE, VoicemailStatus

# An addressee who is entered today is not told of last month's calls.
TOLD_WITHIN = timedelta(days=1)
# A voicemail is announced when its audio is there, or after this time all the same.
AUDIO_AWAITED = timedelta(minutes=10)
# A call counts as missed when its caller hangs up; the message may be told of a moment later.
MESSAGE_AWAITED = timedelta(minutes=1)


def validate_addressees(text: str) -> None:
    for line in text.split():
        try:
            validate_email(line)
        except ValidationError:
            raise ValidationError(_("%(line)s is not an e-mail address."), params={"line": line}) from None


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


class VoicemailQuerySet(models.QuerySet["Voicemail"]):
    def untold(self, *, at: datetime) -> Self:
        """Those whose addressees should be told now, and which nobody is telling of."""
        return self.filter(
            models.Q(recording__state__in=HERE) | models.Q(left_at__lte=at - AUDIO_AWAITED),
            models.Q(telling_until__isnull=True) | models.Q(telling_until__lte=at),
            told_at__isnull=True,
            left_at__gte=at - TOLD_WITHIN,
        ).exclude(mailbox__addressees="")

    def visible_to(self, user: User) -> Self:
        if user.has_perm("recordings.see_every_mailbox"):
            return self
        return self.filter(mailbox__members=user)


class Voicemail(Notice):
    """A message that waits for a person."""

    Status = VoicemailStatus

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="voicemails")
    recording = models.OneToOneField(Recording, models.CASCADE, related_name="voicemail")
    call = models.ForeignKey(Call, models.SET_NULL, null=True, related_name="voicemails")
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
    language = models.CharField(max_length=16, blank=True)
    left_at = models.DateTimeField(db_index=True)

    objects = VoicemailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=list(VoicemailStatus)), name="voicemail_status_known")
        ]

    def __str__(self) -> str:
        return f"Voicemail {self.pk}"


class MissedCallQuerySet(models.QuerySet["MissedCall"]):
    def untold(self, *, at: datetime) -> Self:
        """Those whose addressees want to be told, and which nobody is telling of."""
        return self.filter(
            models.Q(telling_until__isnull=True) | models.Q(telling_until__lte=at),
            mailbox__tell_missed=True,
            told_at__isnull=True,
            at__range=(at - TOLD_WITHIN, at - MESSAGE_AWAITED),
        ).exclude(mailbox__addressees="")

    def visible_to(self, user: User) -> Self:
        if user.has_perm("recordings.see_every_mailbox"):
            return self
        return self.filter(mailbox__members=user)


class MissedCall(Notice):
    """A caller who reached a mailbox and left nothing."""

    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="missed_calls")
    call = models.OneToOneField(Call, models.CASCADE, related_name="missed")
    at = models.DateTimeField(db_index=True)

    objects = MissedCallQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Missed call {self.pk}"
