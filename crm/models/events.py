"""What has happened, as the world outside is told of it."""

import uuid
from typing import Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class EventQuerySet(models.QuerySet["Event"]):
    def unnumbered(self) -> Self:
        return self.filter(position__isnull=True)

    def told(self) -> Self:
        """Those that have their place in the feed, without the tests that only one subscription gets."""
        return self.filter(position__isnull=False, only__isnull=True)


class Event(models.Model):
    """Something that happened; written in the transaction that made it true, and numbered after its commit.

    `id` is the order of writing and stays within; the world knows `key`. `position` is the place in the feed and only
    grows with time for whoever reads it; `sequence` counts within the conversation, from 1.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.UUIDField(_("id"), unique=True, default=uuid.uuid4, editable=False)
    type = models.CharField(max_length=40, help_text=_("A name of the catalogue."))
    version = models.PositiveSmallIntegerField()
    occurred_at = models.DateTimeField()
    conversation = models.UUIDField(null=True, blank=True, editable=False)
    call = models.UUIDField(null=True, blank=True, editable=False, help_text=_("The leg, or the customer's call."))
    position = models.BigIntegerField(unique=True, null=True, blank=True, editable=False)
    sequence = models.PositiveIntegerField(null=True, blank=True, editable=False)
    contact = models.UUIDField(null=True, blank=True, help_text=_("Where it is exactly known who it was."))
    reference = models.CharField(max_length=255, blank=True, help_text=_("The record's id in the CRM."))
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    only = models.ForeignKey(
        "Subscription",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="tests",
        help_text=_("A test that this subscription alone receives."),
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="event_unnumbered", condition=models.Q(position__isnull=True)),
            models.Index(fields=["type", "position"], name="event_of_type"),
            models.Index(fields=["occurred_at"], name="event_occurred"),
            models.Index(
                fields=["contact", "position"], name="event_of_contact", condition=models.Q(contact__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "sequence"], name="event_once_in_its_conversation")
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.key}"


class Numbering(models.Model):
    """The last position given out: one row, so that an event that is removed leaves its number unused."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    position = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_numbering")]

    def __str__(self) -> str:
        return f"at {self.position}"


class Closing(models.Model):
    """A conversation of which a leg is over, until `call.completed` is told of it.

    `due_at` is when somebody looks next whether all is settled; from `until` on it is told all the same.
    """

    conversation = models.UUIDField(primary_key=True)
    due_at = models.DateTimeField(db_index=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.conversation)
