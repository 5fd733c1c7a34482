"""Flows as people write them, step by step; what callers meet is the version that was published last."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from conferences.models import Room
from ivr.kinds import KIND_CHOICES
from ivr.models.hours import Schedule
from ivr.models.prompts import Prompt
from queues.models import Queue
from recordings.models import Mailbox


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
    needs_approval = models.BooleanField(
        default=False, editable=False, help_text=_("Whether a second person has to approve what is to be published.")
    )

    class Meta:
        permissions = [
            ("publish_flow", "Can publish flows"),
            ("approve_flow", "Can approve what others want to publish"),
            ("require_approval", "Can say which flows need a second person's approval"),
        ]

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
        permissions = [("use_raw_twiml", "Can use raw TwiML in flows")]

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
