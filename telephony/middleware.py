"""Requests that no part of Django should have to survive are answered 400, or mended, before it sees them."""

import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

from rest import pages
from rest.problems import Problem

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

LONGEST_LENGTH = 18  # digits; Python itself refuses to read some thousands of them


class WellFormedRequests:
    """Refuses a foreign Host, NUL bytes in the address (PostgreSQL cannot store them), and a length that is none."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if reason := _flaw(request):
            # The address itself is not logged: it may hold anything.
            logger.info("refused a malformed request: %s", reason)
            if request.path_info.startswith("/api/v1/"):
                return pages.told(Problem(400, f"There is {reason}. Mend the request.", kind="unreadable"))
            return HttpResponse(status=400)
        return self.get_response(request)


def _flaw(request: HttpRequest) -> str:
    query = request.META.get("QUERY_STRING", "")
    if "\0" in request.path_info or "%00" in query or "\0" in query:
        return "a NUL byte in the address"
    length = request.headers.get("content-length") or "0"
    if not (length.isascii() and length.isdigit() and len(length) <= LONGEST_LENGTH):
        return "a Content-Length that is no number"
    try:
        request.get_host()
    except DisallowedHost:
        return "a Host that is not in ALLOWED_HOSTS"
    return ""


def in_utf8(application: Application) -> Application:
    """Wrap the WSGI application: forget a charset that a request names, since every form that is ours is UTF-8.

    Django decodes the query by it as early as in the constructor of its request, where nothing can catch what
    `charset=hex` makes of it.
    """

    def called(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        content_type = environ.get("CONTENT_TYPE", "")
        if "charset" in content_type.lower() and not content_type.lower().startswith("multipart/"):
            environ["CONTENT_TYPE"] = content_type.partition(";")[0]
        return application(environ, start_response)

    return called
