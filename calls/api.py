"""Calls in the API: every leg, with its history where that is asked for."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from calls import actions, timeline
from calls.ends import shown_to, text_shown_to
from calls.models import Call
from calls.states import FINAL, Status
from contacts.models import ContactNumber
from rest.fields import MomentFilter
from rest.filters import Filters, IdFilter, WordFilter
from rest.problems import conflict
from rest.serializers import ModelShape, Shape
from rest.views import Listed, Read, Resource
from telephony.fields import Number, NumberFilter

DIRECTIONS = ("inbound", "outbound-api", "outbound-dial")


class CallEntryShape(Shape):
    """One thing that happened, in words."""

    seconds = serializers.FloatField(help_text="Since the call began.")
    title = serializers.CharField()
    text = serializers.CharField(allow_blank=True, help_text="What was heard, said or pressed; numbers may be masked.")
    note = serializers.CharField(allow_blank=True)


class CallChapterShape(Shape):
    """A step of a flow, or what came before the first and after the last."""

    seconds = serializers.FloatField(help_text="Since the call began.")
    title = serializers.CharField()
    kind = serializers.CharField(allow_blank=True, help_text="The kind of the step; empty where it is none.")
    took = serializers.FloatField(allow_null=True, help_text="Seconds.")
    entries = CallEntryShape(many=True)


class LegShape(ModelShape):
    """A leg that this call has dialed."""

    to_number = Number()

    class Meta:
        model = Call
        fields = ("id", "sid", "status", "to_number", "started_at", "answered_at", "ended_at")


class CallShape(ModelShape):
    """One leg of a conversation."""

    from_number = Number(help_text="E.164, or `client:`, `sip:`, a word; masked without the permission to see numbers.")
    to_number = Number(help_text="As `from_number`.")
    timeline = serializers.SerializerMethodField(help_text="What happened, in the words of the call's page.")
    legs = LegShape(many=True, help_text="What this call has dialed.")

    class Meta:
        model = Call
        fields = (
            "id",
            "sid",
            "conversation",
            "parent",
            "direction",
            "from_number",
            "to_number",
            "status",
            "answered_by",
            "started_at",
            "answered_at",
            "ended_at",
            "seconds",
            "timeline",
            "legs",
        )
        expandable = ("timeline", "legs")

    @extend_schema_field(CallChapterShape(many=True))
    def get_timeline(self, call: Call) -> list[dict[str, Any]]:
        user = self.context["request"].user
        events = sorted(call.events.all(), key=lambda event: event.pk)  # they are prefetched
        told = timeline.chapters(call, events, show=shown_to(user), show_text=text_shown_to(user))
        return [_chapter(chapter) for chapter in told]


def _chapter(chapter: timeline.Chapter) -> dict[str, Any]:
    return {
        "seconds": chapter.since.total_seconds(),
        "title": chapter.title,
        "kind": chapter.kind,
        "took": None if chapter.took is None else chapter.took.total_seconds(),
        "entries": [
            {
                "seconds": entry.since.total_seconds(),
                "title": entry.title,
                "text": entry.text or entry.keys,
                "note": entry.note,
            }
            for entry in chapter.entries
        ],
    }


class CallFilters(Filters):
    number = NumberFilter(method="numbered", label="A number at either end, however it is written, or a part.")
    direction = WordFilter(DIRECTIONS, label="Twilio's word for who called whom.")
    status = WordFilter(Status, label="Twilio's word for how it stands.")
    live = filters.BooleanFilter(method="living", label="Whether it is still going on.")
    started_from = MomentFilter("started_at", "gte", label="Began at this moment or later.")
    started_before = MomentFilter("started_at", "lt", label="Began before this moment.")
    conversation = filters.UUIDFilter(label="All legs of one conversation.")
    sid = filters.CharFilter(label="Twilio's id.")
    queue = IdFilter(method="of_queue", label="Waited in this queue.")
    agent = filters.UUIDFilter(method="of_agent", label="All legs of conversations that this agent took part in.")
    contact = filters.UUIDFilter(method="of_contact", label="From or to a number of this contact.")

    class Meta:
        model = Call
        fields = ()

    def numbered(self, calls: Any, _name: str, text: str) -> QuerySet[Call]:
        found: QuerySet[Call] = calls.numbered(text)
        return found

    # Queues and conversations lie above calls: only the names of the reverse relations are known here.

    def of_queue(self, calls: QuerySet[Call], _name: str, queue: int) -> QuerySet[Call]:
        return calls.filter(pk__in=Call.objects.filter(entries__queue=queue).values("pk"))

    def of_agent(self, calls: QuerySet[Call], _name: str, agent: UUID) -> QuerySet[Call]:
        return calls.filter(conversation__in=Call.objects.filter(participations__agent=agent).values("conversation"))

    def of_contact(self, calls: QuerySet[Call], _name: str, contact: UUID) -> QuerySet[Call]:
        numbers = ContactNumber.objects.filter(contact=contact).values("number")
        return calls.filter(Q(from_number__in=numbers) | Q(to_number__in=numbers))

    def living(self, calls: QuerySet[Call], _name: str, is_live: bool) -> QuerySet[Call]:
        over = Q(status__in=FINAL)
        return calls.filter(~over if is_live else over)


class Calls(Listed, Read, Resource):
    """Calls, each leg one of them; all legs of a conversation have the same `conversation`."""

    scope = "calls"
    scopes = {"hang_up": "calls:hang-up"}
    permissions = {"list": "calls.view_call", "retrieve": "calls.view_call", "hang_up": "calls.hang_up"}
    statuses = {"hang_up": 202}
    queryset = Call.objects.all()
    serializer_class = CallShape
    filterset_class = CallFilters
    orderings = ("-started_at",)
    expansions = {"timeline": ("events",), "legs": ("legs",)}

    @action(detail=True, methods=["post"], url_path="hang-up")
    def hang_up(self, _request: Request, **_way: Any) -> Response:
        """End a live call. The answer comes at once; the call is over when Twilio says so."""
        call = self.get_object()
        try:
            actions.hang_up(call, by=self.user.get_full_name() or self.user.get_username(), at=timezone.now())
        except actions.IsOver:
            raise conflict(_("The call is over already. Read it to see how it ended.")) from None
        return self.answer(call)
