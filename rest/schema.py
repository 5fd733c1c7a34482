"""How the pages are written down as an OpenAPI schema: from the same attributes by which they work."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from rest.problems import MEDIA_TYPE, ProblemShape
from rest.views import EXPANDING, SAFE, Resource

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    pattern="^[!-~]{1,255}$",
    description="Any text of your own, different for each write, such as a UUID. The same key with the same request "
    "gives the same answer for at least 24 hours, and the write happens once.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The ETag of the version that you have read: the write is refused (412) if it was changed meanwhile.",
)

# The parts of addresses that the library has no words for.
WAYS = {"id": "Its id.", "recording": "The id of its recording.", "sha256": "The hash of its bytes."}

# What the standard actions do, in the heading of an operation; others are called what they are.
DOES = {
    "create": "create one",
    "retrieve": "read one",
    "partial_update": "change one",
    "destroy": "delete one",
}

BAD = "Something in the request is wrong; `errors` name the fields."
NOBODY = "No key, or one that is unknown, expired or taken back."
FORBIDDEN = "The key lacks the scope, its owner the permission, or it is not used from its addresses."
MISSING = "There is no such thing, or not for you."
CONFLICT = "It cannot be done as things stand, or the same write is still running."
CHANGED = "Somebody changed it meanwhile."
TOO_LARGE = "The body is too large."
OTHER_MEDIA = "The body is no JSON."
REFUSED = "A rule does not permit it, or the Idempotency-Key was used for another request."
TOO_MANY = "Too many requests: Retry-After tells when to go on."


class Schema(AutoSchema):
    """Writes down a `Resource`; other pages are left as the library would write them."""

    view: Any

    def is_excluded(self) -> bool:
        return not isinstance(self.view, Resource)

    def get_tags(self) -> list[str]:
        return [self.view.scope.replace("-", " ")]

    def get_operation_id(self) -> str:
        return f"{self.view.basename.replace('-', '_')}_{self.view.action}"

    def get_summary(self) -> str:
        things, action = self.view.basename.replace("-", " "), self.view.action
        return f"{things.capitalize()}: {DOES.get(action, action.replace('_', ' '))}"

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        name: str = super().get_serializer_name(serializer, direction)
        return name.removesuffix("Shape")

    def get_paginated_name(self, serializer_name: str) -> str:
        return f"{serializer_name}Page"

    def _resolve_path_parameters(self, variables: Any) -> Any:
        """Tell of each part of an address; what the library finds in the models is no sentence."""
        parameters: Any = super()._resolve_path_parameters(variables)
        for parameter in parameters:
            parameter.setdefault("description", WAYS[parameter["name"]])
            parameter["schema"].pop("title", None)
        return parameters

    def get_description(self) -> str:  # type: ignore[override]  # as its own base does
        return f"{super().get_description()}\n\nNeeds the scope `{self.view.scope_needed()}`.".strip()

    def get_extensions(self) -> dict[str, Any]:
        return super().get_extensions() | {"x-scope": self.view.scope_needed()}

    def get_request_serializer(self) -> Any:
        return self.view.bodies.get(self.view.action)

    def get_response_serializers(self) -> Any:
        shape = self.view.answers.get(self.view.action, self.view.serializer_class)
        code = self.view.status_of_answer()
        problems = {(str(status), MEDIA_TYPE): OpenApiResponse(ProblemShape, told) for status, told in self._problems()}
        return {str(code): None if code == 204 else shape} | problems

    def _problems(self) -> list[tuple[int, str]]:
        problems = [(400, BAD), (401, NOBODY), (403, FORBIDDEN), (404, MISSING), (429, TOO_MANY)]
        if self.method not in SAFE:
            problems += [(409, CONFLICT), (413, TOO_LARGE), (415, OTHER_MEDIA), (422, REFUSED)]
            problems += [(412, CHANGED)] if self._is_conditional() else []
        return sorted(problems)

    def _is_conditional(self) -> bool:
        heeds = bool(self.view.version_fields) or self.view.action in self.view.conditional
        return heeds and self.view.detail and self.method not in SAFE

    def get_override_parameters(self) -> list[Any]:
        parameters: list[Any] = []
        if shape := self.view.queries.get(self.view.action):
            parameters.append(shape)
        if self.method not in SAFE:
            parameters += [IDEMPOTENCY_KEY, *([IF_MATCH] if self._is_conditional() else [])]
        if self.view.expansions and self.view.action in EXPANDING:
            parameters.append(self._expand())
        return parameters

    def _expand(self) -> OpenApiParameter:
        return OpenApiParameter(
            "expand",
            {"type": "array", "items": {"type": "string", "enum": list(self.view.expansions)}},
            style="form",
            explode=False,
            description="Detail that the answer has only if it is asked for, with commas between.",
        )


def without_remarks(result: Any, **_options: Any) -> Any:
    """Leave out what the library notes for steps of its own, as its POSTPROCESSING_HOOKS."""
    if isinstance(result, dict):
        return {name: without_remarks(value) for name, value in result.items() if name != "x-spec-enum-id"}
    return [without_remarks(value) for value in result] if isinstance(result, list) else result


class ShapesInSchema(OpenApiSerializerExtension):
    """A body has no other fields; an answer has all of its own, besides what is only there if somebody asks for it."""

    target_class = "rest.serializers.ShapeBase"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> Any:
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        expandable = getattr(getattr(self.target, "Meta", None), "expandable", ())
        if direction == "request":
            schema["additionalProperties"] = False
            if example := getattr(getattr(self.target, "Meta", None), "example", None):
                schema["example"] = example
        elif required := [name for name in schema.get("properties", ()) if name not in expandable]:
            schema["required"] = required
        return schema
