from typing import Any

import pytest
from django.test import RequestFactory

from compliance.origin import address_of


@pytest.mark.parametrize(
    ("behind", "forwarded", "noted"),
    [
        (False, "203.0.113.9", "127.0.0.1"),  # anybody can write a header
        (True, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (True, "", "127.0.0.1"),
        (True, "unknown", None),
    ],
)
def test_the_address_is_that_of_who_asks(settings: Any, behind: bool, forwarded: str, noted: str | None) -> None:
    settings.BEHIND_PROXY = behind

    assert address_of(RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})) == noted
