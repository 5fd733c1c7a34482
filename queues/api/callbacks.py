"""Callbacks in the API: asked for, canceled, and looked after where they did not come about."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.models import User
from conferences.api import Pressing
from queues.actions import callbacks, owed
from queues.api.queues import QueueRef
from queues.models import Callback, Entry, Queue
from queues.states import CALLBACK_LIVE, CallbackState
from rest.fields import Moment, MomentFilter
from rest.filters import Filters, IdFilter, WordFilter
from rest.problems import conflict, refused, wrong
from rest.serializers import ModelShape, Shape
from rest.views import Listed, Read, Resource
from telephony import numbers
from telephony.fields import Number


class CallbackShape(ModelShape):
    """Somebody's wish to be called back."""

    queue = QueueRef()
    number = Number()
    call = serializers.UUIDField(source="call_id", allow_null=True, help_text="In which they asked for it.")
    conversation = serializers.UUIDField(source="call.conversation", default=None, allow_null=True)
    state = serializers.ChoiceField([one.value for one in CallbackState])
    last_outcome = serializers.CharField(help_text="How the last try ended, or why it was canceled; empty before that.")
    owner = serializers.CharField(
        source="owner.username", default=None, allow_null=True, help_text="Who looks after one that has expired."
    )
    not_before = serializers.SerializerMethodField(help_text="The next try is no sooner than then.")

    class Meta:
        model = Callback
        fields = (
            "id",
            "queue",
            "number",
            "language",
            "call",
            "conversation",
            "state",
            "tries",
            "last_outcome",
            "owner",
            "asked_at",
            "tried_at",
            "not_before",
            "expires_at",
            "ended_at",
        )

    @extend_schema_field(Moment(allow_null=True))
    def get_not_before(self, callback: Any) -> str | None:
        moment = next((entry.not_before for entry in callback.places), None)
        return Moment().to_representation(moment) if moment is not None else None


class CallbackBody(Shape):
    """Whom to call back, and from which queue. It is tried when it is their turn, within the hours of the queue."""

    queue = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="The id of a queue.")
    number = Number(help_text="Of whom to call.")
    language = serializers.CharField(max_length=16, required=False, help_text="Such as `en-US`.")
    priority = serializers.IntegerField(
        min_value=-1000, max_value=1000, default=0, help_text="Points beside the queue's own."
    )

    class Meta:
        example = {"queue": 1, "number": "+14155550123", "language": "en-US"}


class CancelBody(Shape):
    """Why nobody is to be called any more."""

    why = serializers.CharField(max_length=32, required=False, help_text="In words, for the history of the call.")

    class Meta:
        example = {"why": "solved by mail"}


class CallbackFilters(Filters):
    queue = IdFilter("queue", label="The id of a queue.")
    state = WordFilter(CallbackState, label="How it stands.")
    live = filters.BooleanFilter(method="living", label="Whether it is still to be tried.")
    number = filters.CharFilter(method="of_number", label="The number, however it is written.")
    call = filters.UUIDFilter("call", label="The id of the call in which it was asked for.")
    asked_from = MomentFilter("asked_at", "gte", label="Asked for at this moment or later.")
    asked_before = MomentFilter("asked_at", "lt", label="Asked for before this moment.")

    class Meta:
        model = Callback
        fields = ("queue", "state", "live", "number", "call", "asked_from", "asked_before")

    def living(self, rows: QuerySet[Callback], _name: str, is_live: bool) -> QuerySet[Callback]:
        return rows.filter(state__in=CALLBACK_LIVE) if is_live else rows.exclude(state__in=CALLBACK_LIVE)

    def of_number(self, rows: QuerySet[Callback], _name: str, text: str) -> QuerySet[Callback]:
        number = numbers.parse(text, country=settings.DEFAULT_COUNTRY)
        return rows.filter(number=number) if number else rows.none()


WORK = "queues.change_callback"


class Callbacks(Pressing, Listed, Read, Resource):
    """Callbacks of the queues that the key's owner sees: who waits to be called, and whom nobody could reach."""

    scope = "callbacks"
    permissions = {
        "list": "queues.view_callback",
        "retrieve": "queues.view_callback",
        **dict.fromkeys(("create", "cancel", "try_now", "claim", "finish", "call_again"), WORK),
    }
    bodies = {"create": CallbackBody, "cancel": CancelBody}
    queryset = Callback.objects.select_related("queue", "owner", "call").prefetch_related(
        Prefetch("entries", Entry.objects.live(), to_attr="places")
    )
    serializer_class = CallbackShape
    filterset_class = CallbackFilters
    orderings = ("-asked_at",)

    def create(self, _request: Request) -> Response:
        """Have somebody called back, at the end of the line. The answer is 409 where they wait for that already."""
        asked = self.body()
        queue = Queue.objects.visible_to(self.person).filter(pk=asked["queue"]).first()
        if queue is None:
            raise wrong("queue", _("There is no such queue: /queues lists yours."))
        at = timezone.now()
        try:
            made = callbacks.ask(
                queue.pk,
                asked["number"],
                call_id=None,
                language=asked.get("language", ""),
                aged_from=at,
                priority=asked["priority"],
                at=at,
            )
        except callbacks.AlreadyAsked as present:
            told = _("This number waits already to be called back from that queue.")
            raise conflict(told, callback=str(present.callback.pk)) from None
        except callbacks.NotCallable as reason:
            raise refused(reason) from None
        return self.answer(self.get_queryset().get(pk=made.pk))

    @action(detail=True, methods=["post"])
    def cancel(self, _request: Request, **_way: Any) -> Response:
        """Call nobody any more: the place in line is given up, and an agent who is rung for it is let go."""
        why = self.body().get("why") or str(_("not wanted any more"))
        return self._do(lambda pk, by: callbacks.cancel(pk, by=by, why=why, at=timezone.now()))

    @action(detail=True, methods=["post"], url_path="try-now")
    def try_now(self, _request: Request, **_way: Any) -> Response:
        """Let it be the next of its queue, without the pause after a try. The calling hours hold all the same."""
        return self._do(lambda pk, by: callbacks.try_now(pk, by=by, at=timezone.now()))

    @action(detail=True, methods=["post"])
    def claim(self, _request: Request, **_way: Any) -> Response:
        """Look after one that has expired."""
        return self._do(lambda pk, by: owed.claim(pk, by=by, at=timezone.now()))

    @action(detail=True, methods=["post"])
    def finish(self, _request: Request, **_way: Any) -> Response:
        """Mark one that has expired as dealt with in some other way."""
        return self._do(lambda pk, by: owed.finish(pk, by=by, at=timezone.now()))

    @action(detail=True, methods=["post"], url_path="call-again")
    def call_again(self, _request: Request, **_way: Any) -> Response:
        """Put one that has expired back into its line, as old as it was, with all its tries."""
        return self._do(lambda pk, by: owed.call_again(pk, by=by, at=timezone.now()))

    def _do(self, act: Callable[[Any, User], None]) -> Response:
        callback = self.get_object()
        try:
            act(callback.pk, self.person)
        except owed.Taken:
            raise conflict(_("Somebody else looks after it: `owner` says who.")) from None
        except callbacks.AlreadyAsked as present:
            told = _("The person has asked again and waits already.")
            raise conflict(told, callback=str(present.callback.pk)) from None
        except callbacks.NotNow as reason:
            raise conflict(_("%(why)s Read it to see how it stands.") % {"why": reason}) from None
        return self.answer(self.get_object())
