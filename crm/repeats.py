"""`Idempotency-Key`: between a page of the API and the action that keeps its answer."""

import hashlib
import re

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from crm.actions import answers
from crm.models import KeptAnswer, Key
from rest.problems import Problem, wrong
from rest.views import Work, together

HEADER = "Idempotency-Key"
WELL_FORMED = re.compile(r"[!-~]{1,255}")
TOLD = ("ETag", "Location", "WWW-Authenticate")  # headers of an answer that belong to a repeat of it
REPEATED = "Idempotent-Replayed"


def once(request: Request, work: Work) -> Response | HttpResponse:
    """Do a write of the API: with a key once, and a repeat gets the same answer; without one each time."""
    idempotency_key = request.headers.get(HEADER)
    if idempotency_key is None:
        return together(request, work)
    if not WELL_FORMED.fullmatch(idempotency_key):
        raise wrong(HEADER, _("Give 1 to 255 characters of ASCII without spaces, such as a UUID."))
    fresh: list[Response] = []

    def kept() -> KeptAnswer:
        response = work()
        fresh.append(response)
        return _written(response)

    try:
        answer, is_repeat = answers.once(
            credential=_credential(request),
            idempotency_key=idempotency_key,
            request=_fingerprint(request),
            work=kept,
            at=timezone.now(),
        )
    except answers.StillRunning:
        told = _("It was asked before and is not done yet. Ask again in a moment, with the same key.")
        raise Problem(409, told, kind="still-running", headers={"Retry-After": "1"}) from None
    except answers.UsedOtherwise:
        told = _("Take a new key for a new request, and the same key only to repeat the very same one.")
        raise Problem(422, told, kind="key-used-otherwise") from None
    return _again(answer) if is_repeat else fresh[0]


def _credential(request: Request) -> str:
    return f"key:{request.auth.pk}" if isinstance(request.auth, Key) else f"user:{request.user.pk}"


def _fingerprint(request: Request) -> str:
    """Tell one request from another: method, address with its parameters, precondition, body."""
    asked = request._request
    parts = [asked.method or "", asked.get_full_path(), asked.headers.get("If-Match", "")]
    return hashlib.sha256(b"\0".join([*(part.encode() for part in parts), asked.body])).hexdigest()


def _written(response: Response) -> KeptAnswer:
    body = b"" if response.data is None else JSONRenderer().render(response.data)
    return KeptAnswer(
        status=response.status_code,
        content_type=response.content_type or "application/json",
        headers={name: response.headers[name] for name in TOLD if name in response.headers},
        body=body.decode(),
    )


def _again(answer: KeptAnswer) -> HttpResponse:
    headers = {**answer.headers, REPEATED: "true"}
    return HttpResponse(answer.body, status=answer.status, content_type=answer.content_type, headers=headers)
