"""The stories of a conversation and of a contact in a browser: by the keyboard, wide and narrow, light and dark."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.looking import barriers
from tests.crm.story import told
from tests.live.serving import cookie_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def reading(page, migrated, live_server, settings):
    """A reader's browser; at the end no script may have failed and nothing may have been refused."""
    settings.CSRF_COOKIE_SECURE = settings.SESSION_COOKIE_SECURE = False
    settings.PUBLIC_BASE_URL = live_server.url
    trouble = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    cookie = cookie_of(told.reader(*told.EVERYTHING))
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    yield page
    page.goto("about:blank")
    assert trouble == []


def test_the_stories_lead_to_each_other_and_are_readable(reading, live_server):
    call = told.conversation()
    contact = told.with_contact(call)

    reading.goto(live_server.url + reverse("story-of-conversation", args=[call.conversation]))
    expect(reading.get_by_text("The caller agreed to be recorded")).to_be_visible()
    reading.get_by_role("link", name="All of Ms Adams").focus()
    reading.keyboard.press("Enter")
    reading.wait_for_url(f"**{reverse('story-of-contact', args=[contact.pk])}")
    reading.get_by_role("link", name="the whole conversation").click()
    reading.wait_for_url(f"**{reverse('story-of-conversation', args=[call.conversation])}")

    for page in (("conversation", call.conversation), ("contact", contact.pk)):
        reading.goto(live_server.url + reverse(f"story-of-{page[0]}", args=[page[1]]))
        for width, scheme in ((1280, "light"), (400, "light"), (1280, "dark"), (400, "dark")):
            reading.set_viewport_size({"width": width, "height": 800})
            reading.emulate_media(color_scheme=scheme)
            assert barriers(reading) == []
            assert not reading.evaluate("document.documentElement.scrollWidth > innerWidth")
