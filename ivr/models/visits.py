"""What callers meet: published versions, the lines that lead to them, and the visits of calls."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from calls.models import Call
from ivr.apology import Emergency
from ivr.models.drafts import Flow, Source
from ivr.states import LookUpState


class Version(models.Model):
    """A published flow, frozen: a trigger in the database refuses to change its document."""

    flow = models.ForeignKey(Flow, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    note = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    restored_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    despite = models.CharField(
        max_length=500, blank=True, help_text=_("Why it was published although scenarios failed; empty where none did.")
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flow", "number"], name="version_number_once_per_flow")]

    def __str__(self) -> str:
        return f"{self.flow} version {self.number}"


class Line(models.Model):
    """An address that callers reach us at, and the flow that answers. `*` is every address without its own line."""

    name = models.CharField(max_length=80)
    address = models.CharField(
        max_length=255,
        unique=True,
        help_text=_("+15005550100, sip:desk@company.sip.twilio.com, client:desk, or * for all others."),
    )
    flow = models.ForeignKey(Flow, models.PROTECT, null=True, blank=True, related_name="lines")
    emergency_text = models.TextField(
        help_text=_("Said when the flow cannot be: nothing published, or our servers in trouble.")
    )
    emergency_language = models.CharField(max_length=16, default="en-US")
    emergency_voice = models.CharField(max_length=64, blank=True)
    forward_to = models.CharField(max_length=64, blank=True, help_text=_("After the emergency text, ring this number."))

    def __str__(self) -> str:
        return f"{self.name} ({self.address})"

    @property
    def emergency(self) -> Emergency:
        return Emergency(self.emergency_text, self.emergency_language, self.emergency_voice, self.forward_to)


class Visit(models.Model):
    """One call's walk through versions of flows. `turn` counts our answers; only the present one moves anything."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.OneToOneField(Call, models.CASCADE, related_name="visit")
    line = models.ForeignKey(Line, models.SET_NULL, null=True, related_name="visits")
    version = models.ForeignKey(Version, models.PROTECT, related_name="visits")
    turn = models.PositiveIntegerField(default=0)
    position = models.JSONField()
    answer = models.TextField()
    screened = models.JSONField(default=dict)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=64, blank=True)

    class Meta:
        # who is in a flow now, among all who ever were
        indexes = [models.Index(fields=["version"], name="visit_going_on", condition=models.Q(ended_at__isnull=True))]

    def __str__(self) -> str:
        return f"Visit {self.pk}"


class LookUp(models.Model):
    """A question to a source while a caller hears a message. The row is what a worker takes up, until `expires_at`.

    `sent` are the variables that go along, `keep` the names that count in the answer, `answer` their values.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, models.CASCADE, related_name="look_ups")
    source = models.ForeignKey(Source, models.SET_NULL, null=True, related_name="+")
    step = models.CharField(max_length=32)
    language = models.CharField(max_length=16, blank=True)
    sent = models.JSONField(default=dict)
    keep = models.JSONField(default=list)
    state = models.CharField(
        max_length=16, choices=[(state.value, state.value) for state in LookUpState], default=LookUpState.WANTED
    )
    answer = models.JSONField(null=True)
    trouble = models.CharField(max_length=200, blank=True)
    milliseconds = models.PositiveIntegerField(null=True)
    wanted_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["call", "-wanted_at"], name="look_up_of_call")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=LookUpState.ANSWERED) ^ models.Q(answer__isnull=True),
                name="look_up_is_answered_with_an_answer",
            )
        ]

    def __str__(self) -> str:
        return f"look-up {self.pk}"
