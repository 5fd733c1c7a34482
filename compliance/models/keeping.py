"""What must be kept, and what has an end."""

import uuid
from datetime import date
from typing import Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents.models import Team
from calls.models import Call
from compliance.states import Kept


class HoldQuerySet(models.QuerySet["Hold"]):
    def active(self) -> Self:
        return self.filter(lifted_at__isnull=True)

    def due(self, *, on: date) -> Self:
        """Those whose owners should look whether they are still needed."""
        return self.active().filter(review_at__lte=on)


class Hold(models.Model):
    """A legal hold: nothing that it covers is deleted, by whatever way, until somebody lifts it.

    It covers the conversations to which all that is named applies, with each of their calls and all that hangs on them.
    Triggers in the database see to that, and to that what an active one names never changes (`compliance.holds`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("case"), max_length=80)
    reason = models.TextField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    review_at = models.DateField(_("review on"))
    caller = models.CharField(max_length=255, blank=True, help_text=_("The number at the other end."))
    number = models.CharField(_("our number"), max_length=64, blank=True)
    call = models.ForeignKey(
        Call, models.SET_NULL, null=True, blank=True, related_name="+", help_text=_("The whole conversation.")
    )
    queue = models.ForeignKey("queues.Queue", models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateTimeField(_("calls from"), null=True, blank=True)
    until = models.DateTimeField(_("calls until"), null=True, blank=True)
    told_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("When the owner was told by e-mail that the review is due.")
    )
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_because = models.TextField(blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        permissions = [("lift_hold", "Can lift legal holds")]
        indexes = [
            models.Index(fields=["placed_at"], name="hold_active", condition=models.Q(lifted_at__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(caller="")
                | ~models.Q(number="")
                | models.Q(call__isnull=False)
                | models.Q(queue__isnull=False)
                | models.Q(since__isnull=False)
                | models.Q(until__isnull=False)
                # a lifted one outlives its call, and the number of somebody who was erased
                | models.Q(lifted_at__isnull=False),
                name="hold_covers_something",
            )
        ]

    def __str__(self) -> str:
        return self.name


class RetentionRule(models.Model):
    """How long something is kept. Of the rules that fit an item, the most specific counts (`compliance.keeping`)."""

    kind = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Kept])
    number = models.CharField(_("our number"), max_length=64, blank=True)
    queue = models.ForeignKey("queues.Queue", models.PROTECT, null=True, blank=True, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    days = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: kept until somebody deletes it."),
    )
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "number", "queue", "team"], nulls_distinct=False, name="one_rule_per_scope"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=list(Kept)), name="rule_kind_known"),
            models.CheckConstraint(
                condition=models.Q(days__isnull=True) | models.Q(days__gte=1), name="rule_keeps_a_day_at_least"
            ),
        ]

    def __str__(self) -> str:
        return f"Rule {self.pk} for {self.kind}"
