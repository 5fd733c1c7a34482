"""What was said, as text."""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from recordings.models.recording import Recording
from recordings.states import TranscriptState


class Transcript(models.Model):
    """One try of one provider at a recording; the current one, which is redacted, is shown and searched.

    `segments` is what people see, redacted: a list of start, end, speaker, text, confidence. `original` is what the
    provider wrote (`recordings.speech.transcript`), sealed; before that, where it answers later, the answer as it came.
    It needs a permission and a reason. The columns below serve the search.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recording = models.ForeignKey(Recording, models.CASCADE, related_name="transcripts")
    state = models.CharField(
        max_length=8, choices=[(one.value, one.value) for one in TranscriptState], default=TranscriptState.WRITTEN
    )
    is_current = models.BooleanField(default=True)
    provider = models.CharField(max_length=32)
    version = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=16, blank=True)
    language_detected = models.BooleanField(default=False)
    confidence = models.FloatField(null=True, blank=True)
    cost = models.DecimalField(max_digits=10, decimal_places=5, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    segments = models.JSONField(default=list)
    findings = models.JSONField(default=list, help_text=_("What was hidden: kind, speaker, start, end."))
    original = models.BinaryField(null=True, editable=False)
    original_key = models.JSONField(default=dict, editable=False, help_text=_("How the original is sealed."))
    request_id = models.CharField(max_length=80, blank=True, help_text=_("The provider's, where it answers later."))
    made_at = models.DateTimeField()
    redacted_at = models.DateTimeField(null=True, blank=True)
    # for the search
    text = models.TextField(blank=True)
    search = SearchVectorField(null=True, editable=False)
    recorded_at = models.DateTimeField()
    subject = models.CharField(max_length=16, blank=True)
    # no index of their own: those below begin with them
    queue = models.ForeignKey("queues.Queue", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    agent = models.ForeignKey(Agent, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    mailbox = models.ForeignKey(
        "recordings.Mailbox", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        permissions = [("read_original", "Can read and hear what the redaction hides")]
        indexes = [
            # without a list of what is still to be sorted in, which each search would read from end to end
            GinIndex(fields=["search"], name="transcript_search", fastupdate=False),
            models.Index(
                fields=["-recorded_at", "-recording"], name="transcript_latest", condition=models.Q(is_current=True)
            ),
            models.Index(fields=["queue", "-recorded_at", "-recording"], name="transcript_queue"),
            models.Index(fields=["agent", "-recorded_at", "-recording"], name="transcript_agent"),
            models.Index(fields=["mailbox", "-recorded_at", "-recording"], name="transcript_mailbox"),
            models.Index(fields=["subject", "-recorded_at", "-recording"], name="transcript_subject"),
            models.Index(fields=["language"], name="transcript_language", condition=models.Q(is_current=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["recording"], condition=models.Q(is_current=True), name="one_current_transcript"
            ),
            models.UniqueConstraint(
                fields=["recording"],
                condition=models.Q(is_current=False, redacted_at__isnull=True),
                name="one_transcript_in_work",
            ),
            models.CheckConstraint(condition=models.Q(state__in=list(TranscriptState)), name="transcript_state_known"),
        ]

    def __str__(self) -> str:
        return f"Transcript {self.pk}"

    @property
    def context(self) -> str:
        """What the key of the sealed original is for."""
        return f"transcript {self.pk}"
