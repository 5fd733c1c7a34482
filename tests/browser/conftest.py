"""A Chromium for the browser tests: one that the machine has, or Playwright's own."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

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
HOW_TO_GET_ONE = (
    "No Chromium found: install one (apt-get install chromium, or .venv/bin/playwright install chromium), "
    "or name yours by CHROMIUM_PATH"
)


def chromium() -> str | None:
    """Return the path of a Chromium of this machine, if there is one."""
    named = os.environ.get("CHROMIUM_PATH")
    if named:
        return named
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for path in map(shutil.which, names) if path), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], playwright: Any) -> dict[str, Any]:
    path = chromium()
    if path is None and not Path(playwright.chromium.executable_path).exists():
        pytest.skip(HOW_TO_GET_ONE)
    own = {"executable_path": path} if path else {}
    return browser_type_launch_args | own | {"args": FLAGS}


@pytest.fixture(scope="session")
def base_url() -> None:
    # pytest-playwright's own is a method of a class, which pytest 9 warns of; our tests name whole addresses.
    return None


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}
