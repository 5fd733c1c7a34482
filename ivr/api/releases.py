"""What is on its way to callers: proposed to a second person, planned for a time, or both."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api import Asked
from ivr.actions import releasing
from ivr.api.flows import PUBLISH, VIEW, ChangesShape, FileShape, VersionRef, changes
from ivr.api.refusals import refusals
from ivr.drafting.drafts import compile_draft
from ivr.files import exporting
from ivr.models import Flow, Release, Version
from ivr.states import ReleaseState
from rest.fields import Moment
from rest.filters import Filters, IdFilter, WordFilter
from rest.problems import wrong
from rest.serializers import ModelShape, Shape
from rest.views import Listed, Read, Resource

APPROVE = "ivr.approve_flow"


class ReleaseShape(ModelShape):
    """A flow as it was frozen when it was proposed or planned. It becomes a version as it is, or not at all."""

    flow = serializers.IntegerField(source="flow_id")
    state = serializers.ChoiceField([state.value for state in ReleaseState])
    restores = serializers.IntegerField(
        source="restores.number", default=None, allow_null=True, help_text="The number of the version that it repeats."
    )
    proposed_by = serializers.CharField(source="proposed_by.username", default=None, allow_null=True)
    approved_by = serializers.CharField(source="approved_by.username", default=None, allow_null=True)
    ended_by = serializers.CharField(source="ended_by.username", default=None, allow_null=True)
    ended_because = serializers.CharField(help_text="Why it was declined or taken back, or what was in the way.")
    version = VersionRef(allow_null=True, help_text="What it has become.")

    class Meta:
        model = Release
        fields = (
            *("id", "flow", "state", "note", "restores", "despite", "publish_at", "proposed_by", "proposed_at"),
            *("approved_by", "approved_at", "ended_by", "ended_at", "ended_because", "version"),
        )


class ReleaseBody(Shape):
    """What is to be proposed or planned: the draft of a flow as it is now, or an old version."""

    flow = serializers.IntegerField(help_text="The id of a flow.")
    restores = serializers.IntegerField(
        required=False, allow_null=True, default=None, help_text="The number of a version, to publish it again."
    )
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    publish_at = Moment(
        required=False, allow_null=True, default=None, help_text="Empty: as soon as somebody approves it."
    )
    despite = serializers.CharField(
        max_length=500,
        required=False,
        allow_blank=True,
        default="",
        help_text="Why it is to be published although scenarios fail.",
    )

    class Meta:
        example = {"flow": 1, "note": "Christmas.", "publish_at": "2026-12-24T12:00:00Z"}


class ApproveBody(Shape):
    """Why it is to be published although scenarios fail, where some do."""

    despite = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")

    class Meta:
        example = {"despite": "The closed hours of this week are tried tomorrow."}


class DeclineBody(Shape):
    """Why it is not to be published, for whoever proposed it."""

    reason = serializers.CharField(max_length=500)

    class Meta:
        example = {"reason": "The greeting is too long."}


class WithdrawBody(Shape):
    """Why it is taken back."""

    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")

    class Meta:
        example = {"reason": "The prices have changed again."}


class ReleaseFilters(Filters):
    flow = IdFilter("flow", label="The id of a flow.")
    state = WordFilter(ReleaseState, label="How it stands.")

    class Meta:
        model = Release
        fields = ("flow", "state")


class Releases(Asked, Listed, Read, Resource):
    """What waits for a second person's approval, for its time, or for both; and what became of it."""

    scope = "flows"
    scopes = {
        **dict.fromkeys(("create", "withdraw"), "flows:publish"),
        **dict.fromkeys(("approve", "decline"), "flows:approve"),
    }
    permissions = {
        **dict.fromkeys(("list", "retrieve", "file", "changes"), "ivr.view_version"),
        **dict.fromkeys(("create", "withdraw"), (VIEW, PUBLISH)),
        **dict.fromkeys(("approve", "decline"), (VIEW, APPROVE)),
    }
    bodies = {"create": ReleaseBody, "approve": ApproveBody, "decline": DeclineBody, "withdraw": WithdrawBody}
    answers = {"file": FileShape, "changes": ChangesShape}
    queryset = Release.objects.select_related(
        "flow", "restores", "version", "proposed_by", "approved_by", "ended_by"
    ).defer("document", "restores__document", "version__document")
    serializer_class = ReleaseShape
    filterset_class = ReleaseFilters
    orderings = ("-proposed_at",)

    def create(self, _request: Request) -> Response:
        """Propose or plan a flow's draft as it is now, or an old version. What changes afterwards is not in it.

        A flow that needs a second person is proposed; another is planned, and has to have a time.
        """
        body = self.body()
        flow = Flow.objects.filter(pk=body["flow"]).first()
        if flow is None:
            raise wrong("flow", _("There is no such flow."))
        restores = None
        if body["restores"] is not None:
            restores = Version.objects.filter(flow=flow, number=body["restores"]).first()
            if restores is None:
                raise wrong("restores", _("The flow has no such version."))
        with refusals(restores.document if restores else compile_draft(flow), despite=body["despite"]):
            release = releasing.propose(
                flow,
                by=self.person,
                note=body["note"],
                at=timezone.now(),
                publish_at=body["publish_at"],
                restores=restores,
                despite=body["despite"],
            )
        return self.answer(release)

    @action(detail=True, methods=["get"])
    def file(self, _request: Request, **_way: Any) -> Response:
        """Read it as a file; what it refers to and is gone is left out."""
        return self.answer(exporting.release(self.get_object()))

    @action(detail=True, methods=["get"])
    def changes(self, _request: Request, **_way: Any) -> Response:
        """Tell what it changes against what callers meet now."""
        release = self.get_object()
        old = release.flow.published
        return self.answer(changes(old.document if old else None, release.document))

    @action(detail=True, methods=["post"])
    def approve(self, _request: Request, **_way: Any) -> Response:
        """Let callers meet it: at once, or at its time. Nobody approves their own."""
        release, body = self.get_object(), self.body()
        with refusals(release.document, despite=body["despite"]):
            done = releasing.approve(release, by=self.person, despite=body["despite"], at=timezone.now())
        return self.answer(done)

    @action(detail=True, methods=["post"])
    def decline(self, _request: Request, **_way: Any) -> Response:
        """Refuse what somebody else has proposed, and say why."""
        release, reason = self.get_object(), self.body()["reason"]
        with refusals(release.document):
            done = releasing.decline(release, by=self.person, reason=reason, at=timezone.now())
        return self.answer(done)

    @action(detail=True, methods=["post"])
    def withdraw(self, _request: Request, **_way: Any) -> Response:
        """Take back what was proposed or planned: it will not be published."""
        release, reason = self.get_object(), self.body()["reason"]
        with refusals(release.document):
            done = releasing.withdraw(release, by=self.person, reason=reason, at=timezone.now())
        return self.answer(done)
