"""Who is in conversations, in the API: asked in, muted, sent out."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import filters
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api import SUPERVISE, SeenAtDesk
from agents.models import Agent
from agents.states import EndpointKind
from conferences import actions
from conferences.actions import Place, Target
from conferences.api.pressing import Pressing, pressed
from conferences.api.shapes import VIEW, AddBody, DigitsBody, MuteBody, ParticipantShape
from conferences.models import Conference, Participant
from conferences.room import Why
from conferences.states import LegState
from rest.filters import Filters
from rest.problems import wrong
from rest.views import Listed, Read, Resource
from telephony import numbers

ASKS: dict[str, Callable[..., Participant]] = {
    Why.ADD: actions.add,
    Why.CONSULT: actions.consult,
    Why.HAND_OVER: actions.hand_over,
}


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

    class Meta:
        example = {"conference": "6a6f6f1e-8d3c-4c0e-9d3f-0c8f6f0d7a11", "why": "consult", "number": "+14155550123"}


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
