"""Queues in the API, as they stand; who waits in them; and who is to be called back."""

from collections.abc import Callable, Iterable, Mapping
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

from agents.api import AgentRef, SeenAtDesk, TeamRef
from agents.models import User
from conferences import actions as conferences
from conferences.api import Acting, Pressing, pressed
from conferences.models import Conference
from queues import actions, facts, statistics
from queues.actions import callbacks, owed
from queues.models import Callback, Entry, Offer, Queue
from queues.states import CALLBACK_LIVE, CallbackState, EntryState, OfferState
from rest.fields import Moment, MomentFilter
from rest.filters import Filters, IdFilter
from rest.problems import conflict, refused, wrong
from rest.serializers import ModelShape, Shape
from rest.views import Listed, Read, Resource
from telephony import numbers
from telephony.fields import Number

SUPERVISE = ("agents.watch_board", "agents.supervise")


class QueueRef(ModelShape):
    """A queue, by id and name."""

    class Meta:
        model = Queue
        fields = ("id", "name")


# ---- queues


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


# ---- who waits


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


# ---- callbacks


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


class CancelBody(Shape):
    """Why nobody is to be called any more."""

    why = serializers.CharField(max_length=32, required=False, help_text="In words, for the history of the call.")


class CallbackFilters(Filters):
    queue = IdFilter("queue", label="The id of a queue.")
    state = filters.ChoiceFilter(choices=[(one.value, one.value) for one in CallbackState])
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
