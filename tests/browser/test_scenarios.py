"""A flow editor works on scenarios by keyboard: suggested, added, failing, accepted, changed, deleted; no barriers."""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from agents.roles import FLOW_EDITOR
from ivr.models import Scenario
from tests.agents.factories import user
from tests.browser.test_desk import barriers
from tests.ivr.scenarios.rows import lead_elsewhere, office
from tests.live.serving import cookie_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def opened(migrated, page, live_server):
    """A flow editor's browser, which opens the scenarios of a flow."""
    editor = user(FLOW_EDITOR, username="flora", email="flora@company.example")
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_default_timeout(20_000)
    page.context.add_cookies([{"name": "sessionid", "value": cookie_of(editor), "url": live_server.url}])

    def open_page(flow):
        page.goto(f"{live_server.url}{reverse('admin:ivr_flow_scenarios', args=[flow.pk])}")
        return page

    yield open_page
    assert complaints == []


def look(page, name):
    """Keep a picture where somebody wants to look at the pages."""
    folder = os.environ.get("PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def press(page, role, name):
    one = page.get_by_role(role, name=name).locator("visible=true").first
    one.focus()
    page.keyboard.press("Enter")


def test_scenarios_are_suggested_added_and_corrected_by_keyboard(opened):
    flow = office()
    page = opened(flow)
    expect(page.get_by_text("0 of 10 exits")).to_be_visible()
    assert barriers(page) == []

    press(page, "link", "Suggest scenarios for them")
    expect(page.get_by_role("heading", name="Suggested scenarios")).to_be_visible()
    look(page, "scenarios-suggested")
    assert barriers(page) == []
    press(page, "button", "Add all")

    expect(page.get_by_text("10 of 10 exits")).to_be_visible()
    look(page, "scenarios")
    assert barriers(page) == []
    made = Scenario.objects.count()
    assert made > 3

    lead_elsewhere(flow)
    press(page, "link", "Run now")
    expect(page.get_by_text("scenarios fail")).to_be_visible()
    expect(page.get_by_text("failed", exact=True).first).to_be_visible()
    look(page, "scenarios-failed")
    assert barriers(page) == []
    failed = page.get_by_role("button", name="Expect what happens now").count()
    press(page, "button", "Expect what happens now")
    expect(page.get_by_role("button", name="Expect what happens now")).to_have_count(failed - 1)

    press(page, "link", "Change what is expected")
    expect(page.get_by_label("The caller must hear")).to_be_visible()
    assert barriers(page) == []
    page.get_by_label("Name").fill("By keyboard")
    press(page, "button", "Save")
    expect(page.get_by_text("By keyboard").first).to_be_visible()
    assert Scenario.objects.filter(name="By keyboard").exists()

    page.set_viewport_size({"width": 400, "height": 900})
    look(page, "scenarios-narrow")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    page.emulate_media(color_scheme="dark")
    look(page, "scenarios-dark")
    assert barriers(page) == []


def test_a_scenario_is_deleted_after_a_second_thought(opened):
    flow = office()
    page = opened(flow)
    press(page, "link", "Suggest scenarios for them")
    press(page, "button", "Add")
    expect(page.get_by_text("The only scenario passes.").or_(page.get_by_text("scenarios pass."))).to_be_visible()
    summary = page.locator(".cc-scenario-list > li > details > summary").first
    summary.focus()
    page.keyboard.press("Enter")

    delete = page.locator(".cc-sure > summary").first
    delete.focus()
    page.keyboard.press("Enter")
    count = Scenario.objects.count()
    press(page, "button", "Yes, delete it for good")

    expect(page.locator(".cc-scenario-list > li")).to_have_count(count - 1)
    assert Scenario.objects.count() == count - 1
