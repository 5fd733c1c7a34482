"""Flows in the API: their versions, published and restored; their drafts as files; and the lines that lead to them."""

from typing import Any

from django.utils import timezone
from django.utils.http import parse_etags
from django.utils.translation import gettext_lazy as _
from django_filters import filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.api import Asked
from ivr import actions
from ivr.api.refusals import named, refusals
from ivr.document import parse
from ivr.drafting.difference import difference
from ivr.drafting.drafts import compile_draft
from ivr.drafting.references import names
from ivr.files import exporting, portable
from ivr.models import Flow, Line, Version
from rest.filters import Filters, IdFilter
from rest.problems import Fault, Problem, wrong
from rest.serializers import ModelShape, Shape
from rest.views import Listed, Read, Resource
from telephony.fields import Number

VIEW, PUBLISH, CHANGE = "ivr.view_flow", "ivr.publish_flow", "ivr.change_flow"
ADD = ("ivr.add_flow", "ivr.change_flow", "ivr.add_step", "ivr.change_step", "ivr.add_prompt", "ivr.change_prompt")


class VersionRef(ModelShape):
    """A published version, by its number."""

    class Meta:
        model = Version
        fields = ("id", "number", "published_at")


class FlowShape(ModelShape):
    """What happens on a call. Callers meet its published version; people work on its draft."""

    published = VersionRef(allow_null=True, help_text="What callers meet now; null where nothing was published yet.")

    class Meta:
        model = Flow
        fields = ("id", "name", "description", "published")


class VersionShape(ModelShape):
    """A published version. It never changes."""

    flow = serializers.IntegerField(source="flow_id")
    published_by = serializers.CharField(source="published_by.username", default=None, allow_null=True)
    restored_from = serializers.IntegerField(
        source="restored_from.number",
        default=None,
        allow_null=True,
        help_text="The number of the version that it repeats.",
    )
    is_published = serializers.SerializerMethodField(help_text="Whether it is what callers meet now.")

    class Meta:
        model = Version
        fields = (
            "id",
            "flow",
            "number",
            "note",
            "published_at",
            "published_by",
            "restored_from",
            "despite",
            "is_published",
        )

    @extend_schema_field(serializers.BooleanField())
    def get_is_published(self, version: Version) -> bool:
        return version.flow.published_id == version.pk


class FindingShape(Shape):
    """Something that is wrong with a flow. Errors keep it from being published, warnings do not."""

    code = serializers.CharField()
    severity = serializers.ChoiceField(["error", "warning"])
    step = serializers.CharField(help_text="The name of the step; empty where it is the flow as a whole.")
    text = serializers.CharField()


class FindingsShape(Shape):
    """All that is wrong with a draft."""

    problems = FindingShape(many=True)


class ChangeShape(Shape):
    """What changes: a step, or the flow as a whole."""

    what = serializers.ChoiceField(["added", "removed", "changed"])
    subject = serializers.CharField(help_text="The name of the step; empty for the flow as a whole.")
    lines = serializers.ListField(child=serializers.CharField(), help_text="Each a sentence.")


class ChangesShape(Shape):
    """How two documents of a flow differ."""

    changes = ChangeShape(many=True)


class SinceQuery(Shape):
    """What a version is compared with."""

    since = serializers.IntegerField(
        required=False, allow_null=True, default=None, help_text="The number of a version; empty: the one before."
    )


class FileShape(Shape):
    """A flow as a file, to read, to compare and to keep in git. Steps, prompts, queues and the like go by name."""

    format = serializers.IntegerField(help_text="1.")
    flow = serializers.DictField(child=serializers.CharField(allow_blank=True), help_text="`name` and `description`.")
    languages = serializers.ListField(
        child=serializers.DictField(child=serializers.CharField()),
        help_text="Each with its `voice`; calls begin in the first.",
    )
    first = serializers.CharField(allow_blank=True, help_text="The name of the first step.")
    prompts = serializers.DictField(
        child=serializers.DictField(), help_text="By name and language: `text` and perhaps `voice`, or `audio`."
    )
    steps = serializers.DictField(child=serializers.DictField(), help_text="By name.")

    class Meta:
        example = {
            "format": 1,
            "flow": {"name": "Closed line", "description": "Says goodbye."},
            "languages": [{"language": "en-US", "voice": "Polly.Joanna-Neural"}],
            "first": "Goodbye",
            "prompts": {"Goodbye": {"en-US": {"text": "This line is closed. Goodbye."}}},
            "steps": {"Goodbye": {"kind": "hang_up", "prompts": {"goodbye": "Goodbye"}}},
        }


