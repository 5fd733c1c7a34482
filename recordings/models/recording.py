"""One piece of audio: at Twilio, and in our storage."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from calls.models import Call
from compliance.models import Policy
from compliance.states import Subject
from queues.models import Queue
from recordings.pipeline import Stage
from recordings.states import HERE, State


class RecordingQuerySet(models.QuerySet["Recording"]):
    def due(self, *, at: datetime, stages: Collection[Stage] = tuple(Stage)) -> Self:
        """Those on which somebody should work now: claimed by nobody, and what has failed has waited long enough."""
        return self.filter(
            models.Q(retry_at__lte=at) | models.Q(retry_at__isnull=True, failure=""),
            models.Q(leased_until__isnull=True) | models.Q(leased_until__lte=at),
            stage__in=stages,
        )

    def claimed(self, *, at: datetime, stages: Collection[Stage]) -> Self:
        """Those on which somebody works."""
        return self.filter(stage__in=stages, leased_until__gt=at)

    def failing(self) -> Self:
        """Those whose last try has failed: it is tried again at `retry_at`, or a person is needed."""
        return self.exclude(stage="").exclude(failure="")

    def stuck(self) -> Self:
        """Those that are not tried again by themselves."""
        return self.failing().filter(retry_at__isnull=True)

    def silent(self, *, since: datetime) -> Self:
        """Those announced by then of which nothing more was heard, and of which we have not asked since then."""
        return self.filter(
            models.Q(asked_at__isnull=True) | models.Q(asked_at__lte=since),
            state=State.ANNOUNCED,
            announced_at__lte=since,
        )

    def kept(self) -> Self:
        """Those that nobody has deleted."""
        return self.exclude(state=State.DELETED)

    def purging(self) -> Self:
        """Those that were deleted, and of which something is left outside of our rows."""
        return self.filter(state=State.DELETED, purged_at__isnull=True)


class Recording(models.Model):
    """One piece of audio at Twilio and, once stored, with us. One row by RecordingSid, whatever comes first.

    `state` is how far it has come, `stage` what is done next, from which the columns below say how well that goes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sid = models.CharField(max_length=64, unique=True)
    call = models.ForeignKey(Call, models.SET_NULL, null=True, related_name="recordings")
    state = models.CharField(max_length=16, choices=[(s.value, s.value) for s in State], default=State.ANNOUNCED)
    stage = models.CharField(
        _("next"),
        max_length=16,
        blank=True,
        choices=[(one.value, one.value) for one in Stage],
        help_text=_("What is to be done next; empty: nothing, or it is Twilio's turn."),
    )
    clears = models.BooleanField(_("deleted at Twilio"), default=False, help_text=_("Once it is stored here."))
    transcribes = models.BooleanField(_("transcribed"), default=False)
    transcriber = models.CharField(
        _("speech to text"),
        max_length=32,
        blank=True,
        help_text=_("Chosen for this one. Empty: its queue's, or that of all."),
    )
    hides = models.BooleanField(
        _("something is hidden"),
        default=False,
        help_text=_("Most people hear the copy in which it is silent, or nothing; also when text and copy are gone."),
    )
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
    # of the stage
    attempts = models.PositiveIntegerField(default=0)
    failure = models.TextField(blank=True)
    retry_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Not before then. After the last try: when somebody says so.")
    )
    leased_until = models.DateTimeField(
        null=True, blank=True, help_text=_("A worker works on it until then; later, its claim is void.")
    )
    announced_at = models.DateTimeField()
    asked_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When Twilio was last asked about it, because it said nothing.")
    )
    recorded_at = models.DateTimeField(null=True, blank=True)
    stored_at = models.DateTimeField(null=True, blank=True)
    cleared_at = models.DateTimeField(null=True, blank=True, help_text=_("When it was seen to be gone at Twilio."))
    # of a deleted one, whose row stays so that no late word of Twilio's brings it back
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_for = models.CharField(
        max_length=64, blank=True, help_text=_("What deleted it: a run of a rule, an erasure, a person.")
    )
    purged_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When its files and Twilio's audio were gone, too.")
    )

    objects = RecordingQuerySet.as_manager()

    class Meta:
        permissions = [
            ("listen", "Can listen to recordings"),
            ("listen_everywhere", "Can listen to recordings of every team"),
            ("share", "Can share recordings by links"),
            ("export", "Can take recordings out as files"),
        ]
        indexes = [
            models.Index(fields=["-announced_at"], name="recording_announced"),
            # the sweeps and the count of claims look only at what is not settled
            models.Index(fields=["announced_at"], name="recording_in_work", condition=~models.Q(stage="")),
            models.Index(
                fields=["announced_at"], name="recording_unsettled", condition=models.Q(state=State.ANNOUNCED)
            ),
            models.Index(
                fields=["deleted_at"],
                name="recording_purging",
                condition=models.Q(state=State.DELETED, purged_at__isnull=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=list(State)), name="recording_state_known"),
            models.CheckConstraint(condition=models.Q(stage__in=["", *Stage]), name="recording_stage_known"),
        ]

    def __str__(self) -> str:
        return self.sid

    @property
    def is_here(self) -> bool:
        """Whether the sound lies in our storage."""
        return self.state in HERE

    @property
    def is_failing(self) -> bool:
        """Whether the last try at what comes next has failed."""
        return bool(self.stage and self.failure)
