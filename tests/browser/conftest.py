"""A Chromium for the browser tests: one that the machine has, or Playwright's own."""

import os
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from playwright.sync_api import Page, Request

from embedded import browser as browser_of_this_machine

# Playwright keeps an event loop in the thread of the tests, in which Django would refuse our plain queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A microphone that beeps once a second.
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]


@pytest.fixture(scope="session", autouse=True)
def what_the_browser_needs() -> None:
    lacking = browser_of_this_machine.missing(os.environ)
    if lacking:
        pytest.skip(" ".join(lacking.values()))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = browser_of_this_machine.chromium(os.environ)
    own = {"executable_path": path} if path else {}
    return browser_type_launch_args | own | {"args": FLAGS}


@pytest.fixture(scope="session")
def base_url() -> None:
    # pytest-playwright's own is a method of a class, which pytest 9 warns of; our tests name whole addresses.
    return None


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}


@pytest.fixture
def migrated(live_server: Any, django_db_setup: str) -> None:
    """Bring back what migrations wrote: beside Playwright's event loop Django has another connection without it."""
    if not hasattr(connection, "_test_serialized_contents"):
        connection._test_serialized_contents = django_db_setup
        if not Group.objects.exists():
            connection.creation.deserialize_db_from_string(django_db_setup)


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page that has no answer still to come when the tables are emptied: the two would wait for each other."""
    coming = set[Request]()
    page.on("request", lambda request: request.resource_type in ("xhr", "fetch") and coming.add(request))
    for over in ("requestfinished", "requestfailed"):
        page.on(over, lambda request: coming.discard(request))
    yield page
    end = time.monotonic() + 5
    while coming and time.monotonic() < end:
        page.wait_for_timeout(50)
    page.goto("about:blank")
