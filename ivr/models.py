"""Flows and what they are made of, their published versions, the lines that lead to them, and the visits of calls."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from calls.models import Call
from conferences.models import Room
from ivr.kinds import KIND_CHOICES
from ivr.states import LookUpState
from queues.models import Queue
from recordings.models import Mailbox


class Audio(models.Model):
    """An uploaded sound, turned into telephone audio and kept under the hash of its bytes."""

    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    name = models.CharField(max_length=120)
    file = models.FileField(upload_to="", editable=False)
    seconds = models.FloatField(editable=False)
    uploaded_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name_plural = "audio"

    def __str__(self) -> str:
        return self.name


class Prompt(models.Model):
    """Something callers hear: in each language a text, or a sound."""

    name = models.CharField(max_length=80, unique=True)

    def __str__(self) -> str:
        return self.name


class Wording(models.Model):
    """A prompt in one language."""

    prompt = models.ForeignKey(Prompt, models.CASCADE, related_name="wordings")
    language = models.CharField(max_length=16)
    text = models.TextField(blank=True)
    voice = models.CharField(max_length=64, blank=True, help_text=_("Empty: the flow's voice for the language."))
    audio = models.ForeignKey(
        Audio,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="wordings",
        help_text=_("Played in place of the text."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prompt", "language"], name="one_wording_per_language"),
            models.CheckConstraint(
                condition=~models.Q(text="") | models.Q(audio__isnull=False), name="wording_has_text_or_audio"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prompt} ({self.language})"


class Schedule(models.Model):
    """Opening hours under a name, in the zone of the place they speak of."""

    name = models.CharField(max_length=80, unique=True)
    time_zone = models.CharField(max_length=64, default="UTC")

    def __str__(self) -> str:
        return self.name


class Interval(models.Model):
    """Open each week on one day. Closing at or before opening means: on the next day."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="intervals")
    weekday = models.PositiveSmallIntegerField(
        choices=[
            (0, _("Monday")),
            (1, _("Tuesday")),
            (2, _("Wednesday")),
            (3, _("Thursday")),
            (4, _("Friday")),
            (5, _("Saturday")),
            (6, _("Sunday")),
        ]
    )
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(weekday__lte=6), name="weekday_in_week")]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M} to {self.closes:%H:%M}"


class DatedException(models.Model):
    """A date that does not follow the week: a holiday, or a day open at other hours."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="exceptions")
    date = models.DateField()
    name = models.CharField(max_length=80)
    opens = models.TimeField(null=True, blank=True, help_text=_("Empty: closed all day."))
    closes = models.TimeField(null=True, blank=True)

    class Meta:
        verbose_name = "dated exception"
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "date", "opens"], nulls_distinct=False, name="one_exception_per_start"
            ),
            models.CheckConstraint(
                condition=models.Q(opens__isnull=True, closes__isnull=True)
                | models.Q(opens__isnull=False, closes__isnull=False),
                name="exception_has_both_times_or_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} on {self.date}"


class Source(models.Model):
    """A computer of the owner that flows ask about callers, and the secret by which it knows that we ask."""

    name = models.CharField(max_length=80, unique=True)
    address = models.CharField(
        max_length=500,
        help_text=_("An address that begins with https://. We send it what is known of the call, as JSON by POST."),
    )
    secret = models.CharField(
        max_length=120, help_text=_("Give it to whoever checks our signature, as Standard Webhooks describes it.")
    )

    def __str__(self) -> str:
        return self.name


class Flow(models.Model):
    """A draft that people edit, and the version of it that callers meet."""

    name = models.CharField(max_length=80, unique=True)
    description = models.TextField(blank=True)
    first = models.ForeignKey(
        "Step", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("first step")
    )
    published = models.ForeignKey("Version", models.PROTECT, null=True, blank=True, related_name="+", editable=False)

    class Meta:
        permissions = [("publish_flow", "Can publish flows")]

    def __str__(self) -> str:
        return self.name


class FlowLanguage(models.Model):
    """A language that a flow speaks, and its voice. The first is where callers begin."""

    flow = models.ForeignKey(Flow, models.CASCADE, related_name="languages")
    language = models.CharField(max_length=16)
    voice = models.CharField(max_length=64)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flow", "language"], name="language_once_per_flow")]

    def __str__(self) -> str:
        return f"{self.language} in {self.flow}"


class Step(models.Model):
    """A step of a draft. `settings` are the kind's own, as its typed form saved them."""

    flow = models.ForeignKey(Flow, models.CASCADE, related_name="steps")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=16, choices=KIND_CHOICES)
    settings = models.JSONField(default=dict, blank=True)
    schedule = models.ForeignKey(Schedule, models.PROTECT, null=True, blank=True, related_name="steps")
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, null=True, blank=True, related_name="steps")
    to_flow = models.ForeignKey(Flow, models.PROTECT, null=True, blank=True, related_name="entered_from")
    queue = models.ForeignKey(Queue, models.PROTECT, null=True, blank=True, related_name="steps")
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, related_name="steps")
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="steps")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flow", "name"], name="step_name_once_per_flow")]

    def __str__(self) -> str:
        return f"step {self.name} in flow {self.flow}"


class StepPrompt(models.Model):
    """What a step says in one of its roles (greeting, no input, wrong input ...)."""

    step = models.ForeignKey(Step, models.CASCADE, related_name="prompts")
    role = models.CharField(max_length=32)
    prompt = models.ForeignKey(Prompt, models.PROTECT, related_name="uses")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "role"], name="one_prompt_per_role")]

    def __str__(self) -> str:
        return f"{self.role} of {self.step}"


class WaitItem(models.Model):
    """A piece of what callers hear while they wait in a queue step; after the last the first comes again."""

    class Kind(models.TextChoices):
        MESSAGE = "message", _("Message")
        MUSIC = "music", _("Music")
        POSITION = "position", _("Place in line")
        ESTIMATE = "estimate", _("Estimated wait")
        PAUSE = "pause", _("Silence")

    step = models.ForeignKey(Step, models.CASCADE, related_name="wait_items")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.MESSAGE)
    prompt = models.ForeignKey(Prompt, models.PROTECT, null=True, blank=True, related_name="waits")
    seconds = models.PositiveSmallIntegerField(
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_("How long the silence lasts."),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=("music", "pause")) | models.Q(prompt__isnull=False),
                name="wait_item_has_prompt_or_needs_none",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} in {self.step}"


class Exit(models.Model):
    """A way out of a step. The kind names the fixed ones; a menu's options and a language step's choices add theirs."""

    step = models.ForeignKey(Step, models.CASCADE, related_name="exits")
    name = models.CharField(max_length=80)
    target = models.ForeignKey(Step, models.PROTECT, null=True, blank=True, related_name="entrances")
    position = models.PositiveSmallIntegerField(default=0)
    is_option = models.BooleanField(default=False)
    keys = models.CharField(
        max_length=16, blank=True, validators=[RegexValidator(r"^[0-9*#]*$", _("Only 0 to 9, * and #."))]
    )
    words = models.TextField(blank=True, help_text=_("Words and synonyms, one per line."))
    language = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "name"], name="exit_name_once_per_step")]

    def __str__(self) -> str:
        return f"exit {self.name} of {self.step}"


class Version(models.Model):
    """A published flow, frozen: a trigger in the database refuses to change its document."""

    flow = models.ForeignKey(Flow, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    note = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    restored_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

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
