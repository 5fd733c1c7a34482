"""Who is told of events, what was sent to them, and what they answered."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents.models import User
from crm.models.events import Event
from crm.states import DeliveryState


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def visible_to(self, user: User) -> Self:
        """A person's own, and all for those who watch over them."""
        return self if user.has_perm("crm.see_every_subscription") else self.filter(owner=user)

    def active(self) -> Self:
        return self.filter(disabled_at__isnull=True, owner__is_active=True)

    def given_up(self) -> Self:
        """Those to which nothing is sent any more, and not because somebody wanted it so."""
        return self.filter(disabled_at__isnull=False).exclude(disabled_because="")

    def untold(self, *, at: datetime) -> Self:
        """Those that were given up, whose owner should be told of it now, and which nobody is telling of."""
        return self.filter(
            models.Q(telling_until__isnull=True) | models.Q(telling_until__lte=at),
            disabled_at__isnull=False,
            told_at__isnull=True,
            owner__is_active=True,
        ).exclude(models.Q(disabled_because="") | models.Q(owner__email=""))


class Subscription(models.Model):
    """An address that is told of events; its owner's rights say of which, and whether numbers are shown.

    The secrets sign what is sent. The old one signs too until `old_secret_until`, so that receivers can change over.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="subscriptions")
    name = models.CharField(max_length=80)
    url = models.CharField(_("address"), max_length=500, help_text=_("Where events are sent, by POST."))
    types = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, help_text=_("Types of events; none: all of them.")
    )
    secret = models.CharField(max_length=80, editable=False)
    old_secret = models.CharField(max_length=80, blank=True, editable=False)
    old_secret_until = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(editable=False)
    failing_since = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("The first failure since the last success.")
    )
    disabled_at = models.DateTimeField(null=True, blank=True, editable=False)
    disabled_because = models.CharField(
        max_length=255, blank=True, editable=False, help_text=_("Empty: its owner has switched it off.")
    )
    told_at = models.DateTimeField(null=True, blank=True, editable=False)
    telling_until = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("A worker sends the e-mail until then.")
    )

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        permissions = [("see_every_subscription", "Can see and change the subscriptions of others")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self) -> Self:
        return self.filter(state=DeliveryState.WAITING)

    def visible_to(self, user: User) -> Self:
        """Those of the subscriptions that a person sees."""
        return self if user.has_perm("crm.see_every_subscription") else self.filter(subscription__owner=user)


class Delivery(models.Model):
    """One event for one subscription.

    Whoever claims it moves `due_at` on, so those of a killed worker come back by themselves. `tries` counts the claims,
    and tells whether a claim is still one's own.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(Event, models.CASCADE, related_name="deliveries")
    conversation = models.UUIDField(null=True, blank=True, editable=False)
    position = models.BigIntegerField(help_text=_("The event's place in the feed."))
    state = models.CharField(
        max_length=16, choices=[(one.value, one.value) for one in DeliveryState], default=DeliveryState.WAITING
    )
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(help_text=_("When it is tried next."))
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(
                fields=["subscription", "due_at", "position"],
                name="event_delivery_due",
                condition=models.Q(state=DeliveryState.WAITING),
            ),
            models.Index(
                fields=["subscription", "conversation", "position"],
                name="event_delivery_in_line",
                condition=models.Q(state=DeliveryState.WAITING),
            ),
            models.Index(fields=["subscription", "-position"], name="event_delivery_list"),
            models.Index(fields=["made_at"], name="event_delivery_made"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["event", "subscription"], name="event_once_per_subscription"),
        ]

    def __str__(self) -> str:
        return f"Delivery {self.pk}"


class Try(models.Model):
    """One request to a subscription, as it was sent, and what came back, cut. The signature stands there, no secret."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    request_headers = models.JSONField(default=dict)
    request_body = models.TextField(blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("Of the answer; empty: none came."))
    answer_headers = models.JSONField(default=dict)
    answer_body = models.TextField(blank=True)
    failure = models.CharField(max_length=255, blank=True, help_text=_("Empty: it was accepted."))

    class Meta:
        verbose_name_plural = "tries"
        indexes = [models.Index(fields=["delivery", "number"], name="try_of_delivery")]

    def __str__(self) -> str:
        return f"Try {self.pk}"
