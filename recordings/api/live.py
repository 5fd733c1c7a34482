"""What records on live calls, paused and resumed, for instance while card details are told."""

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api import SUPERVISE, Asked, SeenAtDesk
from conferences.models import Conference, Participant
from conferences.room import Role
from conferences.states import LegState
from recordings.actions import recorders
from recordings.models import Pause, Recorder
from recordings.recorder import PauseReason, RecorderState, RecorderWish
from rest.filters import Filters
from rest.problems import Problem, conflict
from rest.serializers import ModelShape
from rest.views import Listed, Read, Resource

PARTAKERS = (Role.OWNER, Role.TARGET, Role.GUEST)


class RecorderShape(ModelShape):
    """One recorder on one leg."""

    call = serializers.UUIDField(source="customer_id", help_text="The customer's call.")
    conference = serializers.UUIDField(source="conference_id", allow_null=True)
    recording = serializers.UUIDField(source="recording_id", allow_null=True)
    policy = serializers.CharField(source="policy.name", help_text="By which it records.")
    wants = serializers.ChoiceField([one.value for one in RecorderWish], help_text="What we want of it.")
    state = serializers.ChoiceField([one.value for one in RecorderState], help_text="What Twilio has confirmed.")
    pauses = serializers.SerializerMethodField(help_text="Why it is to be silent now.")

    class Meta:
        model = Recorder
        fields = (
            "id",
            "call",
            "conference",
            "recording",
            "policy",
            "wants",
            "state",
            "pauses",
            "wanted_at",
            "began_at",
            "stopped_at",
        )

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField([one.value for one in PauseReason])))
    def get_pauses(self, recorder: Any) -> list[str]:
        return sorted({pause.reason for pause in recorder.open_pauses})


class RecorderFilters(Filters):
    call = filters.UUIDFilter("customer", label="The id of the customer's call.")
    conference = filters.UUIDFilter("conference", label="The id of the conversation.")

    class Meta:
        model = Recorder
        fields = ("call", "conference")


class Recorders(Asked, SeenAtDesk, Listed, Read, Resource):
    """What records right now, in conversations that the key's owner sees. To pause one pauses all of its call."""

    scope = "recordings"
    permissions = {"list": "recordings.view_recording", "retrieve": "recordings.view_recording"} | dict.fromkeys(
        ("pause", "resume"), SUPERVISE
    )
    at_desk = frozenset({"pause", "resume"})
    statuses = {"pause": 202, "resume": 202}
    queryset = (
        Recorder.objects.live()
        .select_related("policy")
        .prefetch_related(Prefetch("pauses", Pause.objects.filter(until__isnull=True), to_attr="open_pauses"))
    )
    serializer_class = RecorderShape
    filterset_class = RecorderFilters
    orderings = ("-wanted_at",)

    def get_queryset(self) -> QuerySet[Recorder]:
        rows: QuerySet[Recorder] = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        seen = Conference.objects.visible_to(self.person)
        return rows.filter(
            Q(Exists(seen.filter(pk=OuterRef("conference")))) | Q(Exists(seen.filter(customer=OuterRef("customer"))))
        )

    @action(detail=True, methods=["post"])
    def pause(self, _request: Request, **_way: Any) -> Response:
        """Pause all that records this call, until it is resumed or the policy's limit is over.

        Until `state` says `paused`, what is said may still be on the recording.
        """
        recorder = self._mine()
        if not recorders.pause(recorder.customer_id, PauseReason.AGENT, by=self.person, at=timezone.now()):
            raise conflict(_("Nothing records this call any more."))
        return self._again(recorder)

    @action(detail=True, methods=["post"])
    def resume(self, _request: Request, **_way: Any) -> Response:
        """End a pause that was asked for. What else keeps it silent goes on to do so: `pauses` says what."""
        recorder = self._mine()
        recorders.resume(recorder.customer_id, PauseReason.AGENT, at=timezone.now())
        return self._again(recorder)

    def _mine(self) -> Recorder:
        """Give the recorder where the owner of the key talks in the call, or supervises it."""
        recorder: Recorder = self.get_object()
        calls = Conference.objects.filter(customer=recorder.customer_id)
        talks = Participant.objects.filter(
            conference__in=calls.values("pk"), agent__user=self.person, state=LegState.JOINED, role__in=PARTAKERS
        )
        supervises = self.person.has_perm(SUPERVISE) and calls.supervised_by(self.person).exists()
        if not (supervises or talks.exists()):
            raise Problem(403, _("You do not talk in that call."))
        return recorder

    def _again(self, recorder: Recorder) -> Response:
        found = self.get_queryset().filter(pk=recorder.pk).first()
        if found is None:
            raise conflict(_("It has stopped meanwhile."))
        return self.answer(found)