class FileBody(serializers.DictField):
    """A flow's file, as `GET /flows/{id}/draft` gives it."""


class ImportedShape(Shape):
    """What a file makes of a draft."""

    flow = FlowShape(allow_null=True, help_text="Null where a dry run would make a new flow.")
    is_new = serializers.BooleanField()
    dry_run = serializers.BooleanField(help_text="Whether nothing was kept.")
    changes = ChangeShape(many=True)
    shared_prompts = serializers.ListField(
        child=serializers.CharField(), help_text="Prompts whose words change, and which other flows say too."
    )
    problems = FindingShape(many=True, help_text="What the draft has to be rid of before it is published.")


class ImportQuery(Shape):
    """How a file is taken in."""

    dry_run = serializers.BooleanField(default=False, help_text="Tell everything, and keep nothing.")


class PublishBody(Shape):
    """What was changed and why, for whoever looks at the versions later."""

    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    despite = serializers.CharField(
        max_length=500,
        required=False,
        allow_blank=True,
        default="",
        help_text="Why it is published although scenarios fail; it takes the permission `publish_despite_scenarios`.",
    )

    class Meta:
        example = {"note": "New opening hours in the greeting."}


class FlowFilters(Filters):
    name = filters.CharFilter(label="The whole name.")

    class Meta:
        model = Flow
        fields = ("name",)


class Flows(Asked, Listed, Read, Resource):
    """Flows. A draft is read and written as a file; what callers meet changes by publishing alone."""

    scope = "flows"
    scopes = {"publish": "flows:publish"}
    permissions = {
        **dict.fromkeys(("list", "retrieve", "draft", "problems"), VIEW),
        **dict.fromkeys(("replace_draft", "create"), ADD),
        "publish": (VIEW, PUBLISH),
    }
    bodies = {"publish": PublishBody, "replace_draft": FileShape, "create": FileShape}
    queries = {"replace_draft": ImportQuery, "create": ImportQuery}
    answers = {
        "draft": FileShape,
        "problems": FindingsShape,
        "replace_draft": ImportedShape,
        "create": ImportedShape,
        "publish": VersionShape,
    }
    statuses = {"create": 200, "publish": 201}
    conditional = frozenset({"replace_draft"})
    queryset = Flow.objects.select_related("published").defer("published__document")
    serializer_class = FlowShape
    filterset_class = FlowFilters
    orderings = ("name", "pk")

    @action(detail=True, methods=["get"])
    def draft(self, _request: Request, **_way: Any) -> Response:
        """Read the draft as a file. Its ETag, sent with If-Match, keeps a write from undoing somebody else's work."""
        file = exporting.draft(self.get_object())
        response = self.answer(file)
        response["ETag"] = _etag(file)
        return response

    @draft.mapping.put
    def replace_draft(self, request: Request, **_way: Any) -> Response:
        """Make a file the draft of this flow, renamed if the file says so. With `dry_run` only tell what would change.

        Callers notice nothing until it is published.
        """
        return self._import(request, self.get_object())

    def create(self, request: Request) -> Response:
        """Make a file the draft of the flow that has its name; where there is none, it is made."""
        return self._import(request, None)

    @action(detail=True, methods=["get"])
    def problems(self, _request: Request, **_way: Any) -> Response:
        """Check the draft: what keeps it from being published, and what is only odd."""
        document = compile_draft(self.get_object())
        return self.answer({"problems": named(actions.check(document, at=timezone.now()), document)})

    @action(detail=True, methods=["post"])
    def publish(self, _request: Request, **_way: Any) -> Response:
        """Let callers meet the draft from now on. Calls under way keep the version that they began with."""
        flow, body = self.get_object(), self.body()
        with refusals(compile_draft(flow), despite=body["despite"]):
            version = actions.publish(flow, by=self.person, at=timezone.now(), **body)
        return self.answer(version)

    def _import(self, request: Request, flow: Flow | None) -> Response:
        dry_run = self.query()["dry_run"]
        wanted = request.headers.get("If-Match", "")
        tags = [tag.strip('"') for tag in parse_etags(wanted)]
        try:
            file = portable.read(request.data)
            found = actions.import_draft(
                file,
                into=flow,
                by=self.person,
                unless_changed=() if "*" in tags else tags,
                dry_run=dry_run,
                at=timezone.now(),
            )
        except (portable.Unreadable, actions.NotImportable) as refusal:
            faults = [Fault(fault.field, fault.text) for fault in refusal.faults]
            raise Problem(422, _("The file cannot be taken in: `errors` say where and why."), faults=faults) from None
        except actions.HasChanged:
            told = _("Somebody has changed the draft. Read it anew, and send If-Match with its ETag.")
            raise Problem(412, told) from None
        document = found.document
        return self.answer(
            {
                "flow": None if dry_run and found.is_new else found.flow,
                "is_new": found.is_new,
                "dry_run": dry_run,
                "changes": found.changes,
                "shared_prompts": found.shared,
                "problems": named(found.problems, document),
            }
        )


class VersionFilters(Filters):
    flow = IdFilter("flow", label="The id of a flow.")

    class Meta:
        model = Version
        fields = ("flow",)


class Versions(Asked, Listed, Read, Resource):
    """Published versions of flows, the latest first; each can be read as a file."""

    scope = "flows"
    scopes = {"restore": "flows:publish"}
    permissions = {
        **dict.fromkeys(("list", "retrieve", "file", "changes"), "ivr.view_version"),
        "restore": (VIEW, PUBLISH),
    }
    bodies = {"restore": PublishBody}
    queries = {"changes": SinceQuery}
    answers = {"file": FileShape, "changes": ChangesShape}
    statuses = {"restore": 201}
    queryset = Version.objects.select_related("flow", "published_by", "restored_from").defer(
        "document", "restored_from__document"
    )
    serializer_class = VersionShape
    filterset_class = VersionFilters
    orderings = ("-published_at",)

    @action(detail=True, methods=["get"])
    def file(self, _request: Request, **_way: Any) -> Response:
        """Read a version as a file; what it refers to and is gone is left out."""
        return self.answer(exporting.version(self.get_object()))

    @action(detail=True, methods=["get"])
    def changes(self, _request: Request, **_way: Any) -> Response:
        """Tell what it changed against the version before, or `since` another one."""
        version, since = self.get_object(), self.query()["since"]
        others = Version.objects.filter(flow=version.flow_id).order_by("-number")
        old = others.filter(number__lt=version.number).first() if since is None else others.filter(number=since).first()
        if since is not None and old is None:
            raise wrong("since", _("The flow has no such version."))
        return self.answer(changes(old.document if old else None, version.document))

    @action(detail=True, methods=["post"])
    def restore(self, _request: Request, **_way: Any) -> Response:
        """Publish an old version again, as a new one. The draft stays as it is."""
        version, body = self.get_object(), self.body()
        with refusals(version.document, despite=body["despite"]):
            fresh = actions.restore(version, by=self.person, at=timezone.now(), **body)
        return self.answer(fresh)


class EntranceShape(ModelShape):
    """An address that callers reach us at, and the flow that answers."""

    address = Number(help_text="E.164, `sip:`, `client:`, or `*` for every address that has no line of its own.")
    flow = serializers.IntegerField(source="flow_id", allow_null=True)

    class Meta:
        model = Line
        fields = ("id", "name", "address", "flow", "emergency_text", "forward_to")


class LineFilters(Filters):
    flow = IdFilter("flow", label="The id of a flow.")
    address = filters.CharFilter(label="The whole address.")

    class Meta:
        model = Line
        fields = ("flow", "address")


class Lines(Listed, Read, Resource):
    """Lines: which number leads to which flow. They are set up in the admin."""

    scope = "flows"
    permissions = {"list": "ivr.view_line", "retrieve": "ivr.view_line"}
    queryset = Line.objects.all()
    serializer_class = EntranceShape
    filterset_class = LineFilters
    orderings = ("name", "pk")


def _etag(file: dict[str, Any]) -> str:
    return f'"{portable.fingerprint(file)}"'


def changes(old: dict[str, Any] | None, new: dict[str, Any]) -> dict[str, Any]:
    """Tell how two documents differ, by names."""
    known = names(new, *(old,) if old else ())
    return {"changes": difference(parse(old) if old else None, parse(new), names=known)}
