"""A Chromium for the browser tests: one that the machine has, or Playwright's own."""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Page, Request, expect

from agents.roles import FLOW_EDITOR
from embedded import browser as browser_of_this_machine
from tests.agents.factories import user
from tests.live.serving import cookie_of
from tests.patience import PATIENCE

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


@pytest.fixture(scope="session", autouse=True)
def patience() -> None:
    """The server, the browser and other tests share the machine."""
    expect.set_options(timeout=1000 * PATIENCE)


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
def migrated(live_server: Any) -> None:
    """Keep Django from making again what migrations wrote: beside Playwright's loop it has a connection of its own."""
    connection._test_serialized_contents = ""


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page that has no answer still to come when the tables are emptied: the two would wait for each other."""
    coming = set[Request]()
    page.on("request", lambda request: request.resource_type in ("xhr", "fetch") and coming.add(request))
    page.set_default_timeout(1000 * PATIENCE)
    for over in ("requestfinished", "requestfailed"):
        page.on(over, lambda request: coming.discard(request))
    yield page
    end = time.monotonic() + 5  # what is still to come then, is cut off
    while coming and time.monotonic() < end:
        page.wait_for_timeout(50)
    page.goto("about:blank")


@pytest.fixture
def opened(migrated: None, page: Page, live_server: Any) -> Iterator[Callable[[str], Page]]:
    """Give what opens pages by their path in a flow editor's browser."""
    editor = user(FLOW_EDITOR, username="flora", email="flora@company.example")
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.context.add_cookies([{"name": "sessionid", "value": cookie_of(editor), "url": live_server.url}])

    def open_page(path: str) -> Page:
        page.goto(f"{live_server.url}{path}")
        return page

    yield open_page
    assert complaints == []
