"""One text, theirs or ours. The row of one of ours is the outbox: it is asked for once, whatever happens."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents.models import User
from calls.models import Call
from messaging.models.thread import EVERY_THREAD, Thread
from messaging.states import FINAL, Direction, Purpose, Rule, State, Why


class TextQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: User) -> Self:
        """Those of the threads that a person sees; what had nobody to go to is seen by who sees every thread."""
        return self if user.has_perm(EVERY_THREAD) else self.filter(thread__in=Thread.objects.visible_to(user))

    def due(self, *, at: datetime) -> Self:
        """Those that a worker should ask Twilio for now."""
        return self.filter(
            models.Q(not_before__isnull=True) | models.Q(not_before__lte=at),
            state=State.WANTED,
        )

    def abandoned(self, *, at: datetime) -> Self:
        """Those whose worker has come to its end without noting an answer."""
        return self.filter(state=State.ASKING, leased_until__lte=at)

    def lost(self, *, at: datetime) -> Self:
        """Those that Twilio is to be searched for now."""
        return self.filter(state=State.UNCLEAR, not_before__lte=at)

    def quiet(self, *, since: datetime) -> Self:
        """Those on their way of which nothing was heard since then, and of which we have not asked since then."""
        return (
            self.filter(
                models.Q(asked_about_at__isnull=True) | models.Q(asked_about_at__lte=since),
                state__in=(State.ASKED, State.ANSWERED),
                heard_at__lte=since,
            )
            .exclude(sid="")
            .exclude(status__in=FINAL)
        )

    def unpriced(self, *, since: datetime, until: datetime) -> Self:
        """Those that came to an end in that time and of which Twilio has not told the price."""
        return self.filter(status__in=FINAL, price__isnull=True, ended_at__gte=since, ended_at__lt=until).exclude(
            sid=""
        )


class Message(models.Model):
    """A text. `state` is how far it has come towards Twilio, `status` what Twilio says of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    thread = models.ForeignKey(
        Thread, models.CASCADE, null=True, related_name="messages", help_text=_("Empty: there was nobody to text to.")
    )
    sid = models.CharField(max_length=64, blank=True)
    direction = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Direction])
    state = models.CharField(max_length=16, choices=[(one.value, one.value) for one in State], default=State.WANTED)
    status = models.CharField(max_length=32, blank=True, help_text=_("Twilio's word."))
    why = models.CharField(max_length=16, blank=True, choices=[(one.value, one.value) for one in Why])
    purpose = models.CharField(
        max_length=16,
        blank=True,
        choices=[(one.value, one.value) for one in Purpose],
        help_text=_("What a word stood for that somebody has texted."),
    )
    body = models.TextField(blank=True)
    media_urls = models.JSONField(
        _("pictures sent"),
        default=list,
        blank=True,
        help_text=_("Addresses from which Twilio fetches what goes along."),
    )
    language = models.CharField(max_length=16, blank=True)
    # why it was not sent, or did not arrive
    rule = models.CharField(
        _("not sent because"), max_length=16, blank=True, choices=[(one.value, one.value) for one in Rule]
    )
    detail = models.CharField(max_length=255, blank=True, help_text=_("In words."))
    error_code = models.CharField(max_length=16, blank=True, help_text=_("Twilio's, from its list of errors."))
    # what it costs
    country = models.CharField(max_length=2, blank=True, help_text=_("Of the other person's number."))
    segments = models.PositiveSmallIntegerField(default=1)
    price = models.DecimalField(max_digits=9, decimal_places=5, null=True, blank=True, help_text=_("Told by Twilio."))
    currency = models.CharField(max_length=3, blank=True)
    # what it is about, and who wanted it
    call = models.ForeignKey(Call, models.SET_NULL, null=True, blank=True, related_name="texts")
    answers = models.OneToOneField(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="answer",
        help_text=_("The text of theirs that it was given as the answer to."),
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    fallback = models.ForeignKey(
        "messaging.FallbackRule", models.SET_NULL, null=True, blank=True, related_name="messages"
    )
    # its way
    at = models.DateTimeField(help_text=_("When it came, or was wanted."))
    not_before = models.DateTimeField(null=True, blank=True, help_text=_("It is not sent, or tried again, sooner."))
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(
        null=True, blank=True, help_text=_("A worker asks for it until then; later, its answer counts as lost.")
    )
    asked_at = models.DateTimeField(null=True, blank=True)
    heard_at = models.DateTimeField(help_text=_("When Twilio last spoke of it."))
    asked_about_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When Twilio was last asked about it, because it said nothing.")
    )
    ended_at = models.DateTimeField(null=True, blank=True, help_text=_("When its last status was told."))

    objects = TextQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["thread", "-at"], name="message_of_thread"),
            models.Index(fields=["-at"], name="message_newest"),
            models.Index(fields=["call"], name="message_of_call", condition=models.Q(call__isnull=False)),
            models.Index(
                fields=["country", "-ended_at"], name="message_priced", condition=models.Q(price__isnull=False)
            ),
            # the sweeps look only at what is not settled
            models.Index(
                fields=["at"],
                name="message_on_its_way",
                condition=models.Q(state__in=[State.WANTED, State.ASKING, State.UNCLEAR]),
            ),
            models.Index(
                fields=["heard_at"],
                name="message_unsettled",
                condition=~models.Q(sid="") & ~models.Q(status__in=sorted(FINAL)),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["sid"], condition=~models.Q(sid=""), name="message_sid_once"),
            models.UniqueConstraint(
                fields=["call"], condition=models.Q(why=Why.FALLBACK), name="one_fallback_text_per_call"
            ),
            models.CheckConstraint(condition=models.Q(state__in=list(State)), name="message_state_known"),
            models.CheckConstraint(
                condition=models.Q(thread__isnull=False) | models.Q(state=State.NOT_SENT),
                name="message_has_a_thread",
            ),
            models.CheckConstraint(
                condition=models.Q(direction=Direction.IN, state=State.RECEIVED)
                | models.Q(direction=Direction.OUT) & ~models.Q(state=State.RECEIVED),
                name="message_received_is_theirs",
            ),
            models.CheckConstraint(
                condition=models.Q(state=State.NOT_SENT) & ~models.Q(rule="") | ~models.Q(state=State.NOT_SENT),
                name="message_not_sent_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Message {self.pk}"

    @property
    def is_theirs(self) -> bool:
        return self.direction == Direction.IN

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be heard of it."""
        return self.state == State.NOT_SENT or self.status in FINAL
