"""A flow editor works on scenarios by keyboard: suggested, added, failing, accepted, changed, deleted; no barriers."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from ivr.models import Scenario
from tests.browser.looking import barriers, look
from tests.ivr.scenarios.rows import lead_elsewhere, office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def press(page, role, name):
    one = page.get_by_role(role, name=name).locator("visible=true").first
    one.focus()
    page.keyboard.press("Enter")


def test_scenarios_are_suggested_added_and_corrected_by_keyboard(opened):
    flow = office()
    page = opened(reverse("admin:ivr_flow_scenarios", args=[flow.pk]))
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
    page = opened(reverse("admin:ivr_flow_scenarios", args=[flow.pk]))
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
