"""Recordings in the API: which there are, a link to the sound of one for a while, and a hold that keeps one."""

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import filters
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api import AgentRef, Asked
from agents.models import User
from compliance import holds
from compliance.actions import holds as holding
from compliance.models import Hold
from compliance.origin import address_of
from compliance.states import Subject
from queues.api import QueueRef
from recordings import actions, links, rights
from recordings.models import Recording
from recordings.rights import Hearing, Standing
from recordings.states import State
from rest.fields import Moment, MomentFilter
from rest.filters import Filters, IdFilter, WordFilter
from rest.problems import Problem, conflict, wrong
from rest.serializers import ModelShape, Shape
from rest.views import Listed, Read, Resource
from telephony import callbacks
from telephony.fields import Number

VIEW = "recordings.view_recording"
REASON_NEEDED = _("It came from a sensitive queue: send a `reason`, which is kept in the log of access.")


class HoldRef(ModelShape):
    """A legal hold that keeps something, by id and name."""

    class Meta:
        model = Hold
        fields = ("id", "name")


class RecordingShape(ModelShape):
    """One piece of audio. What people hear has silence where something is hidden."""

    call = serializers.UUIDField(source="call_id", allow_null=True)
    conversation = serializers.UUIDField(source="call.conversation", default=None, allow_null=True)
    subject = serializers.ChoiceField(
        [one.value for one in Subject], help_text="What it is of: the talk, an agent's own line, or a voicemail."
    )
    state = serializers.ChoiceField([one.value for one in State], help_text="How far its work has come.")
    seconds = serializers.IntegerField(allow_null=True)
    number = Number(help_text="Ours.")
    queue = QueueRef(allow_null=True)
    agent = AgentRef(allow_null=True)
    speakers = serializers.ListField(child=serializers.CharField(), help_text="Who is on which channel, in order.")
    is_here = serializers.BooleanField(help_text="Whether the sound lies in our storage.")
    may_hear = serializers.BooleanField(source="is_audible", help_text="Whether the key's owner may hear it.")
    needs_reason = serializers.BooleanField(
        source="is_sensitive", help_text="Whether a reason must be given before it is heard or read."
    )
    failure = serializers.CharField(help_text="Why what comes next has failed; empty where it has not.")
    held_by = serializers.UUIDField(allow_null=True, help_text="The id of a legal hold that keeps it; or null.")

    class Meta:
        model = Recording
        fields = (
            "id",
            "sid",
            "call",
            "conversation",
            "subject",
            "state",
            "seconds",
            "channels",
            "number",
            "queue",
            "agent",
            "language",
            "speakers",
            "is_here",
            "may_hear",
            "needs_reason",
            "failure",
            "announced_at",
            "recorded_at",
            "stored_at",
            "deleted_at",
            "held_by",
        )
        expandable = ("held_by",)


class LinkBody(Shape):
    """Why somebody wants to hear it."""

    reason = serializers.CharField(
        min_length=5, max_length=255, required=False, help_text="Needed where `needs_reason` says so; it is logged."
    )

    class Meta:
        example = {"reason": "The customer complains of the call."}


class LinkShape(Shape):
    """Where the sound is, for a while. Whoever has the address hears it, in the name of the key's owner."""

    url = serializers.URLField(help_text="A WAV file; it takes Range requests, so that a player can jump.")
    expires_at = Moment()


class HoldRecordingBody(Shape):
    """A legal hold of the whole conversation that a recording is of."""

    name = serializers.CharField(max_length=80, help_text="The case.")
    reason = serializers.CharField(max_length=2000)
    review_on = serializers.DateField(required=False, help_text="When to look again; without it in 90 days.")

    class Meta:
        example = {"name": "Case 2026-17", "reason": "A letter of the other side's lawyer.", "review_on": "2027-01-31"}


