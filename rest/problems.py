"""What went wrong, as problem details (RFC 9457): which field, and what to do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response

MEDIA_TYPE = "application/problem+json"

# The kinds of problems: the last part of `type`, and the title, which is the same for all problems of a kind.
TITLES = {
    "invalid": _("The request is not valid."),
    "unreadable": _("The request cannot be read."),
    "not-authenticated": _("Nobody is logged in."),
    "forbidden": _("This is not allowed."),
    "not-found": _("There is no such thing, or not for you."),
    "method-not-allowed": _("The address does not take this method."),
    "not-acceptable": _("Answers are JSON."),
    "too-large": _("The body is too large."),
    "unsupported-media-type": _("Bodies are JSON."),
    "conflict": _("It cannot be done as things stand."),
    "still-running": _("The same write is still running."),
    "changed-meanwhile": _("Somebody changed it meanwhile."),
    "key-used-otherwise": _("The Idempotency-Key was used for another request."),
    "refused": _("A rule does not permit it."),
    "too-many-requests": _("Too many requests."),
    "failed": _("Something failed on our side."),
}
KIND_OF_STATUS = {
    400: "invalid",
    401: "not-authenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    409: "conflict",
    412: "changed-meanwhile",
    413: "too-large",
    415: "unsupported-media-type",
    422: "refused",
    429: "too-many-requests",
    500: "failed",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One field and what is wrong with it. The field's way is written with dots, `numbers.0.number`."""

    field: str
    message: str


class Problem(exceptions.APIException):
    """Something that the asker should know, told by raising it in a page of the API.

    `detail` is a sentence about this very case that says what to do; `kind` one of TITLES, else that of the status;
    `faults` name fields; what is in `more` stands beside them, such as the rule that refused.
    """

    def __init__(
        self,
        status_code: int,
        detail: object,
        *,
        kind: str = "",
        faults: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(str(detail))
        self.status_code = status_code
        self.kind = kind or KIND_OF_STATUS[status_code]
        self.faults = faults
        self.headers = headers or {}
        self.more = more


def conflict(detail: object, **more: Any) -> Problem:
    """What cannot be done as things stand, and may be possible later: 409."""
    return Problem(status.HTTP_409_CONFLICT, detail, **more)


def refused(detail: object, **more: Any) -> Problem:
    """What a rule does not permit, as long as nobody changes the rule: 422."""
    return Problem(status.HTTP_422_UNPROCESSABLE_ENTITY, detail, **more)


def wrong(field: str, message: object) -> Problem:
    """What is wrong with one field of the body or one parameter of the address: 400."""
    return Problem(status.HTTP_400_BAD_REQUEST, message, faults=[Fault(field, str(message))])


def answered(error: Exception, _context: Mapping[str, Any]) -> Response | None:
    """Turn what a page raised into an answer, as the REST framework's EXCEPTION_HANDLER; None for what is our fault."""
    match error:
        case Http404():
            error = exceptions.NotFound()
        case PermissionDenied():
            error = exceptions.PermissionDenied()
        case RequestDataTooBig():
            error = Problem(413, _("Send less at once."))
    if not isinstance(error, exceptions.APIException):
        return None
    problem = _problem(error)
    headers = dict(problem.headers)
    if scheme := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = scheme
    if wait := _wait(error):
        headers["Retry-After"] = str(wait)
    return Response(body(problem), status=problem.status_code, headers=headers, content_type=MEDIA_TYPE)


def body(problem: Problem) -> dict[str, Any]:
    """Write a problem as RFC 9457 has it."""
    return {
        "type": f"{settings.PUBLIC_BASE_URL}/api/problems/{problem.kind}",
        "title": str(TITLES[problem.kind]),
        "status": problem.status_code,
        "detail": str(problem.detail),
        "errors": [{"field": fault.field, "message": fault.message} for fault in problem.faults],
    } | problem.more


def _problem(error: exceptions.APIException) -> Problem:
    match error:
        case Problem():
            return error
        case exceptions.ValidationError():
            faults = list(_faults(error.detail))
            told = " ".join(f"{fault.field}: {fault.message}" if fault.field else fault.message for fault in faults)
            return Problem(400, told, faults=[fault for fault in faults if fault.field])
        case exceptions.ParseError():
            return Problem(400, error.detail, kind="unreadable")
        case exceptions.NotAuthenticated():
            return Problem(401, _("Send a key of the API: `Authorization: Bearer cc_…`."))
        case exceptions.NotFound():
            return Problem(404, _("Look at the id: it belongs to nothing here, or to nothing that its asker may see."))
        case exceptions.Throttled():
            return Problem(429, _("Wait for %(n)d seconds, then go on.") % {"n": _wait(error)})
    kind = KIND_OF_STATUS.get(error.status_code, "invalid" if error.status_code < 500 else "failed")
    return Problem(error.status_code, error.detail, kind=kind)


def _wait(error: exceptions.APIException) -> int:
    """Give the seconds after which who came too often may come again; 0 for all others."""
    return max(int(getattr(error, "wait", None) or 1), 1) if isinstance(error, exceptions.Throttled) else 0


def _faults(detail: Any, way: str = "") -> Iterator[Fault]:
    """Give what a serializer or a form found, each with its way."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            below = way if name == "non_field_errors" or name == "__all__" else f"{way}.{name}".strip(".")
            yield from _faults(inner, below)
    elif isinstance(detail, list | tuple):
        for place, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list | tuple)
            yield from _faults(inner, f"{way}.{place}".strip(".") if nested else way)
    else:
        yield Fault(way, str(detail))


class FaultShape(serializers.Serializer[Any]):
    """One field and what is wrong with it."""

    field = serializers.CharField(help_text="Its name; with dots where it lies deeper, as in `numbers.0.number`.")
    message = serializers.CharField(help_text="What is wrong, and what to do.")


class ProblemShape(serializers.Serializer[Any]):
    """What went wrong (RFC 9457). A rule that refused is named by `rule` beside these."""

    type = serializers.URLField(help_text="Names the kind of problem, and leads to a page about it.")
    title = serializers.CharField(help_text="The same for all problems of this kind.")
    status = serializers.IntegerField(help_text="The status of the answer, once more.")
    detail = serializers.CharField(help_text="What happened in this very case, and what to do.")
    errors = FaultShape(  # type: ignore[assignment]  # the base has a property of that name
        many=True, help_text="The fields that are wrong; empty where no field is."
    )
