"""What lies on one side alone: files without rows, rows without files, recordings that only Twilio has."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from messaging.models import Media
from recordings.models import Recording
from retention.states import FindingState, Orphan


class ComparisonQuerySet(models.QuerySet["Comparison"]):
    def idle(self, *, at: datetime) -> Self:
        """Those that are not done and that no worker has."""
        return self.filter(
            models.Q(leased_until__isnull=True) | models.Q(leased_until__lte=at),
            models.Q(next_at__isnull=True) | models.Q(next_at__lte=at),
            done_at__isnull=True,
        )


class Comparison(models.Model):
    """One comparison of our rows with our storage and with Twilio, and until where it has come: a day of each side."""

    id = models.BigAutoField(primary_key=True)
    began_at = models.DateTimeField()
    until = models.DateTimeField(help_text=_("What is younger may still be on its way, and is left out."))
    storage_day = models.DateField(null=True, blank=True, help_text=_("The last day that was compared."))
    storage_done = models.BooleanField(default=False)
    twilio_day = models.DateField(null=True, blank=True, help_text=_("The last day that was compared."))
    files = models.PositiveBigIntegerField(default=0)
    copies = models.PositiveBigIntegerField(default=0)
    recordings = models.PositiveBigIntegerField(_("recordings at Twilio"), default=0)
    trouble = models.TextField(blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ComparisonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=models.Q(done_at__isnull=True), name="one_comparison_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"Comparison {self.pk}"


class FindingQuerySet(models.QuerySet["Finding"]):
    def open(self) -> Self:
        return self.filter(state=FindingState.OPEN)


class Finding(models.Model):
    """Something that has no other side. Nothing is done about it by itself."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Orphan])
    name = models.CharField(max_length=255, help_text=_("The file's name, or Twilio's sid."))
    call_sid = models.CharField(max_length=64, blank=True)
    recording = models.ForeignKey(Recording, models.SET_NULL, null=True, blank=True, related_name="+")
    media = models.ForeignKey(
        Media, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("texted media")
    )
    state = models.CharField(
        max_length=16, choices=[(one.value, one.value) for one in FindingState], default=FindingState.OPEN
    )
    made_at = models.DateTimeField(null=True, blank=True)
    found_at = models.DateTimeField()
    seen_in = models.ForeignKey(Comparison, models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=255, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = FindingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "name"], name="finding_once"),
            models.CheckConstraint(condition=models.Q(kind__in=list(Orphan)), name="finding_kind_known"),
            models.CheckConstraint(condition=models.Q(state__in=list(FindingState)), name="finding_state_known"),
        ]

    def __str__(self) -> str:
        return f"Finding {self.pk}"
