"""What may be recorded of which calls, and who has agreed to it."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from calls.models import Call
from compliance.states import Answer, Begins, Direction, Mode, Party, Subject, Withdrawal


class Policy(models.Model):
    """What is recorded of which calls, from when, and who is asked before. All that is named must fit a call.

    Of those that fit, the most specific one counts for its subject (`compliance.policies`). The flow and the queue lie
    in packages above: they are named to the database alone, no code here knows them.
    """

    name = models.CharField(max_length=80, unique=True)
    is_active = models.BooleanField(default=True)
    # which calls
    number = models.CharField(
        _("our number"),
        max_length=64,
        blank=True,
        help_text=_("The number that is called, or that we call from; empty: every number."),
    )
    flow = models.ForeignKey("ivr.Flow", models.PROTECT, null=True, blank=True, related_name="+")
    queue = models.ForeignKey("queues.Queue", models.PROTECT, null=True, blank=True, related_name="+")
    direction = models.CharField(
        max_length=8,
        blank=True,
        choices=[("", _("both")), (Direction.INBOUND.value, _("inbound")), (Direction.OUTBOUND.value, _("outbound"))],
    )
    share = models.PositiveSmallIntegerField(
        _("share of calls"),
        default=100,
        validators=[MaxValueValidator(100)],
        help_text=_("Percent. Which calls, is drawn once for each call."),
    )
    # what
    subject = models.CharField(
        _("what"),
        max_length=16,
        default=Subject.CONVERSATION,
        choices=[
            (Subject.CONVERSATION.value, _("the conversation, as the customer hears it")),
            (Subject.AGENT.value, _("each agent's line, with consultations")),
            (Subject.VOICEMAIL.value, _("voicemail")),
        ],
    )
    channels = models.PositiveSmallIntegerField(
        default=2, choices=[(1, _("one, mixed")), (2, _("two, speakers apart"))]
    )
    begins = models.CharField(
        _("from when"),
        max_length=8,
        default=Begins.TALK,
        choices=[
            (Begins.CALL.value, _("from the beginning of the call")),
            (Begins.TALK.value, _("from the beginning of the talk")),
            (Begins.PRESS.value, _("when the agent starts it")),
        ],
    )
    # who is asked
    consent = models.CharField(
        max_length=16,
        default=Mode.ANNOUNCE,
        choices=[
            (Mode.NONE.value, _("nobody is asked")),
            (Mode.ANNOUNCE.value, _("the customer is told")),
            (Mode.ASK_ONE.value, _("the customer is asked")),
            (Mode.ASK_EVERY.value, _("everybody is asked")),
        ],
    )
    withdrawal = models.CharField(
        _("when consent is taken back"),
        max_length=8,
        default=Withdrawal.STOP,
        choices=[
            (Withdrawal.STOP.value, _("recording stops")),
            (Withdrawal.DELETE.value, _("recording stops, and what was recorded is deleted")),
        ],
    )
    # what becomes of it
    pause_limit = models.PositiveSmallIntegerField(
        default=120,
        validators=[MinValueValidator(10), MaxValueValidator(3600)],
        help_text=_("Seconds after which a pause that was forgotten ends by itself."),
    )
    clears = models.BooleanField(
        _("delete at Twilio"), default=True, help_text=_("As soon as the sound is in our own storage, checked.")
    )
    transcribes = models.BooleanField(_("make a transcript"), default=True)

    class Meta:
        verbose_name_plural = "policies"
        constraints = [
            models.CheckConstraint(condition=models.Q(subject__in=list(Subject)), name="policy_subject_known"),
            models.CheckConstraint(condition=models.Q(consent__in=list(Mode)), name="policy_consent_known"),
            models.CheckConstraint(condition=models.Q(share__lte=100), name="policy_share_in_percent"),
            models.CheckConstraint(condition=models.Q(channels__in=(1, 2)), name="policy_one_channel_or_two"),
        ]

    def __str__(self) -> str:
        return self.name


class Notice(models.Model):
    """What people are told or asked by a policy, in one language. Each change is a new version; none is ever changed.

    Where the policy asks, the text is the question, answered by 1 for yes and 2 for no.
    """

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="notices")
    language = models.CharField(max_length=16)
    version = models.PositiveIntegerField()
    text = models.CharField(max_length=500)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "language", "version"], name="notice_version_once_per_language")
        ]

    def __str__(self) -> str:
        return f"{self.policy} ({self.language}, version {self.version})"


class Scope(models.Model):
    """What policies, holds and retention rules ask of a customer's call: one row for each, kept up as the call moves.

    `queues` are all that it was in, `queue` the last one.
    """

    call = models.OneToOneField(Call, models.CASCADE, related_name="scope", primary_key=True)
    number = models.CharField(max_length=64, blank=True, db_index=True, help_text=_("Ours."))
    caller = models.CharField(max_length=255, blank=True, db_index=True, help_text=_("The customer's."))
    direction = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Direction])
    flow = models.ForeignKey("ivr.Flow", models.SET_NULL, null=True, blank=True, related_name="+")
    queue = models.ForeignKey("queues.Queue", models.SET_NULL, null=True, blank=True, related_name="+")
    queues = ArrayField(models.BigIntegerField(), default=list, blank=True)
    language = models.CharField(max_length=16, blank=True)

    def __str__(self) -> str:
        return f"Scope of {self.call_id}"


class Consent(models.Model):
    """One entry of the consent ledger; never changed. A trigger in the database refuses it.

    `call` is the customer's, whoever the party is; `participant` the id of the party in the conversation, `leg` the
    CallSid on which they heard the notice.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, models.CASCADE, related_name="consents")
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="+")
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, blank=True, related_name="+")
    wording = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(null=True, blank=True)
    language = models.CharField(max_length=16, blank=True)
    mode = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Mode])
    party = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Party])
    name = models.CharField(max_length=80, blank=True, help_text=_("Of a colleague; of others the masked number."))
    participant = models.UUIDField(null=True, blank=True)
    leg = models.CharField(max_length=64, blank=True)
    answer = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Answer])
    key = models.CharField(max_length=1, blank=True, help_text=_("The key by which it was answered."))
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Who noted what the party said to them."),
    )
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["call", "at"], name="consent_of_call")]
        constraints = [
            models.CheckConstraint(condition=models.Q(answer__in=list(Answer)), name="consent_answer_known"),
            models.CheckConstraint(condition=models.Q(party__in=list(Party)), name="consent_party_known"),
        ]

    def __str__(self) -> str:
        return f"Consent {self.pk}"
