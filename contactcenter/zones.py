"""Screens in the time zone of the person who looks at them. What is stored is UTC."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

COOKIE = "time_zone"


def persons_time_zone(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Take the zone that the browser tells (`static/js/time-zone.js`); the settings' where it tells none we know."""

    def answer(request: HttpRequest) -> HttpResponse:
        zone = _zone(request.COOKIES.get(COOKIE, ""))
        if zone is None:
            return get_response(request)
        with timezone.override(zone):
            return get_response(request)

    return answer


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):  # whatever somebody writes into a cookie
        return None
