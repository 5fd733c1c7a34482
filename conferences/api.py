"""Conversations in the API: who is in them and how, and what may be done: by their agents, and by who supervises."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.actions import Busy
from agents.api import SUPERVISE, AgentRef, Asked, SeenAtDesk
from agents.models import Agent
from agents.states import EndpointKind
from conferences import actions, rules
from conferences.actions import NotNow, Place, Target
from conferences.actions.pressing import KEYS
from conferences.models import Conference, Participant
from conferences.reading import room_of
from conferences.room import Fate, Mode, Phase, Press, Role, Why
from conferences.states import LegState
from rest.fields import MomentFilter
from rest.filters import Filters, IdFilter
from rest.problems import Problem, conflict, wrong
from rest.serializers import ModelShape, Shape
from rest.views import Listed, Read, Resource
from telephony import numbers
from telephony.fields import Number

BOARD = ("agents.watch_board", SUPERVISE)
VIEW = "conferences.view_conference"
PRESSES = [(press.value, press.value) for press in Press if press is not Press.SEND_AWAY]
ASKS: dict[str, Callable[..., Participant]] = {
    Why.ADD: actions.add,
    Why.CONSULT: actions.consult,
    Why.HAND_OVER: actions.hand_over,
}


class ParticipantShape(ModelShape):
    """Somebody in a conversation, from the wish to have them there until they have left."""

    conference = serializers.UUIDField(source="conference_id")
    role = serializers.ChoiceField([(one.value, one.value) for one in Role])
    state = serializers.ChoiceField([(one.value, one.value) for one in LegState])
    agent = AgentRef(allow_null=True)
    name = serializers.CharField(help_text="Where it is no agent.")
    call = serializers.UUIDField(source="call_id", allow_null=True, help_text="The leg; null until it is known.")
    address = serializers.SerializerMethodField(
        help_text="A number in E.164, `client:` or `sip:`; masked without the permission to see numbers."
    )
    mode = serializers.SerializerMethodField(help_text="How a supervisor is there; null for everybody else.")
    held = serializers.BooleanField(help_text="On hold, as Twilio has confirmed it.")
    muted = serializers.BooleanField(help_text="Muted, as Twilio has confirmed it.")

    class Meta:
        model = Participant
        fields = (
            "id",
            "conference",
            "role",
            "state",
            "outcome",
            "agent",
            "name",
            "call",
            "address",
            "mode",
            "held",
            "muted",
            "wanted_at",
            "answered_at",
            "joined_at",
            "left_at",
        )

    @extend_schema_field(Number())
    def get_address(self, person: Participant) -> str:
        field = Number()
        field.bind("address", self)
        return field.to_representation(person.address)

    @extend_schema_field(serializers.ChoiceField([(one.value, one.value) for one in Mode], allow_null=True))
    def get_mode(self, person: Participant) -> str | None:
        return person.mode if person.role == Role.SUPERVISOR else None


class ConferenceShape(ModelShape):
    """A conversation, with who is in it now."""

    phase = serializers.ChoiceField([(one.value, one.value) for one in Phase])
    call = serializers.UUIDField(source="customer_id", allow_null=True, help_text="The customer's call.")
    subject = serializers.CharField(help_text="What it is about: the queue's name, mostly.")
    owner = serializers.SerializerMethodField(help_text="The participant who is responsible for the customer; or null.")
    help_asked_at = serializers.DateTimeField(help_text="Since when somebody in it wants help; or null.")
    possible = serializers.SerializerMethodField(
        help_text="What may be done for its owner now: words of `press`; `send-away`, which is to send the customer "
        "to a queue; and as what somebody may be asked in, `add`, `consult`, `hand-over`."
    )
    participants = serializers.SerializerMethodField(
        help_text="Who is there or on the way; all who ever were, if over."
    )

    class Meta:
        model = Conference
        fields = (
            "id",
            "sid",
            "conversation",
            "phase",
            "call",
            "subject",
            "owner",
            "held",
            "fate",
            "help_asked_at",
            "possible",
            "participants",
            "opened_at",
            "started_at",
            "closed_at",
            "ended_at",
        )

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_owner(self, conference: Conference) -> str | None:
        owner = room_of(conference, _everybody(conference)).owner
        return None if owner is None else str(UUID(hex=owner.id))

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_possible(self, conference: Conference) -> list[str]:
        room = room_of(conference, _everybody(conference))
        if room.owner is None or conference.room_id is not None:
            return []
        asks = [why for why in (Why.ADD, Why.CONSULT, Why.HAND_OVER) if rules.may_ask(room, room.owner.id, why)]
        return sorted([*rules.legal(room, room.owner.id), *asks])

    @extend_schema_field(ParticipantShape(many=True))
    def get_participants(self, conference: Conference) -> Any:
        everybody = _everybody(conference)
        live = [one for one in everybody if one.state != LegState.LEFT]
        shown = live if conference.phase != Phase.CLOSED else everybody
        return ParticipantShape(shown, many=True, context=self.context).data


def _everybody(conference: Any) -> list[Participant]:
    found: list[Participant] = conference.everybody
    return found


class Acting(Shape):
    """For which agent something is pressed."""

    agent = serializers.UUIDField(
        required=False,
        help_text="The id of the agent for whom this is pressed; without it the agent that the key's owner is. "
        "Another's takes the permission to supervise; the history tells who it was.",
    )


class PressBody(Acting):
    """A button of the desk."""

    what = serializers.ChoiceField(PRESSES, help_text="One of those in `possible`.")


class AddBody(Acting):
    """Whom to ask into the conversation: a colleague, a number, or a SIP address."""

    why = serializers.ChoiceField(
        [(why, why) for why in (Why.ADD.value, Why.CONSULT.value, Why.HAND_OVER.value)],
        default=Why.ADD.value,
        help_text="`add` rings somebody into the talk; `consult` asks a colleague while the customer hears music; "
        "`hand-over` leaves the customer to them.",
    )
    colleague = serializers.UUIDField(required=False, help_text="The id of an agent.")
    number = Number(required=False, help_text="A telephone number.")
    sip = serializers.RegexField(
        r"^sips?:[^@\s]+@[^@\s]+$", max_length=255, required=False, help_text="Such as `sip:desk@company.example`."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len([name for name in ("colleague", "number", "sip") if attrs.get(name)]) != 1:
            raise serializers.ValidationError({"colleague": [_("Name one of: colleague, number, sip.")]})
        return attrs


class SuperviseBody(Shape):
    """How to be there: listening, heard by the agent alone, or by everybody."""

    mode = serializers.ChoiceField([(one.value, one.value) for one in Mode])


class AnnounceBody(Shape):
    """What everybody hears who is not on hold."""

    text = serializers.CharField(max_length=500, help_text="Read aloud.")


class MuteBody(Acting):
    """Whether they are to be muted."""

    muted = serializers.BooleanField()


class DigitsBody(Acting):
    """Keys for a machine at the other end. They are kept nowhere once they are played."""

    digits = serializers.RegexField(KEYS, help_text="0 to 9, *, #, and w for a pause; at most 32.")


class ConferenceFilters(Filters):
    phase = filters.ChoiceFilter(choices=[(one.value, one.value) for one in Phase])
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


class Pressing(Asked):
    """What the resources below share: who presses, and for whom."""

    def acting(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Give for which agent something is pressed and, where that is somebody else, by whom."""
        mine = Agent.objects.observed().filter(user=self.person).first()
        wanted = asked.get("agent")
        if wanted is None or (mine is not None and mine.pk == wanted):
            if mine is None:
                told = _("The owner of the key is no agent: name one, and have the permission to supervise.")
                raise wrong("agent", told)
            return {"by_agent": mine}
        if not self.person.has_perm(SUPERVISE):
            raise Problem(403, _("This is another agent. Whoever presses for others needs the right to supervise."))
        other = Agent.objects.supervised_by(self.person).observed().filter(pk=wanted).first()
        if other is None:
            raise wrong("agent", _("There is no such agent in your teams: /agents lists them."))
        return {"by_agent": other, "by_user": self.person}


