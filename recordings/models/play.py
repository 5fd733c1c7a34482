"""Who listened."""

from django.conf import settings
from django.db import models

from recordings.models.recording import Recording


class Play(models.Model):
    """Somebody listened."""

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="plays")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_index=True)
    address = models.GenericIPAddressField(null=True)

    def __str__(self) -> str:
        return f"{self.user} at {self.at:%Y-%m-%d %H:%M}"
