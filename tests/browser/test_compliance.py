"""Policies, the ledger and the proof of a call in a browser: written by keyboard, without barriers, wide and narrow."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from agents.roles import ADMINISTRATOR
from compliance.models import Notice, Policy
from tests.agents.factories import user
from tests.browser.looking import barriers
from tests.ivr.rows import line, publish, simple_flow
from tests.live.serving import cookie_of
from tests.recordings.recorders import Recorded

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def admin(page, live_server, migrated):
    """An administrator's browser, which opens pages by their path."""
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    session = cookie_of(user(ADMINISTRATOR, username="ada"))
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])

    def open_page(path):
        page.goto(f"{live_server.url}{path}")
        return page

    yield open_page
    assert complaints == []


def test_a_policy_is_written_with_its_texts_and_a_text_becomes_a_version(admin):
    line("Main", "+15005550100", publish(simple_flow()))
    page = admin(reverse("admin:compliance_policy_add"))

    page.get_by_label("Name").fill("Main line")
    page.get_by_label("Our number").fill("500 555 0100")
    page.locator("#id_consent").select_option("ask-one")
    page.get_by_role("link", name="Add another Language").click()
    page.locator("#id_notices-0-language").select_option("en-US")
    page.locator("#id_notices-0-text").fill("May we record you? Press 1 for yes, 2 for no.")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("Conversations of number +1 500-555-0100")).to_be_visible()
    assert Policy.objects.get().number == "+15005550100"
    page.locator("#id_notices-0-text").fill("May we record this? Press 1 for yes, 2 for no.")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_role("region", name="All texts that there were")).to_contain_text("May we record you?")
    assert [one.version for one in Notice.objects.order_by("version")] == [1, 2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1440])
def test_the_proof_sheet_has_no_barriers_and_never_scrolls_sideways(admin, scheme, width):
    made = Recorded()
    page = admin(reverse("admin:recordings_proof", args=[made.call.pk]))
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})

    expect(page.get_by_role("heading", name="What is not on the recording")).to_be_visible()
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_page_of_a_call_leads_to_its_proof_and_that_to_a_file(admin):
    made = Recorded()
    page = admin(reverse("admin:calls_call_change", args=[made.call.pk]))

    expect(page.get_by_role("region", name="What is not on the recording")).to_contain_text("Paused by hand")
    page.get_by_role("link", name="Proof sheet").click()
    digest = page.locator("#sha256").inner_text()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="As a file").click()

    assert digest[:12] in waiting.value.suggested_filename