class RecordingFilters(Filters):
    call = filters.UUIDFilter("call", label="The id of a call.")
    conversation = filters.UUIDFilter("call__conversation", label="What all legs of a conversation have in common.")
    queue = IdFilter("queue", label="The id of a queue.")
    agent = filters.UUIDFilter("agent", label="The id of an agent.")
    subject = WordFilter(Subject, label="What is heard in it.")
    state = WordFilter(State, label="How far its processing has come.")
    sid = filters.CharFilter(label="Twilio's id.")
    announced_from = MomentFilter("announced_at", "gte", label="Told of at this moment or later.")
    announced_before = MomentFilter("announced_at", "lt", label="Told of before this moment.")

    class Meta:
        model = Recording
        fields = (
            "call",
            "conversation",
            "queue",
            "agent",
            "subject",
            "state",
            "sid",
            "announced_from",
            "announced_before",
        )


class Recordings(Asked, Listed, Read, Resource):
    """Recordings of which the key's owner may know; whether they may hear one, it says itself."""

    scope = "recordings"
    scopes = {"link": "recordings:listen", "hold": "holds:write"}
    permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "link": VIEW,
        "retry": "recordings.listen",
        "hold": "compliance.add_hold",
    }
    bodies = {"link": LinkBody, "hold": HoldRecordingBody}
    answers = {"link": LinkShape, "hold": HoldRef}
    statuses = {"link": 201, "hold": 201}
    queryset = Recording.objects.select_related("call", "queue", "agent")
    serializer_class = RecordingShape
    filterset_class = RecordingFilters
    orderings = ("-announced_at",)
    expansions = {"held_by": ()}

    def get_queryset(self) -> QuerySet[Recording]:
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        if "held_by" in self.expanded():
            rows = rows.annotate(held_by=holds.HeldBy("call"))
        return rights.judged(rows.filter(rights.seen_by(self.person)), self.person)

    @action(detail=True, methods=["post"])
    def link(self, _request: Request, **_way: Any) -> Response:
        """Get an address of the sound that works for a few minutes, and as long as it takes to hear it.

        Each request for it is logged as the key's owner's. Needs the scope `recordings:listen`, beside the right to
        hear this very recording.
        """
        recording, reason, at = self.get_object(), self.body().get("reason", ""), timezone.now()
        hearing = heard(self.person, recording, reason=reason)
        until = at + links.MEDIA_LASTS + timedelta(seconds=recording.seconds or 0)
        token = links.media_token(recording, self.person, reason=hearing.reason, until=until)
        return self.answer({"url": callbacks.plain("recording-media", token=token), "expires_at": until})

    @action(detail=True, methods=["post"])
    def retry(self, _request: Request, **_way: Any) -> Response:
        """Try what has failed again, within a minute."""
        recording = self.get_object()
        if not actions.retry(recording, at=timezone.now()):
            raise conflict(_("Nothing has failed here that could be tried again: `failure` is empty."))
        return self.answer(self.get_object())

    @action(detail=True, methods=["post"])
    def hold(self, request: Request, **_way: Any) -> Response:
        """Place a legal hold on the conversation of this recording: nothing of it is deleted until that is lifted."""
        recording, asked = self.get_object(), self.body()
        if recording.call_id is None:
            raise conflict(_("Nobody knows of which call this recording is. Hold its number or its days: /holds."))
        at = timezone.now()
        hold = Hold(
            name=asked["name"],
            reason=asked["reason"],
            owner=self.person,
            review_at=asked.get("review_on") or _in_days(90),
            call_id=recording.call_id,
        )
        holding.place(hold, by=self.person, address=address_of(request._request), at=at)
        return self.answer(hold)


def heard(person: User, recording: Recording, *, reason: str) -> Hearing:
    """Tell that a person may hear a recording now, taking their reason in where one is needed; else raise a Problem."""
    at = timezone.now()
    hearing = rights.hearing(person, recording, at=at)
    if hearing.standing is Standing.REASON and reason:
        actions.give_reason(recording, by=person, reason=reason, of_original=False, at=at)
        hearing = rights.hearing(person, recording, at=at)
    match hearing.standing:
        case Standing.REFUSED:
            raise Problem(403, _("You may know of this recording, and not hear it."))
        case Standing.REASON:
            raise wrong("reason", REASON_NEEDED)
        case Standing.HIDDEN:
            raise conflict(_("Nobody knows yet what is to be hidden in it. Try again when `state` is `redacted`."))
        case Standing.ABSENT:
            raise conflict(_("Its sound is not in our storage: `state` says why."))
    return hearing


def _in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)
