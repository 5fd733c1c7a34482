"""Legal holds in the API: placed after a look at what they cover, reviewed, and lifted with a reason."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api import Asked
from calls.models import Call
from compliance import holds
from compliance.actions import holds as actions
from compliance.models import Hold
from compliance.origin import address_of
from queues.api import QueueRef
from queues.models import Queue
from rest.fields import Moment
from rest.filters import Filters, IdFilter
from rest.problems import conflict, wrong
from rest.serializers import ModelShape, Shape
from rest.views import Listed, Read, Resource
from telephony.fields import Number

LONGEST_REASON = 2000


class CoveredShape(Shape):
    """How much a hold keeps."""

    calls = serializers.IntegerField()
    recordings = serializers.IntegerField()
    texts = serializers.IntegerField()


class HoldShape(ModelShape):
    """A legal hold: nothing that it covers is deleted until somebody lifts it. All that is named must apply."""

    owner = serializers.CharField(source="owner.username", help_text="The log-in of who answers for it.")
    review_on = serializers.DateField(source="review_at", help_text="When to look whether it is still needed.")
    caller = Number(help_text="The number at the other end; empty where it is not named.")
    number = Number(help_text="Ours; empty where it is not named.")
    call = serializers.UUIDField(source="call_id", allow_null=True, help_text="Of the conversation that is held.")
    queue = QueueRef(allow_null=True)
    placed_by = serializers.CharField(source="placed_by.username")
    is_active = serializers.SerializerMethodField()

    class Meta:
        model = Hold
        fields = (
            "id",
            "name",
            "reason",
            "owner",
            "review_on",
            "caller",
            "number",
            "call",
            "queue",
            "since",
            "until",
            "placed_at",
            "placed_by",
            "is_active",
            "lifted_at",
            "lifted_because",
        )

    @extend_schema_field(serializers.BooleanField())
    def get_is_active(self, hold: Hold) -> bool:
        return hold.lifted_at is None


class HoldBody(Shape):
    """What is to be held: all that is named must apply, and something must be."""

    name = serializers.CharField(max_length=80, help_text="The case.")
    reason = serializers.CharField(max_length=LONGEST_REASON)
    review_on = serializers.DateField(help_text="When to look whether it is still needed.")
    caller = Number(required=False, help_text="The number at the other end.")
    number = Number(required=False, help_text="Ours.")
    call = serializers.UUIDField(required=False, help_text="The id of a call: its whole conversation.")
    queue = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1, help_text="The id of a queue.")
    since = Moment(required=False, help_text="Calls from this moment on.")
    until = Moment(required=False, help_text="Calls until this moment.")

    class Meta:
        example = {
            "name": "Case 2026-17",
            "reason": "A letter of a lawyer.",
            "review_on": "2027-01-31",
            "caller": "+14155550123",
        }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not any(attrs.get(name) for name in ("caller", "number", "call", "queue", "since", "until")):
            told = _("Say what is held: a caller, a number of ours, a call, a queue, or a period.")
            raise serializers.ValidationError({"caller": [told]})
        since, until = attrs.get("since"), attrs.get("until")
        if since and until and until <= since:
            raise serializers.ValidationError({"until": [_("This is before the beginning.")]})
        return attrs


class PlacedShape(Shape):
    """What was placed, or with `dry_run` would be, and how much that covers."""

    hold = HoldShape(allow_null=True, help_text="Null in a dry run.")
    covers = CoveredShape()


class PlaceQuery(Shape):
    """How it is placed."""

    dry_run = serializers.BooleanField(default=False, help_text="Count what it would cover, and place nothing.")


class LiftBody(Shape):
    """Why it is not needed any more."""

    because = serializers.CharField(max_length=LONGEST_REASON)

    class Meta:
        example = {"because": "The case is closed."}


class ReviewBody(Shape):
    """When to look again."""

    review_on = serializers.DateField()

    class Meta:
        example = {"review_on": "2027-06-30"}


class HoldFilters(Filters):
    active = filters.BooleanFilter("lifted_at", "isnull", label="Whether it still holds.")
    owner = filters.CharFilter("owner__username", label="The log-in of who answers for it.")
    queue = IdFilter("queue", label="The id of a queue.")

    class Meta:
        model = Hold
        fields = ("active", "owner", "queue")


class Holds(Asked, Listed, Read, Resource):
    """Legal holds, placed and lifted."""

    scope = "holds"
    scopes = {"lift": "holds:lift"}
    permissions = {
        "list": "compliance.view_hold",
        "retrieve": "compliance.view_hold",
        "covers": "compliance.view_hold",
        "create": "compliance.add_hold",
        "review": "compliance.change_hold",
        "lift": "compliance.lift_hold",
    }
    bodies = {"create": HoldBody, "review": ReviewBody, "lift": LiftBody}
    queries = {"create": PlaceQuery}
    answers = {"create": PlacedShape, "covers": CoveredShape}
    queryset: QuerySet[Hold] = Hold.objects.select_related("owner", "queue", "placed_by")
    serializer_class = HoldShape
    filterset_class = HoldFilters
    orderings = ("-placed_at",)

    def create(self, request: Request) -> Response:
        """Place a hold. With `dry_run` only count what it would cover."""
        asked, at = self.body(), timezone.now()
        call, queue = asked.get("call"), asked.get("queue")
        if call is not None and not Call.objects.filter(pk=call).exists():
            raise wrong("call", _("There is no such call: /calls lists them."))
        if queue is not None and not Queue.objects.filter(pk=queue).exists():
            raise wrong("queue", _("There is no such queue: /queues lists them."))
        named = {
            name: asked[name] for name in ("name", "reason", "caller", "number", "since", "until") if name in asked
        }
        hold = Hold(**named, review_at=asked["review_on"], call_id=call, queue_id=queue, owner=self.person)
        if self.query()["dry_run"]:
            return self.answer({"hold": None, "covers": actions.would_cover(hold, by=self.person, at=at)})
        actions.place(hold, by=self.person, address=address_of(request._request), at=at)
        return self.answer({"hold": hold, "covers": holds.covered(hold.pk)})

    @action(detail=True, methods=["get"])
    def covers(self, _request: Request, **_way: Any) -> Response:
        """Count what it keeps now; one that was lifted keeps nothing."""
        return self.answer(holds.covered(self.get_object().pk))

    @action(detail=True, methods=["post"])
    def review(self, _request: Request, **_way: Any) -> Response:
        """Note that it is still needed, and when to look again."""
        again_at = self.body()["review_on"]
        return self._do(lambda pk, **by: actions.review(pk, again_at=again_at, **by))

    @action(detail=True, methods=["post"])
    def lift(self, _request: Request, **_way: Any) -> Response:
        """Lift it: what no other hold covers may go by its rules from now on."""
        because = self.body()["because"]
        return self._do(lambda pk, **by: actions.lift(pk, because=because, **by))

    def _do(self, act: Callable[..., Hold]) -> Response:
        hold = self.get_object()
        try:
            act(hold.pk, by=self.person, address=address_of(self.request._request), at=timezone.now())
        except actions.NotActive:
            raise conflict(_("Somebody has lifted it already.")) from None
        return self.answer(self.get_object())