def pressed(act: Callable[[], Any]) -> Any:
    """Do it; raises a Problem where the rules of the room, or an agent on another call, do not let it be."""
    try:
        return act()
    except NotNow as reason:
        told = str(reason) or str(_("That is not possible now."))
        raise conflict(_("%(why)s Read the conversation: `possible` says what is.") % {"why": told}) from None
    except Busy:
        raise conflict(_("That agent is on a call, or is being rung. Try again when they are free.")) from None


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


class ParticipantFilters(Filters):
    conference = filters.UUIDFilter("conference", label="The id of a conversation.")
    agent = filters.UUIDFilter("agent", label="The id of an agent.")
    call = filters.UUIDFilter("call", label="The id of a leg.")
    live = filters.BooleanFilter(method="living", label="Whether they are there, or on the way.")

    class Meta:
        model = Participant
        fields = ("conference", "agent", "call", "live")

    def living(self, rows: QuerySet[Participant], _name: str, is_live: bool) -> QuerySet[Participant]:
        return rows.exclude(state=LegState.LEFT) if is_live else rows.filter(state=LegState.LEFT)


class NewParticipantBody(AddBody):
    """Whom to ask in, and where."""

    conference = serializers.UUIDField(help_text="The id of the conversation.")


class Participants(Pressing, SeenAtDesk, Listed, Read, Resource):
    """Who is, or was, in the conversations that the key's owner sees. To add somebody is to have them rung."""

    scope = "conferences"
    permissions = {
        **dict.fromkeys(("list", "retrieve"), VIEW),
        **dict.fromkeys(("create", "destroy", "mute", "digits"), SUPERVISE),
    }
    at_desk = frozenset({"list", "retrieve", "create", "destroy", "mute", "digits"})
    bodies = {"create": NewParticipantBody, "mute": MuteBody, "digits": DigitsBody}
    statuses = {"create": 202, "destroy": 204, "mute": 202, "digits": 202}
    queryset = Participant.objects.select_related("agent")
    serializer_class = ParticipantShape
    filterset_class = ParticipantFilters
    orderings = ("-wanted_at",)

    def create(self, _request: Request) -> Response:
        """Ring somebody into a conversation: into the talk, for advice, or to leave the customer to them."""
        asked = self.body()
        if not Conference.objects.visible_to(self.person).filter(pk=asked["conference"]).exists():
            raise wrong("conference", _("There is no such conversation, or not for you: /conferences lists them."))
        target, acting = _target(asked), self.acting(asked)
        act = ASKS[asked["why"]]
        made = pressed(lambda: act(asked["conference"], target, **acting, at=timezone.now()))
        return self.answer(self.get_queryset().get(pk=made.pk))

    def destroy(self, _request: Request, **_way: Any) -> Response:
        """Send somebody out: a colleague who was asked, a guest, a supervisor. Agents may leave themselves."""
        person = self.get_object()
        pressed(lambda: actions.remove(person.conference_id, person.pk, **self._mine(person), at=timezone.now()))
        return self.answer()

    @action(detail=True, methods=["post"])
    def mute(self, _request: Request, **_way: Any) -> Response:
        """Mute somebody, or end that."""
        person, asked = self.get_object(), self.body()
        by = self.acting(asked) if asked.get("agent") else self._mine(person)
        by = {"by_user": by["by_user"]} if "by_user" in by else by
        pressed(lambda: actions.mute(person.conference_id, person.pk, asked["muted"], **by, at=timezone.now()))
        return self.answer(self.get_object())

    @action(detail=True, methods=["post"])
    def digits(self, _request: Request, **_way: Any) -> Response:
        """Let somebody's leg hear keys, as a machine at the far end asks for."""
        person, asked = self.get_object(), self.body()
        agent = self.acting(asked)["by_agent"]
        pressed(
            lambda: actions.send_digits(
                person.conference_id, person.pk, asked["digits"], by_agent=agent, at=timezone.now()
            )
        )
        return self.answer(self.get_object())

    def _mine(self, person: Participant) -> dict[str, Any]:
        """Say who acts on somebody: a supervisor in the conversations of the teams, else the agent that one is."""
        supervised = Conference.objects.supervised_by(self.person).filter(pk=person.conference_id)
        if self.person.has_perm(SUPERVISE) and supervised.exists():
            return {"by_user": self.person}
        return self.acting({})


def _target(asked: dict[str, Any]) -> Target:
    if number := asked.get("number"):
        return Target(place=Place(EndpointKind.NUMBER, number), name=numbers.show(number))
    if sip := asked.get("sip"):
        return Target(place=Place(EndpointKind.SIP, sip), name=numbers.show(sip)[:80])
    colleague = Agent.objects.observed().filter(pk=asked["colleague"], is_active=True).first()
    if colleague is None:
        raise wrong("colleague", _("There is no such agent, or they take no calls: /agents lists them."))
    return Target(agent=colleague, name=colleague.name)
