"""Queues in the API, as they stand."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api import SeenAtDesk, TeamRef
from conferences import actions as conferences
from conferences.api import Acting, Pressing, pressed
from conferences.models import Conference
from queues import facts, statistics
from queues.models import Queue
from rest.problems import wrong
from rest.serializers import ModelShape, Shape
from rest.views import Listed, Read, Resource


class QueueRef(ModelShape):
    """A queue, by id and name."""

    class Meta:
        model = Queue
        fields = ("id", "name")


class NowShape(Shape):
    """A queue at this moment."""

    waiting = serializers.IntegerField(help_text="Callers, and places kept for who is to be called back.")
    longest_wait = serializers.SerializerMethodField(help_text="Seconds, of who waits now.")
    staffed = serializers.IntegerField(help_text="Members at their desks who take calls, busy or not.")
    ready = serializers.IntegerField(help_text="Members who could be rung right now.")
    is_full = serializers.BooleanField()

    @extend_schema_field(serializers.IntegerField())
    def get_longest_wait(self, status: facts.Status) -> int:
        return round(status.longest_wait.total_seconds())


class DayShape(Shape):
    """A queue's day so far, in the time zone of the server: callers, not callbacks."""

    offered = serializers.IntegerField(help_text="Who came.")
    answered = serializers.IntegerField()
    answered_in_time = serializers.IntegerField(help_text="Within `answer_within` seconds.")
    abandoned = serializers.IntegerField(help_text="Who hung up.")
    abandoned_short = serializers.IntegerField(help_text="Of these, who hung up at once, and is not counted.")
    timed_out = serializers.IntegerField()
    left = serializers.IntegerField(help_text="Who went another way, by a key or by an agent.")
    longest_wait = serializers.SerializerMethodField(help_text="Seconds.")
    service_level = serializers.IntegerField(
        source="shown_level", allow_null=True, help_text="Percent who were answered in time; null before anybody came."
    )
    target = serializers.IntegerField(source="answer_share", help_text="Percent.")

    @extend_schema_field(serializers.IntegerField())
    def get_longest_wait(self, day: statistics.Day) -> int:
        return round(day.longest_wait.total_seconds())


class QueueShape(ModelShape):
    """A line of callers. How it is set up is changed in the admin."""

    team = TeamRef(allow_null=True)
    now = NowShape()
    today = DayShape()

    class Meta:
        model = Queue
        fields = (
            "id",
            "name",
            "team",
            "order",
            "priority",
            "ring_seconds",
            "answer_within",
            "most_waiting",
            "wrap_up",
            "wrap_up_seconds",
            "is_sensitive",
            "now",
            "today",
        )
        expandable = ("today",)


class TakeBody(Acting):
    """Whose customer is sent here."""

    conference = serializers.UUIDField(help_text="The id of the conversation. It ends.")

    class Meta:
        example = {"conference": "6a6f6f1e-8d3c-4c0e-9d3f-0c8f6f0d7a11"}


class Queues(Pressing, SeenAtDesk, Listed, Read, Resource):
    """Queues, each with how it stands now; with `expand=today` how its day went so far. The admin sets them up."""

    scope = "queues"
    permissions = {"list": "queues.view_queue", "retrieve": "queues.view_queue", "take": "agents.supervise"}
    at_desk = frozenset({"list", "retrieve", "take"})
    bodies = {"take": TakeBody}
    statuses = {"take": 202}
    queryset = Queue.objects.select_related("team")
    serializer_class = QueueShape
    orderings = ("name", "pk")
    expansions = {"today": ()}

    def get_object(self) -> Queue:
        queue: Queue = super().get_object()
        self._look([queue])
        return queue

    def paginate_queryset(self, queryset: Any) -> Any:
        page: Any = super().paginate_queryset(queryset)
        self._look(page)
        return page

    @action(detail=True, methods=["post"])
    def take(self, _request: Request, **_way: Any) -> Response:
        """Send the customer of a conversation here, for its owner, with the time waited so far."""
        queue, asked = self.get_object(), self.body()
        if not Conference.objects.visible_to(self.person).filter(pk=asked["conference"]).exists():
            raise wrong("conference", _("There is no such conversation, or not for you: /conferences lists them."))
        acting = self.acting(asked)
        pressed(lambda: conferences.send_away(asked["conference"], f"queue:{queue.pk}", **acting, at=timezone.now()))
        return self.answer(queue)

    def _look(self, queues: Iterable[Any]) -> None:
        """Put how they stand beside the queues: one query for all of them, and one more for their day."""
        at = timezone.now()
        found = {queue.pk: queue for queue in queues}
        status = facts.status(found, at=at)
        days: Mapping[int, statistics.Day] = {}
        if "today" in self.expanded():
            midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
            days = statistics.today(found, since=midnight)
        for key, queue in found.items():
            queue.now, queue.today = status.get(key), days.get(key)
