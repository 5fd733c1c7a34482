"""Agents' parts in conversations, in the API: notes, what each came to, and the wrap-up."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import filters
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api import SUPERVISE, AgentRef, Asked, SeenAtDesk
from agents.models import Agent
from queues import actions
from queues.api.queues import QueueRef
from queues.models import Disposition, Handling
from rest.fields import Moment, MomentFilter
from rest.filters import Filters, IdFilter
from rest.problems import Problem, conflict, wrong
from rest.serializers import ModelShape, Shape
from rest.views import Listed, Read, Resource

LONGEST_NOTES = 10_000


class DispositionShape(ModelShape):
    """What a conversation can come to."""

    class Meta:
        model = Disposition
        fields = ("id", "name")


class HandlingShape(ModelShape):
    """An agent's part in a conversation: the talk, the notes, what it came to, and the wrap-up."""

    conference = serializers.UUIDField(source="conference_id", allow_null=True)
    conversation = serializers.UUIDField(source="conference.conversation", default=None, allow_null=True)
    call = serializers.UUIDField(source="entry.call_id", allow_null=True, help_text="The customer's call.")
    queue = QueueRef(source="entry.queue")
    agent = AgentRef()
    disposition = DispositionShape(allow_null=True, help_text="What it came to.")
    ended_at = Moment(allow_null=True, help_text="When talking was over.")
    done_at = Moment(allow_null=True, help_text="When the wrap-up was over, too.")
    dispositions = DispositionShape(
        source="entry.queue.offered", many=True, help_text="What can be chosen, by the queue."
    )

    class Meta:
        model = Handling
        fields = (
            "id",
            "conference",
            "conversation",
            "call",
            "queue",
            "agent",
            "notes",
            "disposition",
            "began_at",
            "ended_at",
            "wrap_up_until",
            "extended",
            "done_at",
            "dispositions",
        )
        expandable = ("dispositions",)


class HandlingBody(Shape):
    """What is written down. What is not named stays."""

    notes = serializers.CharField(max_length=LONGEST_NOTES, required=False, allow_blank=True, trim_whitespace=False)
    disposition = serializers.IntegerField(
        min_value=1,
        max_value=2**31 - 1,
        required=False,
        allow_null=True,
        help_text="The id of one of the queue's dispositions; null for none.",
    )

    class Meta:
        example = {"notes": "Wants a call on Monday.", "disposition": 3}


class HandlingFilters(Filters):
    agent = filters.UUIDFilter("agent", label="The id of an agent.")
    queue = IdFilter("entry__queue", label="The id of a queue.")
    call = filters.UUIDFilter("entry__call", label="The id of the customer's call.")
    conference = filters.UUIDFilter("conference", label="The id of the conversation.")
    done = filters.BooleanFilter("done_at", "isnull", exclude=True, label="Whether the wrap-up is over.")
    began_from = MomentFilter("began_at", "gte", label="Began at this moment or later.")
    began_before = MomentFilter("began_at", "lt", label="Began before this moment.")

    class Meta:
        model = Handling
        fields = ("agent", "queue", "call", "conference", "done", "began_from", "began_before")


class Handlings(Asked, SeenAtDesk, Listed, Read, Resource):
    """Agents' parts in conversations: of the agents and queues that the key's owner supervises, and the owner's own."""

    scope = "handlings"
    permissions = dict.fromkeys(("list", "retrieve"), "queues.view_handling") | dict.fromkeys(
        ("partial_update", "extend", "finish", "end"), SUPERVISE
    )
    at_desk = frozenset({"list", "retrieve", "partial_update", "extend", "finish"})
    bodies = {"partial_update": HandlingBody}
    queryset = Handling.objects.select_related("agent", "disposition", "conference", "entry__queue")
    serializer_class = HandlingShape
    filterset_class = HandlingFilters
    orderings = ("-began_at",)
    expansions = {
        "dispositions": (
            Prefetch(
                "entry__queue__dispositions",
                Disposition.objects.filter(is_active=True).order_by("name"),
                to_attr="offered",
            ),
        )
    }
    version_fields = ("notes", "disposition_id", "done_at")

    def partial_update(self, _request: Request, **_way: Any) -> Response:
        """Write notes and what it came to, while talking or in the wrap-up. If-Match keeps from overwriting others'."""
        handling, asked, at = self._mine(), self.body(), timezone.now()
        if "disposition" in asked:
            try:
                actions.dispose(handling.pk, asked["disposition"], at=at)
            except Disposition.DoesNotExist:
                told = _("There is no such one for this queue: `expand=dispositions` lists them.")
                raise wrong("disposition", told) from None
        if "notes" in asked:
            actions.save_notes(handling.pk, asked["notes"], at=at)
        return self.answer(self.get_queryset().get(pk=handling.pk))

    @action(detail=True, methods=["post"])
    def extend(self, _request: Request, **_way: Any) -> Response:
        """Let the wrap-up last longer, once."""
        return self._do(lambda pk: actions.extend(pk, at=timezone.now()))

    @action(detail=True, methods=["post"])
    def finish(self, _request: Request, **_way: Any) -> Response:
        """End the wrap-up: the agent is done."""
        return self._do(lambda pk: actions.finish(pk, at=timezone.now()))

    @action(detail=True, methods=["post"])
    def end(self, _request: Request, **_way: Any) -> Response:
        """End an agent's wrap-up whatever is missing, as a supervisor."""
        handling = self.get_object()
        if not Agent.objects.supervised_by(self.person).filter(pk=handling.agent_id).exists():
            raise Problem(403, _("This agent is in none of your teams."))
        actions.end_stuck_wrap_up(handling.agent_id, by=self.person, at=timezone.now())
        return self.answer(self.get_object())

    def _do(self, act: Callable[[UUID], None]) -> Response:
        handling = self._mine()
        try:
            act(handling.pk)
        except actions.NotDone:
            raise conflict(_("Something is missing: write what it came to, or a note, and then finish.")) from None
        except actions.NotExtendable:
            raise conflict(_("There is no more time for this wrap-up.")) from None
        return self.answer(self.get_queryset().get(pk=handling.pk))

    def _mine(self) -> Handling:
        """Give the part where it is the owner's own, or that of an agent whom they supervise, and not over."""
        handling: Handling = self.get_object()
        own = handling.agent.user_id == self.person.pk
        may = own or (
            self.person.has_perm(SUPERVISE)
            and Agent.objects.supervised_by(self.person).filter(pk=handling.agent_id).exists()
        )
        if not may:
            raise Problem(403, _("This is another agent's. Whoever writes for others needs the right to supervise."))
        if handling.done_at is not None:
            raise conflict(_("It is done with already."))
        return handling


class DispositionFilters(Filters):
    queue = IdFilter("queues", label="The id of a queue that offers it.")

    class Meta:
        model = Disposition
        fields = ("queue",)


class Dispositions(SeenAtDesk, Listed, Resource):
    """What conversations can come to."""

    scope = "handlings"
    permissions = {"list": "queues.view_disposition"}
    at_desk = frozenset({"list"})
    queryset: QuerySet[Disposition] = Disposition.objects.filter(is_active=True)
    serializer_class = DispositionShape
    filterset_class = DispositionFilters
    orderings = ("name", "pk")
