"""Orders to call somebody: the outbox of calls out."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents import reach
from agents.models import Agent, User
from calls.models import Call
from conferences.models import Conference
from dialing.models import Attempt
from dialing.states import Rule
from ivr.models import Flow, Prompt, Version
from outbound.states import LIVE, Kind, OrderState, Outcome
from queues.models import Queue


class OrderQuerySet(models.QuerySet["Order"]):
    def live(self) -> Self:
        return self.filter(state__in=LIVE)

    def visible_to(self, user: User) -> Self:
        """A person's own, those that they are rung for, and those of the queues that they see."""
        if user.has_perm("agents.see_every_team"):
            return self
        return self.filter(
            models.Q(made_by=user)
            | models.Q(agent__in=reach.named(Agent.objects.visible_to(user)))
            | models.Q(queue__in=reach.named(Queue.objects.visible_to(user)))
        )


class Order(models.Model):
    """One wish to call somebody, from the wish to its end. What is asked of Twilio for it is asked once per try.

    `call`, `conference`, `attempt`, `answered_by`, `answered_by_after` and `outcome` are of the last try; `tries`
    counts them and stands in the addresses that Twilio is given, so that late news of an older one moves nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Kind])
    number = models.CharField(max_length=64, blank=True, help_text=_("E.164."))
    conversation = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(
        max_length=255, blank=True, db_index=True, help_text=_("How whoever ordered it calls it: a record's id.")
    )
    agent = models.ForeignKey(Agent, models.SET_NULL, null=True, blank=True, related_name="orders")
    queue = models.ForeignKey(Queue, models.SET_NULL, null=True, blank=True, related_name="orders")
    flow = models.ForeignKey(Flow, models.PROTECT, null=True, blank=True, related_name="orders")
    version = models.ForeignKey(
        Version,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        help_text=_("Which was published when the number was dialed."),
    )
    message = models.ForeignKey(
        Prompt,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("What a machine is told after the tone. Empty: it is hung up on."),
    )
    language = models.CharField(max_length=16, blank=True, help_text=_("Of the message."))
    caller_id = models.CharField(max_length=64, blank=True, help_text=_("Shown to who is called."))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    not_before = models.DateTimeField(help_text=_("When it is to be tried next."))
    expires_at = models.DateTimeField()
    waits_for_hours = models.BooleanField(
        default=False, help_text=_("Outside the hours in which one may call it waits for them.")
    )
    most_tries = models.PositiveSmallIntegerField(default=1)
    spacing = models.PositiveSmallIntegerField(default=30, help_text=_("Minutes between two tries."))
    state = models.CharField(
        max_length=16, choices=[(one.value, one.value) for one in OrderState], default=OrderState.WAITING
    )
    refused_by = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Rule], blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(
        max_length=16, choices=[(one.value, one.value) for one in Outcome], blank=True, help_text=_("Of the last try.")
    )
    attempt = models.OneToOneField(Attempt, models.SET_NULL, null=True, blank=True, related_name="order")
    call = models.OneToOneField(Call, models.SET_NULL, null=True, blank=True, related_name="order")
    conference = models.OneToOneField(Conference, models.SET_NULL, null=True, blank=True, related_name="order")
    claimed_at = models.DateTimeField(null=True, blank=True, help_text=_("When the last try began."))
    asked_at = models.DateTimeField(null=True, blank=True, help_text=_("When Twilio was asked to ring: once per try."))
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=32, blank=True, help_text=_("Who answered, by Twilio's detection."))
    answered_by_after = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Milliseconds that the detection took.")
    )
    message_at = models.DateTimeField(null=True, blank=True, help_text=_("When a machine was left the message: once."))
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        permissions = [("place_order", "Can have somebody called")]
        indexes = [
            models.Index(fields=["not_before"], name="order_waiting", condition=models.Q(state=OrderState.WAITING)),
            models.Index(
                fields=["claimed_at"],
                name="order_in_work",
                condition=models.Q(state__in=[OrderState.DIALING, OrderState.TALKING]),
            ),
            models.Index(fields=["-made_at"], name="order_made"),
            models.Index(fields=["number"], name="order_of_number"),
            models.Index(fields=["reference"], name="order_of_reference"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind=Kind.CLICK, agent__isnull=False)
                | models.Q(kind=Kind.CLICK, state__in=sorted(set(OrderState) - LIVE))
                | models.Q(kind=Kind.FLOW, flow__isnull=False),
                name="order_names_agent_or_flow",
            ),
            models.CheckConstraint(condition=models.Q(state__in=list(OrderState)), name="order_state_known"),
        ]

    def __str__(self) -> str:
        return f"Order {self.pk}"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE
