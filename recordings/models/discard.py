"""Files that nobody speaks of any more."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from recordings.models.recording import Recording


class Discard(models.Model):
    """A file of a deleted copy that still is to be deleted from our storage: written with the deletion of its row."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=255)
    recording = models.ForeignKey(Recording, models.SET_NULL, null=True, related_name="discards")
    at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    failure = models.TextField(blank=True)
    retry_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(
        null=True, blank=True, help_text=_("A worker deletes it until then; later, its claim is void.")
    )

    class Meta:
        indexes = [models.Index(fields=["at"], name="discard_oldest")]

    def __str__(self) -> str:
        return f"Discard #{self.pk}"
