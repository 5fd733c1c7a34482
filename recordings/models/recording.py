"""One piece of audio: at Twilio, and in our storage."""

import uuid
from datetime import datetime
from typing import Self

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, User
from calls.models import Call
from compliance.models import Policy
from compliance.states import Subject
from queues.models import Queue
from recordings.states import State


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
    # what it is of, as it was when it was made: rules, rights and search ask for it
    subject = models.CharField(
        max_length=16,
        choices=[(one.value, one.value) for one in Subject],
        default=Subject.VOICEMAIL,
    )
    policy = models.ForeignKey(Policy, models.SET_NULL, null=True, blank=True, related_name="+")
    number = models.CharField(_("our number"), max_length=64, blank=True)
    queue = models.ForeignKey(Queue, models.SET_NULL, null=True, blank=True, related_name="recordings")
    agent = models.ForeignKey(Agent, models.SET_NULL, null=True, blank=True, related_name="recordings")
    language = models.CharField(max_length=16, blank=True)
    speakers = models.JSONField(default=list, blank=True, help_text=_("Who is on which channel, in their order."))
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
        return Recording.objects.filter(pk=self.pk, voicemail__mailbox__members=user).exists()
