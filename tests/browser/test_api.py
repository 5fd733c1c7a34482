"""A developer's first minutes: a key is made, copied, and tried out on the page that shows what the API has."""

import pytest
from playwright.sync_api import expect

from agents.roles import ADMINISTRATOR
from tests.agents.factories import user
from tests.browser.looking import barriers
from tests.calls.factories import make_call

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def developer(page, client, live_server, migrated):
    """Somebody who is logged in, and a complaint about what the policy or a script of ours refused."""
    client.force_login(user(ADMINISTRATOR))
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield page
    assert complaints == []


def test_a_key_is_made_and_opens_the_api_from_its_page(developer, live_server):
    call = make_call()
    developer.goto(f"{live_server.url}/admin/crm/key/add/")
    developer.get_by_label("Name", exact=True).fill("Our CRM")
    developer.get_by_role("group", name="calls").get_by_label("read").check()
    assert barriers(developer, "#content, main") == []
    developer.get_by_role("button", name="Make the key").click()
    token = developer.locator(".key-token").text_content()

    developer.goto(f"{live_server.url}/api/docs/")
    expect(developer.get_by_role("heading", name="Contact center")).to_be_visible()
    developer.get_by_role("button", name="Authorize").click()
    developer.locator(".auth-container input").fill(token)
    developer.get_by_role("button", name="Apply credentials").click()
    developer.get_by_role("button", name="Close", exact=True).click()
    developer.locator("#operations-tag-calls").click()
    developer.locator("#operations-calls-calls_list .opblock-summary-control").click()
    developer.get_by_role("button", name="Try it out").click()
    developer.get_by_role("button", name="Execute").click()

    expect(developer.locator(".live-responses-table").get_by_text(call.sid)).to_be_visible()
