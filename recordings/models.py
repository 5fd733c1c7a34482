"""Recordings, mailboxes, voicemails and who listened."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from calls.models import Call
from recordings.states import State


class RecordingQuerySet(models.QuerySet["Recording"]):
    def due(self, *, at: object) -> Self:
        """Those whose audio should be fetched now: ready, or failed and waited long enough, and claimed by nobody."""
        return self.filter(
            models.Q(state=State.READY) | models.Q(state=State.FAILED, retry_at__lte=at),
            models.Q(leased_until__isnull=True) | models.Q(leased_until__lte=at),
        )


class Recording(models.Model):
    """One piece of audio at Twilio and, once fetched, in our storage. One row by RecordingSid, whatever comes first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sid = models.CharField(max_length=64, unique=True)
    call = models.ForeignKey(Call, models.SET_NULL, null=True, related_name="recordings")
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in State], default=State.ANNOUNCED)
    source = models.CharField(max_length=32, blank=True)
    channels = models.PositiveSmallIntegerField(null=True, blank=True)
    seconds = models.PositiveIntegerField(null=True, blank=True)
    url = models.CharField(max_length=1024, blank=True)
    error_code = models.CharField(max_length=16, blank=True)
    audio = models.FileField(upload_to="", blank=True, max_length=255)
    size = models.PositiveBigIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    failure = models.TextField(blank=True)
    retry_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    announced_at = models.DateTimeField()
    recorded_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)

    objects = RecordingQuerySet.as_manager()

    class Meta:
        permissions = [("listen", "Can listen to recordings")]

    def __str__(self) -> str:
        return self.sid


class Mailbox(models.Model):
    """Where voicemails land and who is told of them."""

    name = models.CharField(max_length=80, unique=True)
    addressees = models.TextField(_("tell by e-mail"), blank=True, help_text=_("One address per line; each new voicemail is announced to them with a link."))
    tell_missed = models.BooleanField(_("tell of missed calls too"), default=False, help_text=_("Also send an e-mail when a caller reached this mailbox and left nothing."))
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="mailboxes", help_text=_("Agents who may hear and work on this mailbox."))

    class Meta:
        verbose_name_plural = "mailboxes"

    def __str__(self) -> str:
        return self.name


class Voicemail(models.Model):
    """A message that waits for a person."""

    class Status(models.TextChoices):
        NEW = "new", _("new")
        HEARD = "heard", _("heard")
        DONE = "done", _("done")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="voicemails")
    recording = models.OneToOneField(Recording, models.CASCADE, related_name="voicemail")
    call = models.ForeignKey(Call, models.SET_NULL, null=True, related_name="voicemails")
    status = models.CharField(max_length=8, choices=Status, default=Status.NEW)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=16, blank=True)
    left_at = models.DateTimeField(db_index=True)
    told_at = models.DateTimeField(null=True, blank=True, help_text=_("When the addressees were told by e-mail."))

    def __str__(self) -> str:
        return f"Voicemail {self.pk}"


class MissedCall(models.Model):
    """A caller who reached a mailbox and left nothing."""

    mailbox = models.ForeignKey(Mailbox, models.CASCADE, related_name="missed_calls")
    call = models.OneToOneField(Call, models.CASCADE, related_name="missed")
    at = models.DateTimeField(db_index=True)
    told_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Missed call {self.pk}"


class Play(models.Model):
    """Somebody listened."""

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="plays")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)

    def __str__(self) -> str:
        return f"{self.user} at {self.at:%Y-%m-%d %H:%M}"
