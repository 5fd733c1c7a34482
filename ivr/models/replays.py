"""Replays: what the recorded visits of a period would come to in a draft."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from calls.models import Call
from ivr.models.drafts import Flow
from ivr.states import REPLAY_OPEN, ReplayState


class ReplayQuerySet(models.QuerySet["Replay"]):
    def open(self) -> Self:
        return self.filter(state__in=REPLAY_OPEN)

    def idle(self, *, at: datetime) -> Self:
        """Those on which nobody works, though there is something to do."""
        return self.open().filter(models.Q(leased_until__isnull=True) | models.Q(leased_until__lte=at))


class Replay(models.Model):
    """The visits of a period walked through a document of a flow, which may be changed or published meanwhile.

    `digest` is that of the document. `after_at` and `after` are the last call that was looked at; `figures` are as in
    `ivr.replay.figures`. Who works on it has it until `leased_until`.
    """

    flow = models.ForeignKey(Flow, models.CASCADE, related_name="replays")
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("to"))
    lines = models.JSONField(default=list, blank=True, help_text=_("The ids of lines; empty for all."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(
        max_length=16, choices=[(state.value, state.value) for state in ReplayState], default=ReplayState.WANTED
    )
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict, blank=True)
    trouble = models.CharField(max_length=200, blank=True)
    wanted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    after_at = models.DateTimeField(null=True, blank=True, editable=False)
    after = models.UUIDField(null=True, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ReplayQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["flow", "-wanted_at"], name="replay_of_flow")]
        constraints = [
            models.UniqueConstraint(
                fields=["flow"], condition=models.Q(state__in=sorted(REPLAY_OPEN)), name="one_open_replay_per_flow"
            )
        ]

    def __str__(self) -> str:
        return f"replay {self.pk} of flow {self.flow}"

    @property
    def last_at(self) -> datetime:
        """The last moment of the last day."""
        return self.until - timedelta(microseconds=1)

    @property
    def is_open(self) -> bool:
        return self.state in REPLAY_OPEN


class ReplayedVisit(models.Model):
    """A call that would come elsewhere, or of which that is not known; it goes with its call.

    `was` and `would` are keys of places; without `would`, `why` and `step` say what is not known.
    """

    id = models.BigAutoField(primary_key=True)
    replay = models.ForeignKey(Replay, models.CASCADE, related_name="visits")
    call = models.ForeignKey(Call, models.CASCADE, related_name="+")
    was = models.CharField(max_length=48, blank=True)
    would = models.CharField(max_length=48, blank=True)
    is_open = models.BooleanField(default=False, help_text=_("How it goes on there is not known."))
    why = models.CharField(max_length=16, blank=True)
    step = models.CharField(max_length=32, blank=True)

    class Meta:
        indexes = [models.Index(fields=["replay", "was", "would", "why", "step", "id"], name="replayed_by_figure")]
        constraints = [models.UniqueConstraint(fields=["replay", "call"], name="call_once_per_replay")]

    def __str__(self) -> str:
        return f"call {self.call_id} in replay {self.replay_id}"
