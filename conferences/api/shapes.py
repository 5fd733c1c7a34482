"""Conversations and who is in them, as the API writes and reads them."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agents.api import AgentRef
from conferences import rules
from conferences.actions.pressing import KEYS
from conferences.models import Conference, Participant
from conferences.reading import room_of
from conferences.room import Mode, Phase, Press, Role, Why
from conferences.states import LegState
from rest.fields import Moment
from rest.serializers import ModelShape, Shape
from telephony.fields import Number

VIEW = "conferences.view_conference"
PRESSES = [(press.value, press.value) for press in Press if press is not Press.SEND_AWAY]


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
    help_asked_at = Moment(allow_null=True, help_text="Since when somebody in it wants help.")
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

    class Meta:
        example: dict[str, Any] = {"agent": "5e0f3e0c-8d7e-4e4c-9f0a-6f6f0f3f2a11"}


class PressBody(Acting):
    """A button of the desk."""

    what = serializers.ChoiceField(PRESSES, help_text="One of those in `possible`.")

    class Meta:
        example = {"what": "hold"}


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

    class Meta:
        example = {"mode": "listen"}


class AnnounceBody(Shape):
    """What everybody hears who is not on hold."""

    text = serializers.CharField(max_length=500, help_text="Read aloud.")

    class Meta:
        example = {"text": "This conversation ends in two minutes."}


class MuteBody(Acting):
    """Whether they are to be muted."""

    muted = serializers.BooleanField()

    class Meta:
        example = {"muted": True}


class DigitsBody(Acting):
    """Keys for a machine at the other end. They are kept nowhere once they are played."""

    digits = serializers.RegexField(KEYS, help_text="0 to 9, *, #, and w for a pause; at most 32.")

    class Meta:
        example = {"digits": "1w204#"}
