from datetime import UTC, datetime

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from contactcenter.zones import persons_time_zone

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def shown(cookie: str | None) -> str:
    request = RequestFactory().get("/admin/")
    if cookie is not None:
        request.COOKIES["time_zone"] = cookie
    return persons_time_zone(lambda _request: HttpResponse(f"{timezone.localtime(NOON):%H:%M}"))(
        request
    ).content.decode()


def test_times_are_shown_in_the_zone_that_the_browser_tells() -> None:
    assert shown("America/New_York") == "08:00"
    assert f"{timezone.localtime(NOON):%H:%M}" == "12:00"


@pytest.mark.parametrize(
    "cookie", [None, "", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "\0", "x" * 5000, "America"]
)
def test_without_a_zone_that_we_know_they_are_shown_in_that_of_the_settings(cookie: str | None) -> None:
    assert shown(cookie) == "12:00"
