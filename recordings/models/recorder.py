"""Recorders: what we want of one, and what Twilio confirms, side by side."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from calls.models import Call
from compliance.models import Policy
from conferences.models import Conference, Participant
from recordings.models.recording import Recording
from recordings.recorder import PauseReason, RecorderState, RecorderWish
from recordings.states import State


class RecorderQuerySet(models.QuerySet["Recorder"]):
    def live(self) -> Self:
        return self.exclude(state__in=[RecorderState.STOPPED, RecorderState.FAILED])

    def unwanted(self) -> Self:
        """Those that Twilio has stopped, and whose recording is to be deleted and is not."""
        over = self.filter(state__in=[RecorderState.STOPPED, RecorderState.FAILED], unwanted_at__isnull=False)
        return over.filter(recording__isnull=False).exclude(recording__state=State.DELETED)


class Recorder(models.Model):
    """One recorder on one leg, from the wish for it until Twilio says that it has stopped.

    `wants` follows from the rules (`recordings.recorder`), written by actions alone; `state` is what Twilio confirms.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(
        Call, models.CASCADE, related_name="recorders", help_text=_("The customer's call, whose leg it need not be.")
    )
    call_sid = models.CharField(max_length=64, db_index=True, help_text=_("The leg that is recorded."))
    conference = models.ForeignKey(Conference, models.SET_NULL, null=True, blank=True, related_name="recorders")
    participant = models.ForeignKey(Participant, models.SET_NULL, null=True, blank=True, related_name="recorders")
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="+")
    channels = models.PositiveSmallIntegerField()
    speakers = models.JSONField(default=list, help_text=_("Who is on which channel, in their order."))
    wants = models.CharField(max_length=8, choices=[(one.value, one.value) for one in RecorderWish])
    state = models.CharField(
        max_length=8, choices=[(one.value, one.value) for one in RecorderState], default=RecorderState.WANTED
    )
    recording = models.OneToOneField(Recording, models.SET_NULL, null=True, blank=True, related_name="recorder")
    failure = models.CharField(max_length=255, blank=True)
    wanted_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True, help_text=_("It is asked for once."))
    steered_at = models.DateTimeField(null=True, blank=True)
    began_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    unwanted_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When consent was taken back: what it has recorded is deleted.")
    )

    objects = RecorderQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["wanted_at"],
                name="recorder_live",
                condition=~models.Q(state__in=[RecorderState.STOPPED, RecorderState.FAILED]),
            ),
            models.Index(
                fields=["unwanted_at"], name="recorder_unwanted", condition=models.Q(unwanted_at__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["call_sid", "policy"],
                condition=~models.Q(state__in=[RecorderState.STOPPED, RecorderState.FAILED]),
                name="one_recorder_per_leg_and_policy",
            )
        ]

    def __str__(self) -> str:
        return f"Recorder {self.pk}"


class Pause(models.Model):
    """A stretch that is not on a recording, and why. Several may lie over each other."""

    recorder = models.ForeignKey(Recorder, models.CASCADE, related_name="pauses")
    reason = models.CharField(max_length=16, choices=[(one.value, one.value) for one in PauseReason])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True, help_text=_("When it ends by itself."))
    until = models.DateTimeField(null=True, blank=True)
    ran_out = models.BooleanField(default=False, help_text=_("It was forgotten, and ended by itself."))

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="pause_open", condition=models.Q(until__isnull=True))]
        constraints = [
            models.UniqueConstraint(
                fields=["recorder", "reason"], condition=models.Q(until__isnull=True), name="one_open_pause_per_reason"
            )
        ]

    def __str__(self) -> str:
        return f"Pause #{self.pk}"
