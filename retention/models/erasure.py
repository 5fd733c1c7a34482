"""The erasure of a person: what was found, what has become of each thing, and the paper at the end."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from compliance.models import Hold
from retention.states import ERASURE_OPEN, ERASURE_WORKS, ITEM_OPEN, ErasureState, ItemState
from retention.things import Thing


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def open(self) -> Self:
        return self.filter(state__in=ERASURE_OPEN)

    def due(self, *, at: datetime) -> Self:
        """Those on which a worker should go on now, and that no worker has."""
        return self.filter(
            models.Q(leased_until__isnull=True) | models.Q(leased_until__lte=at),
            models.Q(next_at__isnull=True) | models.Q(next_at__lte=at),
            state__in=ERASURE_WORKS,
        )


class Erasure(models.Model):
    """The wish that everything of one number is erased. The number stands here until that is done, and no longer.

    Afterwards `masked` is for people; `digest` with `salt` lets somebody who has the number see that it was this one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=64, blank=True)
    masked = models.CharField(_("number"), max_length=64)
    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=128)
    reason = models.CharField(max_length=255, help_text=_("A file number, for example. Do not name the person."))
    state = models.CharField(
        max_length=16, choices=[(one.value, one.value) for one in ErasureState], default=ErasureState.LOOKING
    )
    trouble = models.TextField(blank=True, help_text=_("Why it does not go on just now."))
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    looks = models.PositiveIntegerField(default=0, help_text=_("How often it has looked for what is known."))
    tries = models.PositiveIntegerField(default=0, help_text=_("Of the present look, at Twilio."))
    next_at = models.DateTimeField(null=True, blank=True, help_text=_("When it goes on."))
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    done_at = models.DateTimeField(null=True, blank=True)
    certificate = models.JSONField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, help_text=_("Of the certificate's content."))

    objects = ErasureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=models.Q(state__in=sorted(ERASURE_OPEN)),
                name="one_open_erasure_per_number",
            ),
            models.CheckConstraint(condition=models.Q(state__in=list(ErasureState)), name="erasure_state_known"),
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(ERASURE_OPEN)) | models.Q(number=""),
                name="erasure_forgets_the_number",
            ),
        ]

    def __str__(self) -> str:
        return f"Erasure {self.pk}"


class ItemQuerySet(models.QuerySet["ErasureItem"]):
    def open(self) -> Self:
        return self.filter(state__in=ITEM_OPEN)

    def due(self, *, at: datetime) -> Self:
        return self.open().filter(models.Q(retry_at__isnull=True) | models.Q(retry_at__lte=at))


class ErasureItem(models.Model):
    """One thing that an erasure has found, here or at Twilio, by its kind and its id there."""

    id = models.BigAutoField(primary_key=True)
    erasure = models.ForeignKey(Erasure, models.CASCADE, related_name="items")
    kind = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Thing])
    key = models.CharField(max_length=80)
    state = models.CharField(
        max_length=16, choices=[(one.value, one.value) for one in ItemState], default=ItemState.FOUND
    )
    found_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True, blank=True)
    why = models.TextField(blank=True, help_text=_("Why it is still there."))
    hold = models.ForeignKey(Hold, models.SET_NULL, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    went = models.JSONField(default=dict, blank=True, help_text=_("What went with it: a number for each table."))

    objects = ItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["erasure", "kind", "key"], name="item_once_per_erasure"),
            models.CheckConstraint(condition=models.Q(state__in=list(ItemState)), name="item_state_known"),
        ]
        indexes = [
            models.Index(
                fields=["erasure", "retry_at"], name="item_open", condition=models.Q(state__in=sorted(ITEM_OPEN))
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"
