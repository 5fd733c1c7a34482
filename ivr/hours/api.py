"""Opening hours in the API: whether they are open and why; and closing them at once."""

from typing import Any
from uuid import uuid4

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api import Asked
from ivr.actions import closing
from ivr.hours.opening import Opening, next_change, opening
from ivr.hours.timetables import Timetable, timetables
from ivr.models import Closure, Schedule
from rest.fields import Moment
from rest.filters import Filters, IdFilter
from rest.problems import conflict, refused, wrong
from rest.serializers import ModelShape, Shape
from rest.views import Listed, Read, Resource

CLOSE = ("ivr.view_closure", "ivr.close_now")


class OpeningShape(Shape):
    """Whether it is open at a moment, and which layer of the hours says so."""

    state = serializers.ChoiceField(["open", "closed", "holiday"])
    name = serializers.CharField(help_text="That of the date or the closure that decides; empty in the usual week.")
    layer = serializers.ChoiceField(["emergency", "one_off", "yearly", "weekly"])
    until = Moment(allow_null=True, help_text="The next change; null where none comes within a year.")


class ScheduleShape(ModelShape):
    """Opening hours under a name, as they are right now. They are written in the admin."""

    now = serializers.SerializerMethodField()

    class Meta:
        model = Schedule
        fields = ("id", "name", "time_zone", "country", "region", "now")

    @extend_schema_field(OpeningShape)
    def get_now(self, schedule: Schedule) -> dict[str, Any]:
        read: dict[str, Timetable] = self.__dict__.setdefault("read", {})  # by all rows of a page
        key = str(schedule.pk)
        if key not in read:
            rows = getattr(self.parent, "instance", None)
            keys = [row.pk for row in rows] if isinstance(rows, list) else [schedule.pk]
            read |= timetables(keys, since=timezone.now())
        week, at = read[key].week, timezone.now()
        found: Opening = opening(week, at)
        change = next_change(week, at)
        return OpeningShape({"state": found.state, "name": found.name, "layer": found.layer, "until": change}).data


class Schedules(Listed, Read, Resource):
    """Opening hours, and whether they are open now."""

    scope = "hours"
    permissions = dict.fromkeys(("list", "retrieve"), "ivr.view_schedule")
    queryset = Schedule.objects.all()
    serializer_class = ScheduleShape
    orderings = ("name", "pk")


class ClosureShape(ModelShape):
    """Opening hours that somebody has closed at once. They open by themselves at `ends_at`, if there is one."""

    schedules = serializers.SerializerMethodField(help_text="The ids of the opening hours.")
    began_by = serializers.CharField(source="began_by.username", default=None, allow_null=True)
    opened_by = serializers.CharField(source="opened_by.username", default=None, allow_null=True)
    lasts = serializers.SerializerMethodField(help_text="Whether it keeps them closed now.")

    class Meta:
        model = Closure
        fields = (
            *("id", "schedules", "reason", "message", "language"),
            *("began_at", "began_by", "ends_at", "opened_at", "opened_by", "lasts"),
        )

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_schedules(self, closure: Closure) -> list[int]:
        return sorted(schedule.pk for schedule in closure.schedules.all())

    @extend_schema_field(serializers.BooleanField())
    def get_lasts(self, closure: Closure) -> bool:
        return closure.lasts(timezone.now())


class CloseBody(Shape):
    """What is closed, why, and until when."""

    schedules = serializers.ListField(
        child=serializers.IntegerField(), allow_empty=False, help_text="The ids of opening hours."
    )
    reason = serializers.CharField(max_length=80)
    until = Moment(allow_null=True, help_text="When they open by themselves; null: not until somebody opens them.")
    message = serializers.CharField(
        max_length=1000, required=False, allow_blank=True, default="", help_text="What callers hear first."
    )
    language = serializers.CharField(max_length=16, required=False, allow_blank=True, default="en-US")

    class Meta:
        example = {"schedules": [1], "reason": "Fire drill", "until": "2027-03-02T15:00:00Z", "message": ""}


class ClosureFilters(Filters):
    schedule = IdFilter("schedules", label="The id of opening hours.")

    class Meta:
        model = Closure
        fields = ("schedule",)


class Closures(Asked, Listed, Read, Resource):
    """Closing at once, and who did."""

    scope = "hours"
    scopes = {"create": "hours:close", "open": "hours:close"}
    permissions = {**dict.fromkeys(("list", "retrieve"), "ivr.view_closure"), "create": CLOSE, "open": CLOSE}
    bodies = {"create": CloseBody}
    queryset = Closure.objects.select_related("began_by", "opened_by").prefetch_related("schedules")
    serializer_class = ClosureShape
    filterset_class = ClosureFilters
    orderings = ("-began_at",)

    def create(self, _request: Request) -> Response:
        """Close now. Callers who come to these hours go the way “Closed” from this moment on."""
        body = self.body()
        known = set(Schedule.objects.filter(pk__in=body["schedules"]).values_list("pk", flat=True))
        if missing := sorted(set(body["schedules"]) - known):
            raise wrong("schedules", f"There are no opening hours {missing[0]}.")
        message = body["message"].strip()
        try:
            closure = closing.close(
                body["schedules"],
                key=uuid4(),
                by=self.person,
                reason=body["reason"],
                until=body["until"],
                message=message,
                language=body["language"] if message else "",
                at=timezone.now(),
            )
        except closing.NotClosed as reason:
            raise refused(reason) from None
        return self.answer(closure)

    @action(detail=True, methods=["post"])
    def open(self, _request: Request, **_way: Any) -> Response:
        """Open again now; 409 where it is open already, by somebody else or by itself."""
        closure = self.get_object()
        if not closing.open_again(closure, by=self.person, at=timezone.now()):
            raise conflict("It was open again already.")
        closure.refresh_from_db()
        return self.answer(closure)
