"""Recordings, mailboxes, voicemails and who listened."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents.models import User
from calls.models import Call
from recordings.states import State, VoicemailStatus

# An addressee who is entered today is not told of last month's calls.
TOLD_WITHIN = timedelta(days=1)
# A voicemail is announced when its audio is there, or after this time all the same.
AUDIO_AWAITED = timedelta(minutes=10)
# A call counts as missed when its caller hangs up; the message may be told of a moment later.
MESSAGE_AWAITED = timedelta(minutes=1)


class RecordingQuerySet(models.QuerySet["Recording"]):
    def due(self, *, at: datetime) -> Self:
        """Those whose audio should be fetched now: ready, or failed and waited long enough, and claimed by nobody."""
        return self.filter(
            models.Q(state=State.READY) | models.Q(state=State.FAILED, retry_at__lte=at),
            models.Q(leased_until__isnull=True) | models.Q(leased_until__lte=at),
        )

    def claimed(self, *, at: datetime) -> Self:
        """Those whose audio is being fetched."""
        return self.filter(state__in=[State.READY, State.FAILED], leased_until__gt=at)

    def silent(self, *, since: datetime) -> Self:
        """Those announced by then of which nothing more was heard, and of which we have not asked since then."""
        return self.filter(
            models.Q(asked_at__isnull=True) | models.Q(asked_at__lte=since),
            state=State.ANNOUNCED,
            announced_at__lte=since,
        )

    def visible_to(self, user: User) -> Self:
        if user.has_perm("recordings.see_every_mailbox"):
            return self
        return self.filter(voicemail__mailbox__members=user)


class Recording(models.Model):
    """One piece of audio at Twilio and, once fetched, in our storage. One row by RecordingSid, whatever comes first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sid = models.CharField(max_length=64, unique=True)
    call = models.ForeignKey(Call, models.SET_NULL, null=True, related_name="recordings")
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in State], default=State.ANNOUNCED)
    source = models.CharField(max_length=32, blank=True)
    channels = models.PositiveSmallIntegerField(null=True, blank=True)
    seconds = models.PositiveIntegerField(_("length"), null=True, blank=True)
    url = models.CharField(max_length=1024, blank=True)
    error_code = models.CharField(max_length=16, blank=True)
    audio = models.FileField(upload_to="", blank=True, max_length=255)
    size = models.PositiveBigIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    failure = models.TextField(blank=True)
    retry_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(
        null=True, blank=True, help_text=_("A worker fetches it until then; later, its claim is void.")
    )
    announced_at = models.DateTimeField()
    asked_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When Twilio was last asked about it, because it said nothing.")
    )
    recorded_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)

    objects = RecordingQuerySet.as_manager()

    class Meta:
        permissions = [("listen", "Can listen to recordings")]
        indexes = [
            models.Index(fields=["-announced_at"], name="recording_announced"),
            # the sweep and the count of claims look only at what is not settled
            models.Index(
                fields=["announced_at"],
                name="recording_unsettled",
                condition=models.Q(state__in=[State.ANNOUNCED, State.FAILED, State.READY]),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=list(State)), name="recording_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state=State.FETCHED) | ~models.Q(audio="") & ~models.Q(sha256=""),
                name="fetched_recording_has_audio",
            ),
        ]

    def __str__(self) -> str:
        return self.sid

    @property
    def path(self) -> str:
        """Where in our storage the audio belongs."""
        return f"recordings/{self.announced_at:%Y/%m/%d}/{self.pk}.wav"

    def may_be_heard_by(self, user: AbstractBaseUser | AnonymousUser) -> bool:
        """Tell whether this person may listen: by permission, or as a member of the mailbox it was left in."""
        if not isinstance(user, User) or not user.is_active:
            return False
        if user.has_perm("recordings.listen"):
            return True
        return Mailbox.objects.filter(voicemails__recording=self, members=user).exists()


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
            models.Q(recording__state=State.FETCHED) | models.Q(left_at__lte=at - AUDIO_AWAITED),
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


class Play(models.Model):
    """Somebody listened."""

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="plays")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_index=True)
    address = models.GenericIPAddressField(null=True)

    def __str__(self) -> str:
        return f"{self.user} at {self.at:%Y-%m-%d %H:%M}"
