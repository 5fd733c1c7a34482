"""Calls out in the API: ordered by `POST /calls`, which answers with the order; looked at, and canceled."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django_filters import filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

import calls.api
from agents.actions import Busy
from agents.api import AgentRef
from agents.models import Agent
from calls.models import Call
from conferences.actions import NotNow as RoomNotNow
from conferences.api import Pressing
from dialing.actions import NotPermitted
from dialing.calling_hours import there
from dialing.reading import sentence, zones_of
from dialing.states import Rule
from ivr.models import Flow, Prompt
from outbound import actions
from outbound.actions import NoPhone, NotNow, NotPossible, Wish
from outbound.actions.ordering import MOST_TRIES
from outbound.models import Order
from outbound.states import LIVE, Kind, OrderState, Outcome
from queues.api.queues import QueueRef
from queues.models import Queue
from rest.fields import Moment, MomentFilter, read
from rest.filters import Filters, IdFilter, WordFilter
from rest.problems import Fault, conflict, refused, wrong
from rest.serializers import ModelShape, Shape
from rest.views import Listed, Read, Resource
from telephony.fields import Number

PLACE, SEE, CANCEL = "outbound.place_order", "outbound.view_order", "outbound.place_order"
FIELDS = {"number": "to", "tries": "tries"}


class FlowRef(ModelShape):
    """A flow, by id and name."""

    class Meta:
        model = Flow
        fields = ("id", "name")


class OrderShape(ModelShape):
    """A wish to call somebody, and what has come of it."""

    kind = serializers.ChoiceField([one.value for one in Kind])
    to = Number(source="number")
    agent = AgentRef(allow_null=True)
    queue = QueueRef(allow_null=True)
    flow = FlowRef(allow_null=True)
    version = serializers.IntegerField(
        source="version.number", default=None, allow_null=True, help_text="Of the flow, once the number was dialed."
    )
    call = serializers.UUIDField(source="call_id", allow_null=True, help_text="Of the last try.")
    state = serializers.ChoiceField([one.value for one in OrderState])
    outcome = serializers.ChoiceField([one.value for one in Outcome], help_text="Of the last try.")
    refused_by = serializers.ChoiceField(["", *(one.value for one in Rule)], help_text="The rule; empty for none.")
    why_refused = serializers.SerializerMethodField(help_text="The rule in a sentence.")
    tries = serializers.IntegerField(help_text="Made so far.")

    class Meta:
        model = Order
        fields = (
            "id",
            "kind",
            "to",
            "reference",
            "conversation",
            "agent",
            "queue",
            "flow",
            "version",
            "call",
            "state",
            "outcome",
            "refused_by",
            "why_refused",
            "tries",
            "most_tries",
            "answered_by",
            "answered_by_after",
            "made_at",
            "not_before",
            "expires_at",
            "answered_at",
            "ended_at",
        )

    def get_why_refused(self, order: Order) -> str:
        return sentence(Rule(order.refused_by), order.number) if order.refused_by else ""


@extend_schema_field(OpenApiTypes.STR)
class There(serializers.Field[datetime, Any, str, Any]):
    """A moment with its zone; or without one, as the clock on the wall of whoever is called shows it."""

    default_error_messages = {"invalid": _("Give a moment, such as 2026-03-02T15:00:00Z, or 2026-03-02T15:00 there.")}

    def to_internal_value(self, data: Any) -> datetime:
        moment = read(data)
        if moment is not None:
            return moment
        try:
            wall = parse_datetime(data) if isinstance(data, str) else None
        except ValueError:
            wall = None
        if wall is None or not 2000 <= wall.year <= 9000:
            self.fail("invalid")
        return wall

    def to_representation(self, value: datetime) -> str:
        return value.isoformat()


class PlaceBody(Shape):
    """Whom to call. With a flow whoever answers walks it; else an agent is rung first, and then the number."""

    to = Number(help_text="Whom to call.")
    agent = serializers.UUIDField(required=False, help_text="Who calls; without it the owner of the key.")
    flow = serializers.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, help_text="The id of a flow that is published."
    )
    queue = serializers.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, help_text="Whose number is shown, and whose rules count."
    )
    reference = serializers.CharField(
        required=False, max_length=255, help_text="Your own record's id. Each event of the conversation carries it."
    )
    message = serializers.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, help_text="The id of a prompt that a machine is left."
    )
    language = serializers.CharField(required=False, max_length=16, help_text="Of the message, such as `en-US`.")
    not_before = There(
        required=False,
        help_text="When to call, such as 2026-03-02T15:00:00Z. Without a zone it is the time where the number is.",
    )
    expires_at = Moment(required=False, help_text="Nobody is called from then on.")
    waits_for_hours = serializers.BooleanField(
        default=False, help_text="Outside the hours in which one may call it waits for them, and is not refused."
    )
    tries = serializers.IntegerField(
        default=1, min_value=1, max_value=MOST_TRIES, help_text="How often to try, if nobody is reached."
    )
    spacing = serializers.IntegerField(default=30, min_value=1, max_value=1440, help_text="Minutes between two tries.")

    class Meta:
        example = {"to": "+15005550120", "flow": 1, "reference": "deal-7"}


class OrderFilters(Filters):
    state = WordFilter(OrderState, label="How it stands.")
    live = filters.BooleanFilter(method="living", label="Whether somebody is still to be called, or talks.")
    reference = filters.CharFilter(label="Your own record's id.")
    conversation = filters.UUIDFilter(label="The conversation of its calls.")
    agent = filters.UUIDFilter("agent", label="Who calls.")
    queue = IdFilter("queue", label="The id of a queue.")
    made_from = MomentFilter("made_at", "gte", label="Made at this moment or later.")
    made_before = MomentFilter("made_at", "lt", label="Made before this moment.")

    class Meta:
        model = Order
        fields = ()

    def living(self, rows: QuerySet[Order], _name: str, is_live: bool) -> QuerySet[Order]:
        return rows.filter(state__in=LIVE) if is_live else rows.exclude(state__in=LIVE)


class Orders(Pressing, Listed, Read, Resource):
    """Orders to call somebody. One is made by placing a call."""

    scope = "orders"
    permissions = {"list": SEE, "retrieve": SEE, "cancel": CANCEL}
    queryset = Order.objects.select_related("agent__user", "queue", "flow", "version")
    serializer_class = OrderShape
    filterset_class = OrderFilters
    orderings = ("-made_at",)

    @action(detail=True, methods=["post"])
    def cancel(self, _request: Request, **_way: Any) -> Response:
        """Call nobody: what rings is let go. The answer is 409 for one that is answered, or over."""
        order = self.get_object()
        try:
            actions.cancel(order.pk, at=timezone.now())
        except NotNow as reason:
            raise conflict(_("%(why)s Read it to see how it stands.") % {"why": reason}) from None
        return self.answer(self.get_object())


class CallFilters(calls.api.CallFilters):
    reference = filters.CharFilter(method="of_reference", label="Legs of calls that were ordered for your own record.")

    def of_reference(self, legs: QuerySet[Call], _name: str, reference: str) -> QuerySet[Call]:
        return legs.filter(conversation__in=Order.objects.filter(reference=reference).values("conversation"))


class Calls(Pressing, calls.api.Calls):
    """Calls, each leg one of them; all legs of a conversation have the same `conversation`."""

    scopes = {**calls.api.Calls.scopes, "create": "calls:place"}
    permissions = {**calls.api.Calls.permissions, "create": PLACE}
    bodies = {"create": PlaceBody}
    answers = {"create": OrderShape}
    statuses = {**calls.api.Calls.statuses, "create": 202}
    queryset = Call.objects.all()
    filterset_class = CallFilters

    def create(self, _request: Request) -> Response:
        """Have somebody called. The answer is the order; its `conversation` is that of all legs and events to come."""
        wish = self._wish(self.body())
        try:
            made = actions.order(wish, by=self.person, at=timezone.now())
        except NotPermitted as refusal:
            told = refusal.sentence
            raise refused(told, rule=refusal.rule.value, faults=[Fault("to", told)]) from None
        except NotPossible as reason:
            raise wrong(FIELDS.get(reason.field, reason.field), reason) from None
        except NoPhone:
            raise conflict(_("The agent has no phone that can ring now.")) from None
        except (Busy, RoomNotNow):
            raise conflict(_("The agent is on a call, or is being rung. Try again when they are free.")) from None
        return self.answer(Orders.queryset.all().get(pk=made.pk))

    def _wish(self, asked: dict[str, Any]) -> Wish:
        number, when = asked["to"], asked.get("not_before")
        if when is not None and timezone.is_naive(when):
            when = there(zones_of(number), when)
        if asked.get("flow") and asked.get("agent"):
            raise wrong("agent", _("Name either an agent or a flow."))
        if not {"flow", "agent"} & asked.keys() and not Agent.objects.filter(user=self.person).exists():
            raise wrong("flow", _("Name a flow that whoever answers walks, or an agent who calls."))
        flow = self._one(asked, "flow", Flow.objects.all())
        return Wish(
            number,
            agent=None if flow else self.acting(asked)["by_agent"],
            flow=flow,
            queue=self._one(asked, "queue", Queue.objects.visible_to(self.person)),
            reference=asked.get("reference", ""),
            message=self._one(asked, "message", Prompt.objects.all()),
            language=asked.get("language", ""),
            not_before=when,
            expires_at=asked.get("expires_at"),
            waits_for_hours=asked["waits_for_hours"],
            most_tries=asked["tries"],
            spacing=asked["spacing"],
        )

    @staticmethod
    def _one(asked: dict[str, Any], name: str, rows: QuerySet[Any]) -> Any:
        if name not in asked:
            return None
        found = rows.filter(pk=asked[name]).first()
        if found is None:
            raise wrong(name, _("There is no such thing, or not for you."))
        return found
