"""Documents on their way to callers: proposed to a second person, planned for a time, or both."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ivr.models.drafts import Flow
from ivr.models.visits import Version
from ivr.states import OPEN_RELEASES, ReleaseState

#: how long one that is due is given before somebody has to look why nothing happens
OVERDUE = timedelta(minutes=5)


class ReleaseQuerySet(models.QuerySet["Release"]):
    def open(self) -> Self:
        """Those that can still come to callers."""
        return self.filter(state__in=OPEN_RELEASES)

    def due(self, *, at: datetime) -> Self:
        return self.filter(state=ReleaseState.PLANNED, publish_at__lte=at)

    def overdue(self, *, at: datetime) -> Self:
        """Those whose time is over for so long that no worker can be at work on them."""
        return self.due(at=at - OVERDUE)

    def untold(self, *, at: datetime) -> Self:
        """Those of which somebody should be told what became of them, and of which nobody is telling."""
        return self.filter(models.Q(telling_until__isnull=True) | models.Q(telling_until__lte=at)).exclude(
            told_state=models.F("state")
        )


class Release(models.Model):
    """A flow's document, frozen when it was proposed or planned. It becomes a version only as it is.

    `restores` is the version whose document it is, `despite` why it may be published although scenarios fail, and
    `reasoned_by` who says so. Once it has ended, `ended_because` says why, or what was in the way. `told_state` is the
    last state that people were told of.
    """

    flow = models.ForeignKey(Flow, models.CASCADE, related_name="releases")
    document = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    restores = models.ForeignKey(Version, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    despite = models.CharField(max_length=500, blank=True)
    reasoned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    publish_at = models.DateTimeField(null=True, blank=True, help_text=_("Empty: as soon as somebody approves it."))
    state = models.CharField(max_length=16, choices=[(state.value, state.value) for state in ReleaseState])
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.TextField(blank=True)
    version = models.OneToOneField(Version, models.PROTECT, null=True, blank=True, related_name="release")
    told_state = models.CharField(max_length=16, blank=True)
    telling_until = models.DateTimeField(null=True, blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["flow", "fingerprint", "publish_at"],
                condition=models.Q(state__in=sorted(OPEN_RELEASES)),
                nulls_distinct=False,
                name="the_same_is_proposed_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ReleaseState.PLANNED) | models.Q(publish_at__isnull=False),
                name="what_is_planned_has_its_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state=ReleaseState.PUBLISHED) ^ models.Q(version__isnull=True),
                name="what_is_published_has_its_version",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("proposed_by")),
                name="nobody_approves_their_own",
            ),
        ]
        indexes = [models.Index(fields=["state", "publish_at"], name="release_by_state_and_time")]

    def __str__(self) -> str:
        return f"release {self.pk} of flow {self.flow}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_RELEASES

    @property
    def is_proposed(self) -> bool:
        return self.state == ReleaseState.PROPOSED

    @property
    def is_planned(self) -> bool:
        return self.state == ReleaseState.PLANNED
