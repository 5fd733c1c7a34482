"""Runs: what the retention rules have removed, and what they would remove."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from compliance.models import RetentionRule
from compliance.states import Kept
from retention.states import RUN_OPEN, RunState


class RunQuerySet(models.QuerySet["Run"]):
    def open(self) -> Self:
        return self.filter(state__in=RUN_OPEN)

    def idle(self, *, at: datetime) -> Self:
        """Those that should go on and that no worker has."""
        return self.filter(models.Q(leased_until__isnull=True) | models.Q(leased_until__lte=at), state=RunState.RUNNING)


class Run(models.Model):
    """One carrying out of one rule: what it found, what it removed, and until where it has come.

    Of what it removed nothing is named, only the number. The rule may change or go; `words` say what it was.
    """

    id = models.BigAutoField(primary_key=True)
    rule = models.ForeignKey(
        RetentionRule,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="runs",
        help_text=_("Empty: the rule is gone, or it is that of the settings."),
    )
    kind = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Kept])
    days = models.PositiveIntegerField()
    words = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text=_("Of the rule and of those that go before it."))
    state = models.CharField(max_length=16, choices=[(one.value, one.value) for one in RunState])
    before = models.DateTimeField(help_text=_("What was made before then."))
    planned = models.PositiveIntegerField(help_text=_("How many it found."))
    oldest = models.DateTimeField(null=True, blank=True)
    held = models.PositiveIntegerField(default=0, help_text=_("How many more legal holds keep."))
    removed = models.PositiveIntegerField(default=0)
    cursor_at = models.DateTimeField(null=True, blank=True, editable=False)
    cursor = models.CharField(max_length=64, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    planned_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        permissions = [("approve_run", "Can let a large first run of a rule begin")]
        indexes = [models.Index(fields=["-planned_at"], name="run_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["rule"],
                condition=models.Q(state__in=sorted(RUN_OPEN), rule__isnull=False),
                name="one_open_run_per_rule",
            ),
            models.CheckConstraint(condition=models.Q(state__in=list(RunState)), name="run_state_known"),
        ]

    def __str__(self) -> str:
        return f"Run {self.pk}"
