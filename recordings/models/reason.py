"""Why somebody wants to hear what is not heard without a reason."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models

from recordings.models.recording import Recording


class GivenReasonQuerySet(models.QuerySet["GivenReason"]):
    def valid(self, *, at: datetime) -> Self:
        return self.filter(until__gt=at)


class GivenReason(models.Model):
    """A reason that a person has given for one recording; for a while it counts. The log of access has it for good."""

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="reasons")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    of_original = models.BooleanField(default=False)
    reason = models.CharField(max_length=255)
    at = models.DateTimeField()
    until = models.DateTimeField()

    objects = GivenReasonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recording", "user", "of_original"], name="one_reason_at_a_time")
        ]

    def __str__(self) -> str:
        return f"Reason #{self.pk}"
