"""The files of a recording."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from recordings.models.recording import Recording
from recordings.states import CopyKind


class Copy(models.Model):
    """One file of a recording: in the spool while the recording is on its way, then in our storage.

    `size` and `sha256` are those of the sound itself, whether or not the file is sealed (`recordings.vault`).
    """

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="copies")
    kind = models.CharField(max_length=16, choices=[(one.value, one.value) for one in CopyKind])
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    seconds = models.FloatField(null=True, blank=True)
    key_id = models.CharField(max_length=32, blank=True)
    sealed_key = models.BinaryField(default=b"", blank=True)
    made_at = models.DateTimeField()
    waves = models.JSONField(
        default=list, blank=True, help_text=_("How loud each channel gets, from beginning to end, once somebody asked.")
    )

    class Meta:
        verbose_name_plural = "copies"
        constraints = [
            models.UniqueConstraint(fields=["recording", "kind"], name="one_copy_of_a_kind"),
            models.CheckConstraint(condition=models.Q(kind__in=list(CopyKind)), name="copy_kind_known"),
            models.CheckConstraint(
                condition=models.Q(key_id="", sealed_key=b"") | ~models.Q(key_id="") & ~models.Q(sealed_key=b""),
                name="copy_has_a_whole_key",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.recording_id}"
