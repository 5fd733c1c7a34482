"""Links by which somebody without an account hears one recording for a while."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models

from recordings.models.recording import Recording


class ShareLinkQuerySet(models.QuerySet["ShareLink"]):
    def open(self, *, at: datetime) -> Self:
        """Those that neither ran out nor were taken back."""
        return self.filter(expires_at__gt=at, revoked_at__isnull=True)


class ShareLink(models.Model):
    """Somebody lets somebody else hear a recording, until the link expires or is taken back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recording = models.ForeignKey(Recording, models.CASCADE, related_name="shares")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=255)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["recording", "-at"], name="share_of_recording")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("at")), name="share_expires_after_it_was_made"
            )
        ]

    def __str__(self) -> str:
        return f"Link {self.pk}"
