"""Calling back who left a message."""

import uuid
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from calls.models import Call
from conferences.models import Conference
from conferences.states import Outcome
from recordings.states import RETURN_LIVE, ReturnState


class ReturnQuerySet(models.QuerySet["Return"]):
    def live(self) -> Self:
        return self.filter(state__in=RETURN_LIVE)


class Return(models.Model):
    """An agent calls somebody back who left messages or was missed: the agent is rung first, then the number.

    One at a time for each number, whoever calls. The messages that it is about name it (`Message.returning`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="returns")
    conference = models.OneToOneField(Conference, models.CASCADE, related_name="returning")
    number = models.CharField(max_length=64, blank=True, help_text=_("E.164; wiped when it is over."))
    state = models.CharField(
        max_length=16, choices=[(one.value, one.value) for one in ReturnState], default=ReturnState.RINGING
    )
    outcome = models.CharField(
        max_length=16, choices=[(one.value, one.value) for one in Outcome], blank=True, help_text=_("Why it is over.")
    )
    call = models.ForeignKey(Call, models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    talked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=models.Q(state__in=sorted(RETURN_LIVE)), name="one_live_return_per_number"
            ),
            models.CheckConstraint(condition=models.Q(state__in=list(ReturnState)), name="return_state_known"),
        ]

    def __str__(self) -> str:
        return f"Return {self.pk}"

    @property
    def is_live(self) -> bool:
        return self.state in RETURN_LIVE
