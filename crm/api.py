"""Events and who is told of them, in the API: the feed for those who poll, and subscriptions with their log."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django_filters import filters
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from crm.actions import delivering, numbering, subscribing
from crm.catalogue import TYPES
from crm.models import Delivery, Event, Numbering, Subscription, Try
from crm.states import DeliveryState
from crm.telling import envelope
from crm.viewing import viewer_of
from rest.fields import Moment
from rest.filters import Filters, WordFilter
from rest.problems import refused, wrong
from rest.serializers import ModelShape, Shape
from rest.views import Listed, Read, Resource
from telephony import logs

MOST = 200
MOST_POSITION = 2**63 - 1
NAMES = [(name, name) for name in sorted(TYPES)]
LOOKED_AT, PAGES = 200, 5  # events at once, and how often at most for one answer


class EventShape(Shape):
    """What happened. `data` depends on the type: see the catalogue of events."""

    id = serializers.UUIDField()
    type = serializers.CharField()
    version = serializers.IntegerField()
    occurred_at = Moment()
    position = serializers.IntegerField(help_text="The place in the feed.", allow_null=True)
    conversation = serializers.UUIDField(allow_null=True)
    sequence = serializers.IntegerField(help_text="The place in its conversation, from 1.", allow_null=True)
    contact = serializers.UUIDField(allow_null=True, help_text="Where it is exactly known who it was.")
    reference = serializers.CharField(allow_blank=True, help_text="The record's id that an order was given.")
    data = serializers.DictField()  # type: ignore[assignment]  # a name of DRF's own, which answers do not use


@extend_schema_serializer(many=False)
class FeedShape(Shape):
    items = EventShape(many=True)
    next = serializers.IntegerField(help_text="Ask with `after` as this for what follows, now or later.")
    more = serializers.BooleanField(help_text="Whether something follows already.")


class FeedQuery(Shape):
    after = serializers.IntegerField(
        min_value=0, max_value=MOST_POSITION, default=0, help_text="`next` of the answer before; 0 begins."
    )
    from_end = serializers.BooleanField(
        default=False, help_text="Nothing of what was, but `next` for what comes from now on; `after` does not count."
    )
    type = serializers.ChoiceField(choices=NAMES, required=False, help_text="Only this type.")
    conversation = serializers.UUIDField(required=False, help_text="Only of this conversation.")
    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=50, help_text="How many at most.")


class Events(Resource):
    """The feed of events: in an order that never changes, and nothing ever comes in before what was read.

    `from_end` gives where it ends now, for who wants to follow it from there.
    """

    scope = "events"
    permissions = {"list": (), "retrieve": ()}  # each type has its own
    queries = {"list": FeedQuery}
    answers = {"list": FeedShape}
    queryset = Event.objects.told()
    serializer_class = EventShape
    lookup_field = "key"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"

    def list(self, _request: Request) -> Response:
        numbering.number(at=timezone.now())
        asked, viewer = self.query(), viewer_of(self.user)
        if asked["from_end"]:
            end = Numbering.objects.values_list("position", flat=True).first() or 0
            return self.answer({"items": [], "next": end, "more": False})
        names = viewer.types & {asked["type"]} if "type" in asked else viewer.types
        rows = self.get_queryset().filter(type__in=names).order_by("position")
        if "conversation" in asked:
            rows = rows.filter(conversation=asked["conversation"])
        found, after, more = _some(rows, viewer, after=asked["after"], limit=asked["limit"])
        return self.answer({"items": [envelope(event, viewer) for event in found], "next": after, "more": more})

    def retrieve(self, _request: Request, **_way: Any) -> Response:
        event, viewer = self.get_object(), viewer_of(self.user)
        if not viewer.sees(event.type, event.data):
            raise Http404
        return self.answer(envelope(event, viewer))


def _some(rows: QuerySet[Event], viewer: Any, *, after: int, limit: int) -> tuple[list[Event], int, bool]:
    """Give the next events that may be seen, the place up to which was looked, and whether more lies behind."""
    found: list[Event] = []
    for _page in range(PAGES):
        page = list(rows.filter(position__gt=after)[: LOOKED_AT + 1])
        for event in page[:LOOKED_AT]:
            after = event.position or after
            if viewer.sees(event.type, event.data):
                found.append(event)
                if len(found) == limit:
                    return found, after, page[-1].position != after
        if len(page) <= LOOKED_AT:
            return found, after, False
    return found, after, True


class SubscriptionShape(ModelShape):
    """Who is told. The secret is shown once: by the answer that made it."""

    is_active = serializers.BooleanField(help_text="Whether events are sent.")
    types = serializers.ListField(
        child=serializers.CharField(), help_text="Types of events; an empty list stands for all."
    )

    class Meta:
        model = Subscription
        fields = (
            "id",
            "name",
            "url",
            "types",
            "is_active",
            "created_at",
            "failing_since",
            "disabled_at",
            "disabled_because",
            "old_secret_until",
            "version",
        )


class MadeShape(SubscriptionShape):
    """As made: with its secret."""

    secret = serializers.CharField(help_text="whsec_ and base64: by it the signature of each event is checked.")

    class Meta:
        model = Subscription
        fields = (*SubscriptionShape.Meta.fields, "secret")


class SubscriptionBody(Shape):
    name = serializers.CharField(max_length=80)
    url = serializers.CharField(max_length=500, help_text="Where events are sent, by POST; https.")
    types = serializers.ListField(
        child=serializers.ChoiceField(choices=NAMES),
        required=False,
        max_length=len(NAMES),
        help_text="Types of events; an empty list stands for all.",
    )

    class Meta:
        example = {"name": "CRM", "url": "https://crm.example.com/hooks", "types": ["call.ended", "call.completed"]}


class ChangeBody(SubscriptionBody):
    is_active = serializers.BooleanField(required=False, help_text="Switches it off and on.")

    class Meta:
        example = {"is_active": False}


class TestBody(Shape):
    type = serializers.ChoiceField(choices=NAMES, default="call.ended", help_text="Of which type an example is sent.")

    class Meta:
        example = {"type": "call.ended"}


class ReplayBody(Shape):
    since = Moment(help_text="What happened at this moment or later,")
    until = Moment(help_text="and before this one.")

    class Meta:
        example = {"since": "2026-03-02T15:00:00Z", "until": "2026-03-02T16:00:00Z"}


class CountShape(Shape):
    count = serializers.IntegerField(help_text="How many events are sent once more.")


class TestShape(Shape):
    event = serializers.UUIDField(help_text="The id under which the test is sent.")


class Subscriptions(Listed, Read, Resource):
    """Subscriptions to events. One receives what its owner may see."""

    scope = "subscriptions"
    permissions = {
        "list": "crm.view_subscription",
        "retrieve": "crm.view_subscription",
        "create": "crm.add_subscription",
        "partial_update": "crm.change_subscription",
        "destroy": "crm.delete_subscription",
        "test": "crm.change_subscription",
        "rotate_secret": "crm.change_subscription",
        "replay": "crm.change_subscription",
    }
    bodies = {"create": SubscriptionBody, "partial_update": ChangeBody, "test": TestBody, "replay": ReplayBody}
    answers = {"create": MadeShape, "rotate_secret": MadeShape, "test": TestShape, "replay": CountShape}
    statuses = {"test": 202, "replay": 202}
    queryset = Subscription.objects.all()
    serializer_class = SubscriptionShape
    orderings = ("-created_at",)
    version_fields = ("version",)
    lookup_value_converter = "uuid"

    def create(self, _request: Request) -> Response:
        body = self.body()
        with _told():
            made = subscribing.subscribe(owner=self.user, **body, at=timezone.now())
        return self.answer(made)

    def partial_update(self, _request: Request, **_way: Any) -> Response:
        subscription, body = self.get_object(), self.body()
        is_active = body.pop("is_active", None)
        with _told():
            if body:
                subscribing.change(subscription, **body, at=timezone.now())
        if is_active is not None and is_active != subscription.is_active:
            turn = subscribing.enable if is_active else subscribing.disable
            turn(subscription, at=timezone.now())
        return self.answer(subscription)

    def destroy(self, _request: Request, **_way: Any) -> Response:
        subscribing.unsubscribe(self.get_object())
        return self.answer()

    @action(detail=True, methods=["post"])
    def test(self, _request: Request, **_way: Any) -> Response:
        subscription, body = self.get_object(), self.body()
        with _told():
            event = subscribing.send_test(subscription, type=body["type"], at=timezone.now())
        return self.answer({"event": event.key})

    @action(detail=True, methods=["post"], url_path="rotate-secret")
    def rotate_secret(self, _request: Request, **_way: Any) -> Response:
        subscription = self.get_object()
        subscribing.rotate_secret(subscription, at=timezone.now())
        return self.answer(subscription)

    @action(detail=True, methods=["post"])
    def replay(self, _request: Request, **_way: Any) -> Response:
        subscription, body = self.get_object(), self.body()
        try:
            count = delivering.replay_range(subscription, **body, at=timezone.now())
        except delivering.TooMany as too_many:
            raise refused(str(too_many)) from too_many
        return self.answer({"count": count})


class TryShape(ModelShape):
    """One request, and what came back; long bodies are cut."""

    request_headers = serializers.DictField(child=serializers.CharField())
    answer_headers = serializers.DictField(child=serializers.CharField())

    class Meta:
        model = Try
        fields = (
            "number",
            "at",
            "milliseconds",
            "request_headers",
            "request_body",
            "status",
            "answer_headers",
            "answer_body",
            "failure",
        )

    def to_representation(self, tried: Try) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(tried)
        if not self.context["request"].user.has_perm("calls.view_numbers"):
            shown |= {name: logs.hide(shown[name]) for name in ("request_body", "answer_body")}
        return shown


class DeliveryShape(ModelShape):
    """One event for one subscription."""

    event = serializers.UUIDField(source="event.key")
    type = serializers.CharField(source="event.type")
    due_at = serializers.SerializerMethodField(help_text="When it is tried next; empty: never.")
    attempts = TryShape(many=True, help_text="The log of the tries.")

    class Meta:
        model = Delivery
        fields = (
            "id",
            "subscription",
            "event",
            "type",
            "position",
            "state",
            "tries",
            "due_at",
            "made_at",
            "ended_at",
            "attempts",
        )
        expandable = ("attempts",)

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_due_at(self, delivery: Delivery) -> Any:
        return Moment().to_representation(delivery.due_at) if delivery.state == DeliveryState.WAITING else None


class DeliveryFilters(Filters):
    subscription = filters.UUIDFilter("subscription", label="Of this subscription.")
    state = WordFilter(DeliveryState, label="How it stands.")
    event = filters.UUIDFilter("event__key", label="Of this event.")

    class Meta:
        model = Delivery
        fields = ("subscription", "state", "event")


class Deliveries(Listed, Read, Resource):
    """What was sent to subscriptions, with the log of each try, and sending once more."""

    scope = "subscriptions"
    permissions = {
        "list": "crm.view_delivery",
        "retrieve": "crm.view_delivery",
        "replay": "crm.change_subscription",
    }
    statuses = {"replay": 202}
    queryset = Delivery.objects.select_related("event")
    serializer_class = DeliveryShape
    filterset_class = DeliveryFilters
    orderings = ("-made_at", "-position")
    expansions = {"attempts": ("attempts",)}
    lookup_value_converter = "uuid"

    @action(detail=True, methods=["post"])
    def replay(self, _request: Request, **_way: Any) -> Response:
        """Send it once more; its receiver sees the same `webhook-id`."""
        delivery = self.get_object()
        delivering.replay(delivery, at=timezone.now())
        delivery.refresh_from_db()
        return self.answer(delivery)


@contextmanager
def _told() -> Iterator[None]:
    """Turn what cannot be into a problem that names the field."""
    try:
        yield
    except subscribing.NotPossible as impossible:
        raise wrong(impossible.field, str(impossible)) from impossible
