"""Who waits in the API, pulled forward and moved by who supervises."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api import AgentRef
from conferences.api import Pressing
from queues import actions
from queues.api.queues import QueueRef
from queues.models import Entry, Offer, Queue
from queues.states import EntryState, OfferState
from rest.fields import Moment
from rest.filters import Filters, IdFilter
from rest.problems import conflict, wrong
from rest.serializers import ModelShape, Shape
from rest.views import Listed, Read, Resource
from telephony.fields import Number

SUPERVISE = ("agents.watch_board", "agents.supervise")


class OfferShape(ModelShape):
    """An agent who is being rung for somebody who waits."""

    agent = AgentRef()

    class Meta:
        model = Offer
        fields = ("id", "agent", "why", "offered_at", "ends_at")


class WaitingShape(ModelShape):
    """Somebody who waits in a queue: a caller, or the place that is kept for who is to be called back."""

    queue = QueueRef()
    call = serializers.UUIDField(source="call_id", allow_null=True, help_text="Null for a place kept for a callback.")
    callback = serializers.UUIDField(source="callback_id", allow_null=True)
    conversation = serializers.UUIDField(source="call.conversation", default=None, allow_null=True)
    number = serializers.SerializerMethodField(help_text="E.164; masked without the permission to see numbers.")
    name = serializers.CharField(source="call.caller_name", default="", help_text="As the network tells it.")
    state = serializers.ChoiceField([EntryState.WAITING.value, EntryState.OFFERED.value])
    is_first = serializers.BooleanField(help_text="Before all others: pulled forward, or came back from an agent.")
    joined_at = Moment(help_text="When they came into this queue.")
    aged_from = Moment(help_text="Since when they gain points: it outlives a move to another queue.")
    offers = OfferShape(source="rung", many=True, help_text="Who is being rung for them now.")

    class Meta:
        model = Entry
        fields = (
            "id",
            "queue",
            "call",
            "callback",
            "conversation",
            "number",
            "name",
            "language",
            "priority",
            "state",
            "is_first",
            "joined_at",
            "aged_from",
            "not_before",
            "offers",
        )
        expandable = ("offers",)

    @extend_schema_field(Number())
    def get_number(self, entry: Entry) -> str:
        number = Number()
        number.bind("number", self)
        return number.to_representation(
            entry.callback.number if entry.callback else entry.call.other_end if entry.call else ""
        )


def _number(entry: Entry) -> str:
    if entry.callback is not None:
        return entry.callback.number
    return entry.call.other_end if entry.call else ""


class MoveBody(Shape):
    """Where somebody who waits goes on waiting."""

    queue = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, help_text="The id of another queue that you supervise."
    )

    class Meta:
        example = {"queue": 2}


class WaitingFilters(Filters):
    queue = IdFilter("queue", label="The id of a queue.")
    call = filters.UUIDFilter("call", label="The id of a call.")

    class Meta:
        model = Entry
        fields = ("queue", "call")


class Waiting(Pressing, Listed, Read, Resource):
    """Who waits, in the queues that the key's owner sees. An entry is gone once somebody has taken the caller."""

    scope = "queues"
    permissions = {
        "list": "queues.view_entry",
        "retrieve": "queues.view_entry",
        "pull_forward": SUPERVISE,
        "move": SUPERVISE,
    }
    bodies = {"move": MoveBody}
    queryset = Entry.objects.waiting().select_related("queue", "call", "callback")
    serializer_class = WaitingShape
    filterset_class = WaitingFilters
    orderings = ("aged_from", "joined_at")
    expansions = {
        "offers": (
            Prefetch(
                "offers",
                Offer.objects.filter(state=OfferState.RINGING).select_related("agent").order_by("offered_at"),
                to_attr="rung",
            ),
        )
    }

    def get_queryset(self) -> QuerySet[Entry]:
        rows: Any = super().get_queryset()
        fake = getattr(self, "swagger_fake_view", False)
        all_seen = fake or self.action in ("list", "retrieve")
        found: QuerySet[Entry] = rows if all_seen else rows.supervised_by(self.person)
        return found

    @action(detail=True, methods=["post"], url_path="pull-forward")
    def pull_forward(self, _request: Request, **_way: Any) -> Response:
        """Let somebody be served before all others of the queue. Who is first already stays so."""
        entry = self.get_object()
        actions.pull_forward(entry.pk, by=self.person, at=timezone.now())
        return self.answer(self._again(entry))

    @action(detail=True, methods=["post"])
    def move(self, _request: Request, **_way: Any) -> Response:
        """Let somebody wait in another queue, with the time waited so far. The answer is their new entry.

        Who is to be called back stays in their queue.
        """
        entry, asked = self.get_object(), self.body()["queue"]
        queue = Queue.objects.supervised_by(self.person).filter(pk=asked).first()
        if queue is None:
            raise wrong("queue", _("There is no such queue among those that you supervise: /queues lists them."))
        if entry.call_id is None:
            raise conflict(
                _("Who waits to be called back stays in the queue. Cancel the callback and ask for another.")
            )
        moved = actions.move(entry.pk, queue.pk, by=self.person, at=timezone.now())
        return self.answer(self._again(moved))

    def _again(self, entry: Entry) -> Entry:
        found = self.get_queryset().filter(pk=entry.pk).first()
        if found is None:
            raise conflict(_("They do not wait any more: somebody has taken them, or they have hung up."))
        fresh: Entry = found
        return fresh
