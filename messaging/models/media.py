"""Pictures and files that people send, and what is still to be deleted of texts that are gone."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from messaging.models.message import Message
from messaging.states import MediaState


class MediaQuerySet(models.QuerySet["Media"]):
    def due(self, *, at: datetime) -> Self:
        """Those that somebody should fetch now: claimed by nobody, and what has failed has waited long enough."""
        return self.filter(
            models.Q(retry_at__lte=at) | models.Q(retry_at__isnull=True, failure=""),
            models.Q(leased_until__isnull=True) | models.Q(leased_until__lte=at),
            state=MediaState.ANNOUNCED,
        )


class Media(models.Model):
    """One picture or file of a text: at Twilio and, once stored, sealed in our storage like the recordings.

    `size` and `sha256` are those of the content itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(Message, models.CASCADE, related_name="media")
    sid = models.CharField(max_length=64)
    content_type = models.CharField(max_length=128, blank=True)
    state = models.CharField(
        max_length=16, choices=[(one.value, one.value) for one in MediaState], default=MediaState.ANNOUNCED
    )
    name = models.CharField(max_length=255, blank=True)
    size = models.PositiveBigIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    key_id = models.CharField(max_length=32, blank=True)
    sealed_key = models.BinaryField(default=b"", blank=True)
    announced_at = models.DateTimeField()
    stored_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    failure = models.TextField(blank=True)
    retry_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Not before then. After the last try: when somebody says so.")
    )
    leased_until = models.DateTimeField(
        null=True, blank=True, help_text=_("A worker fetches it until then; later, its claim is void.")
    )

    objects = MediaQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "media"
        permissions = [("look_at_media", "Can look at pictures and files that people have texted")]
        indexes = [
            models.Index(fields=["announced_at"], name="media_by_day"),
            models.Index(fields=["announced_at"], name="media_in_work", condition=models.Q(state=MediaState.ANNOUNCED)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["message", "sid"], name="media_once_per_message"),
            models.CheckConstraint(condition=models.Q(state__in=list(MediaState)), name="media_state_known"),
            models.CheckConstraint(
                condition=models.Q(key_id="", sealed_key=b"") | ~models.Q(key_id="") & ~models.Q(sealed_key=b""),
                name="media_has_a_whole_key",
            ),
        ]

    def __str__(self) -> str:
        return f"Media {self.pk}"

    @property
    def is_here(self) -> bool:
        return self.state == MediaState.STORED


class Removal(models.Model):
    """What is left elsewhere of a text that was deleted: a file of our storage, or Twilio's copy. Written with it."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=255, blank=True, help_text=_("Of a file."))
    sid = models.CharField(max_length=64, blank=True, help_text=_("Of a text at Twilio."))
    thread = models.UUIDField(null=True, blank=True, db_index=True, help_text=_("Of which it was."))
    at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    failure = models.TextField(blank=True)
    retry_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="removal_oldest")]

    def __str__(self) -> str:
        return f"Removal #{self.pk}"
