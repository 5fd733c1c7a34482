"""The search in transcripts in a browser: typed, found, and played from the second."""

import pytest
from playwright.sync_api import expect

from recordings.states import State
from tests.browser.looking import barriers
from tests.browser.test_recording import RIGHTS, tone
from tests.live.serving import cookie_of
from tests.recordings.factories import make_user
from tests.recordings.listening import conversation, sensitive_queue
from tests.recordings.search.spoken import say

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def search(page, migrated, live_server, settings):
    """The page of the search; at the end no script may have failed and nothing may have been refused."""
    settings.CSRF_COOKIE_SECURE = settings.SESSION_COOKIE_SECURE = False
    settings.PUBLIC_BASE_URL = live_server.url
    trouble = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    page.context.add_cookies(
        [{"name": "sessionid", "value": cookie_of(make_user("ann", *RIGHTS)), "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/admin/recordings/search/")
    yield page
    page.goto("about:blank")
    assert trouble == []


def test_a_person_types_and_plays_from_the_second_with_the_keyboard_alone(search):
    recording = conversation(sound=tone(60), seconds=60, state=State.INDEXED)
    say("Hello.", "It is a flat tire.", recording=recording)

    search.get_by_label("What was said").focus()
    search.keyboard.type('"flat tire"')
    search.keyboard.press("Enter")
    link = search.get_by_role("link", name="Play from 0:10")
    expect(search.locator("mark")).to_have_text(["flat", "tire"])
    link.focus()
    search.keyboard.press("Enter")

    search.wait_for_url(f"**/recordings/recording/{recording.pk}/change/?t=10.00#t=10.00")
    search.wait_for_function("document.querySelector('audio').currentTime === 10")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_every_state_of_the_page_is_readable(search, width, scheme):
    say("It is a flat tire.")
    say("A tire.", recording=conversation(sensitive_queue()))
    search.set_viewport_size({"width": width, "height": 800})
    search.emulate_media(color_scheme=scheme)

    for query in ("", "?q=tire", "?q=bicycle", "?q=%22tire&number=1&until=2026-01-01"):
        search.goto(search.url.partition("?")[0] + query)

        assert barriers(search) == []
        assert not search.evaluate("document.documentElement.scrollWidth > innerWidth")
