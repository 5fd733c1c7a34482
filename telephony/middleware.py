"""Requests that no part of Django should have to survive are answered 400 before it sees them."""

import logging
from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]

_CHARSETS = {None, "utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1"}


class WellFormedRequests:
    """Refuses a foreign Host, NUL bytes in the address (PostgreSQL cannot store them) and charsets that are none."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if reason := _flaw(request):
            # The address itself is not logged: it may hold anything.
            logger.info("refused a malformed request: %s", reason)
            return HttpResponse(status=400)
        return self.get_response(request)


def _flaw(request: HttpRequest) -> str:
    query = request.META.get("QUERY_STRING", "")
    if "\0" in request.path_info or "%00" in query or "\0" in query:
        return "a NUL byte in the address"
    charset = request.encoding
    if charset is not None and charset.lower() not in _CHARSETS:
        return "a charset that forms are not written in"
    try:
        request.get_host()
    except DisallowedHost:
        return "a Host that is not in ALLOWED_HOSTS"
    return ""
