"""Try it, in the dock of the workshop: a call is made by mouse and by keyboard, told to screen readers, and kept."""

import os

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from agents.roles import FLOW_EDITOR
from ivr.models import Scenario
from tests.browser.looking import barriers
from tests.ivr import rows
from tests.ivr.trial.house import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("TRYING_SHOTS", "")


@pytest.fixture
def editor(page, live_server, migrated):
    """A flow editor who is logged in, and a complaint about errors of our scripts."""
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    client = Client()
    client.force_login(rows.person(FLOW_EDITOR))
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    yield page
    assert complaints == []


def shoot(page, name):
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png")


def test_a_call_is_tried_and_kept(editor, live_server):
    house = build(publish=False)
    editor.goto(live_server.url + reverse("admin:ivr_flow_change", args=[house.flow.pk]) + "?panel=try")
    panel = editor.locator("#dock-try")
    expect(panel.get_by_role("heading", name="The flow waits for a key or for words.")).to_be_visible()
    shoot(editor, "begin")

    # what is supposed is tried at once, and what was folded out stays so
    panel.get_by_text("The rest", exact=True).click()
    panel.get_by_label("Who calls").select_option("withheld")
    expect(panel.locator("#try-supposed summary").first).to_contain_text("hidden number")
    expect(panel.get_by_label("A conversation lasts seconds")).to_be_visible()

    # by keyboard alone: the key that was pressed keeps the focus
    key = panel.get_by_role("button", name="Press 1: English")
    key.focus()
    key.press("Enter")
    expect(panel.get_by_text("Presses 1.").first).to_be_attached()
    expect(editor.locator("#try-key-1")).to_be_focused()
    expect(editor.locator("#trying-news")).to_contain_text("What can we do?")
    expect(editor.locator("#trying-news")).not_to_contain_text("Welcome.")

    panel.get_by_label("Words", exact=True).fill("box")
    panel.get_by_label("Words", exact=True).press("Enter")
    expect(panel.get_by_role("heading", name="After the beep the caller may leave a message.")).to_be_visible()
    panel.get_by_role("button", name="Leave a message").click()
    expect(panel.get_by_text("The message goes to the mailbox “Front desk”.").first).to_be_attached()
    panel.get_by_role("button", name="One step back").click()
    expect(panel.get_by_role("button", name="Leave a message")).to_be_visible()
    shoot(editor, "after")

    assert barriers(editor, "#dock-try") == []

    panel.locator("#try-save-name").fill("Evening")
    panel.get_by_role("button", name="Save as a scenario").click()
    expect(editor.locator("#trying-saved")).to_contain_text("The scenario is kept")
    assert Scenario.objects.get().name == "Evening"


def test_it_fits_a_phone_and_a_dark_room(editor, live_server):
    house = build(publish=False)
    editor.set_viewport_size({"width": 400, "height": 800})
    editor.emulate_media(color_scheme="dark")
    editor.goto(live_server.url + reverse("admin:ivr_flow_try", args=[house.flow.pk]))
    editor.get_by_role("button", name="Press 1: English").click()
    expect(editor.locator(".try-rows .try-text", has_text="What can we do?")).to_be_visible()
    shoot(editor, "phone")

    assert editor.evaluate("document.documentElement.scrollWidth <= innerWidth")
