"""Conversations in the API: what their agents press, and what supervisors do."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django_filters import filters
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api import SUPERVISE, SeenAtDesk
from conferences import actions
from conferences.api.pressing import Pressing, pressed
from conferences.api.shapes import VIEW, Acting, AnnounceBody, ConferenceShape, PressBody, SuperviseBody
from conferences.models import Conference, Participant
from conferences.room import Fate, Mode, Phase, Press
from rest.fields import MomentFilter
from rest.filters import Filters, IdFilter, WordFilter
from rest.views import Listed, Read, Resource

BOARD = ("agents.watch_board", SUPERVISE)


class ConferenceFilters(Filters):
    phase = WordFilter(Phase, label="How far it has come.")
    live = filters.BooleanFilter(method="living", label="Whether it is still going on.")
    agent = filters.UUIDFilter(method="with_agent", label="The id of an agent who is, or was, in it.")
    queue = IdFilter(method="of_queue", label="The id of the queue that it came from.")
    call = filters.UUIDFilter("customer", label="The id of the customer's call.")
    conversation = filters.UUIDFilter(label="What all legs of it have in common.")
    help_wanted = filters.BooleanFilter("help_asked_at", "isnull", exclude=True, label="Whether somebody wants help.")
    opened_from = MomentFilter("opened_at", "gte", label="Opened at this moment or later.")
    opened_before = MomentFilter("opened_at", "lt", label="Opened before this moment.")

    class Meta:
        model = Conference
        fields = (
            "phase",
            "live",
            "agent",
            "queue",
            "call",
            "conversation",
            "help_wanted",
            "opened_from",
            "opened_before",
        )

    def living(self, rows: QuerySet[Conference], _name: str, is_live: bool) -> QuerySet[Conference]:
        over = Phase.CLOSED
        return rows.exclude(phase=over) if is_live else rows.filter(phase=over)

    def with_agent(self, rows: QuerySet[Conference], _name: str, agent: UUID) -> QuerySet[Conference]:
        return rows.filter(pk__in=Participant.objects.filter(agent=agent).values("conference"))

    def of_queue(self, rows: QuerySet[Conference], _name: str, queue: int) -> QuerySet[Conference]:
        return rows.filter(pk__in=Conference.objects.filter(entries__queue=queue).values("pk"))


class Conferences(Pressing, SeenAtDesk, Listed, Read, Resource):
    """Conversations: those of the teams and queues that the key's owner supervises, and those the owner was in.

    What is pressed is a wish. `held`, `muted` and the states tell what Twilio has confirmed, a moment later.
    """

    scope = "conferences"
    scopes = dict.fromkeys(("supervise", "take_over", "stop_supervising"), "conferences:supervise")
    permissions = {
        **dict.fromkeys(("list", "retrieve"), VIEW),
        **dict.fromkeys(("press", "ask_help"), SUPERVISE),
        **dict.fromkeys(("supervise", "take_over", "stop_supervising", "announce", "answer_help", "end"), BOARD),
    }
    at_desk = frozenset({"list", "retrieve", "press", "ask_help"})
    bodies = {
        "press": PressBody,
        "ask_help": Acting,
        "supervise": SuperviseBody,
        "announce": AnnounceBody,
    }
    statuses = dict.fromkeys(
        (
            *("press", "ask_help", "supervise", "take_over", "stop_supervising"),
            *("announce", "answer_help", "end"),
        ),
        202,
    )
    queryset = Conference.objects.all()
    serializer_class = ConferenceShape
    filterset_class = ConferenceFilters
    orderings = ("-opened_at",)

    def get_queryset(self) -> QuerySet[Conference]:
        rows: Any = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return Conference.objects.all()
        seen = Participant.objects.visible_to(self.person).select_related("agent").order_by("wanted_at", "pk")
        rows = rows.prefetch_related(Prefetch("participants", seen, to_attr="everybody"))
        board = self.permissions.get(self.action) == BOARD
        found: QuerySet[Conference] = rows.supervised_by(self.person) if board else rows
        return found

    @action(detail=True, methods=["post"])
    def press(self, _request: Request, **_way: Any) -> Response:
        """Press a button of the desk: hold, unhold, complete, cancel, swap, merge, hang-up, give-back."""
        asked = self.body()
        what, acting = Press(asked["what"]), self.acting(asked)
        return self._do(lambda pk: actions.press(pk, what, **acting, at=timezone.now()))

    @action(detail=True, methods=["post"], url_path="ask-help")
    def ask_help(self, _request: Request, **_way: Any) -> Response:
        """Call for a supervisor, as the agent's own button does."""
        agent = self.acting(self.body())["by_agent"]
        return self._do(lambda pk: actions.ask_help(pk, agent=agent, at=timezone.now()))

    @action(detail=True, methods=["post"])
    def supervise(self, _request: Request, **_way: Any) -> Response:
        """Come in to listen, coach or barge; for who is in already, go on that way. The owner's own phone is rung."""
        mode = Mode(self.body()["mode"])

        def come(pk: UUID) -> None:
            there = Participant.objects.live().filter(conference=pk, agent__user=self.person)
            act = actions.change_mode if there.exists() else actions.supervise
            act(pk, by=self.person, mode=mode, at=timezone.now())

        return self._do(come)

    @action(detail=True, methods=["post"], url_path="take-over")
    def take_over(self, _request: Request, **_way: Any) -> Response:
        """Become responsible for the customer, as a supervisor who is in the conversation."""
        return self._do(lambda pk: actions.take_over(pk, by=self.person, at=timezone.now()))

    @action(detail=True, methods=["post"], url_path="stop-supervising")
    def stop_supervising(self, _request: Request, **_way: Any) -> Response:
        """Leave a conversation that one supervises."""
        return self._do(lambda pk: actions.stop_supervising(pk, by=self.person, at=timezone.now()))

    @action(detail=True, methods=["post"])
    def announce(self, _request: Request, **_way: Any) -> Response:
        """Let everybody hear a text who is not on hold."""
        text = self.body()["text"]
        return self._do(lambda pk: actions.announce(pk, text, by_user=self.person, at=timezone.now()))

    @action(detail=True, methods=["post"], url_path="answer-help")
    def answer_help(self, _request: Request, **_way: Any) -> Response:
        """Take a call for help off the board."""
        return self._do(lambda pk: actions.answer_help(pk, by=self.person, at=timezone.now()))

    @action(detail=True, methods=["post"])
    def end(self, _request: Request, **_way: Any) -> Response:
        """End the conversation: everybody is let go. One that is over stays so."""
        return self._do(lambda pk: actions.close(pk, Fate.SERVED, at=timezone.now()))

    def _do(self, act: Callable[[UUID], Any]) -> Response:
        conference = self.get_object()
        pressed(lambda: act(conference.pk))
        return self.answer(self.get_object())
