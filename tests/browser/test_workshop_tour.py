"""What a new operations person does on the first day, and in how many presses: once by mouse, once by keyboard alone.

A greeting is changed, an option to a new mailbox added, the flow tried at 19:00 on a Sunday, two scenarios are kept, it
is published, and taken back. `docs/flows.md` tells the figures; `PICTURES` names a folder for its pictures.
"""

import os
import re
import time
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.timezone import now
from playwright.sync_api import expect

from agents.models import User
from agents.roles import FLOW_EDITOR
from ivr.demo import load
from ivr.models import Exit, Flow, Scenario, Version, Wording
from recordings.models import Mailbox
from tests.live.serving import cookie_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GREETING = "Hello, this is Example Bikes. For sales, press 1. For service, 2. Our address, 3. To complain, 5."
#: more than these (besides Tab and what is typed), and something has become worse for people
MOST_CLICKS, MOST_KEYS = 45, 40


class Person:
    """Somebody at the page, whose presses are counted. By keyboard alone nothing is clicked."""

    def __init__(self, page, *, by_mouse):
        self.page, self.by_mouse = page, by_mouse
        self.clicks = self.keys = 0
        self.began = time.monotonic()

    def press(self, target):
        """Press a button or a link: with the mouse, or from where Tab has led."""
        expect(target).to_be_visible()
        if self.by_mouse:
            self.clicks += 1
            target.click()
            return
        target.focus()
        self.key("Enter")

    def key(self, name):
        self.keys += 1
        self.page.keyboard.press(name)

    def write(self, target, text):
        expect(target).to_be_visible()
        if self.by_mouse:
            self.clicks += 1
            target.click()
        target.fill(text)

    def choose(self, target, label):
        expect(target).to_be_visible()
        self.clicks += 2 if self.by_mouse else 0
        self.keys += 0 if self.by_mouse else 2
        target.select_option(label)

    @property
    def seconds(self):
        return time.monotonic() - self.began


@pytest.fixture
def place(page, live_server, migrated):
    load.load(at=now())
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    editor = User.objects.get(username=load.username(FLOW_EDITOR))
    page.context.add_cookies([{"name": "sessionid", "value": cookie_of(editor), "url": live_server.url}])
    page.goto(f"{live_server.url}{reverse('admin:index')}")
    yield page
    assert complaints == []


def look(page, name):
    folder = os.environ.get("PICTURES")
    if folder:
        page.wait_for_timeout(700)  # for what moves into its place
        page.screenshot(path=Path(folder) / f"{name}.png")


def tab(page, name):
    return page.get_by_role("tab", name=name, exact=True)


def saved(page):
    expect(page.locator("#dock-step [data-state]")).to_have_text("Saved.")


def open_flow(person):
    page = person.page
    person.press(page.locator("#nav-sidebar-apps").get_by_role("link").filter(has_text=re.compile(r"Flows\s*$")))
    person.press(page.locator("#result_list").get_by_role("link", name="Main", exact=True))
    expect(page.locator("#ws-picture[data-drawn]")).to_be_attached()
    look(page, "flow")


def find(person, name):
    page = person.page
    person.write(page.get_by_role("combobox", name="Find a step"), name)
    person.key("Enter")
    expect(page.locator("#dock-step .ws-title")).to_have_text(name)


def change_greeting(person):
    page = person.page
    find(person, "Main menu")
    look(page, "flow-step")
    person.press(page.locator("#dock-step").locator("a.change-related").first)
    dialog = page.get_by_role("dialog")
    person.write(dialog.get_by_label("Text in English (United States)"), GREETING)
    look(page, "flow-prompt")
    person.press(dialog.get_by_role("button", name="Save the prompt"))
    expect(dialog.get_by_text("Saved", exact=True)).to_be_visible()
    person.press(dialog.get_by_role("button", name="Close"))
    expect(dialog).to_be_hidden()


def add_option(person):
    page = person.page
    person.press(page.get_by_role("button", name="Add another option"))
    row = page.locator("#dock-step .ws-row").locator("visible=true").last
    person.write(row.get_by_label("Option"), "Complaints")
    person.write(row.get_by_label("Key", exact=True), "5")
    person.press(page.locator("#dock-step").get_by_role("button", name="Save", exact=True))
    saved(page)
    menu = page.locator("#ws-picture .node").filter(has=page.get_by_role("button", name=re.compile("^Main menu, ")))
    person.press(menu.get_by_role("button", name=re.compile("^Exit Complaints")))
    person.press(page.get_by_role("menuitem", name="Add a step here"))
    look(page, "flow-kinds")
    person.press(page.locator("#ws-kinds").get_by_role("button", name=re.compile("^Voicemail")))
    expect(page.locator("#dock-step .ws-title")).to_have_text("Voicemail")
    make_mailbox(person)
    for label, choice in (
        ("Greeting", "Leave a message"),
        ("Recorded", "Goodbye (Hang up)"),
        ("Empty", "Goodbye (Hang up)"),
    ):
        person.choose(page.locator("#dock-step").get_by_label(label, exact=True), choice)
    person.press(page.locator("#dock-step").get_by_role("button", name="Save", exact=True))
    saved(page)


def make_mailbox(person):
    page = person.page
    with page.expect_popup() as opened:
        person.press(page.locator("#add_id_mailbox"))
    popup = opened.value
    there = Person(popup, by_mouse=person.by_mouse)
    there.write(popup.locator("#id_name"), "Complaints")
    with popup.expect_event("close"):
        there.press(popup.get_by_role("button", name="Save", exact=True))
    person.clicks, person.keys = person.clicks + there.clicks, person.keys + there.keys
    expect(page.locator("#dock-step").get_by_label("Mailbox")).to_have_value(
        str(Mailbox.objects.get(name="Complaints").pk)
    )


def try_on_sunday(person):
    page = person.page
    person.press(tab(page, "Try it"))
    panel = page.locator("#dock-try")
    person.write(panel.locator("[name=date]"), "2027-01-10")
    person.write(panel.locator("[name=time]"), "19:00")
    person.press(panel.get_by_role("button", name="Call again with this"))
    expect(panel.get_by_text("Sun 10 Jan 2027, 19:00")).to_be_visible()
    person.press(panel.get_by_role("button", name="Press 1: English"))
    expect(panel.locator(".try-rows")).to_contain_text(GREETING)
    look(page, "flow-try")
    person.press(panel.get_by_role("button", name="Press 5: Complaints"))
    person.press(panel.get_by_role("button", name="Leave a message", exact=True))
    expect(panel.locator(".try-rows")).to_contain_text("Thank you for calling. Goodbye.")


def keep(person, name):
    page = person.page
    panel = page.locator("#dock-try")
    person.write(panel.get_by_placeholder("Sunday evening reaches voicemail"), name)
    person.press(panel.get_by_role("button", name="Save as a scenario"))
    expect(panel.get_by_role("heading", name=f"Scenario “{name}”")).to_be_visible()


def try_the_address(person):
    panel = person.page.locator("#dock-try")
    person.press(panel.get_by_role("button", name="Call anew"))
    person.press(panel.get_by_role("button", name="Press 1: English"))
    person.press(panel.get_by_role("button", name="Press 9"))
    expect(panel.locator(".try-rows")).to_contain_text("Sorry, that is not one of the choices.")


def publish(person):
    page = person.page
    person.press(page.get_by_role("link", name="Check and publish"))
    expect(page.get_by_text("Checked: no problems found.")).to_be_visible()
    expect(page.get_by_text("Both scenarios pass.").or_(page.get_by_text("2 scenarios pass."))).to_be_visible()
    look(page, "flow-publish")
    person.press(page.get_by_role("button", name="Publish", exact=True))
    expect(page.get_by_text("Callers meet exactly this: version 2")).to_be_visible()
    look(page, "flow-undo")


def take_back(person):
    page = person.page
    person.press(page.get_by_role("button", name="Undo publishing"))
    expect(page.get_by_text("version 3").first).to_be_visible()


@pytest.mark.parametrize("by_mouse", [True, False], ids=["by mouse", "by keyboard alone"])
def test_the_first_day_of_an_operations_person(place, by_mouse, record_property):
    person = Person(place, by_mouse=by_mouse)

    open_flow(person)
    change_greeting(person)
    add_option(person)
    try_on_sunday(person)
    keep(person, "Sunday evening, a complaint")
    try_the_address(person)
    keep(person, "A wrong key is told")
    publish(person)
    take_back(person)

    flow = Flow.objects.get(name="Main")
    assert Wording.objects.get(prompt__name="Main menu", language="en-US").text == GREETING
    assert Exit.objects.get(name="Complaints").target.mailbox.name == "Complaints"
    assert sorted(Scenario.objects.values_list("name", flat=True)) == [
        "A wrong key is told",
        "Sunday evening, a complaint",
    ]
    second, third = Version.objects.filter(flow=flow).order_by("number")[1:]
    assert "Complaints" in str(second.document)
    assert third.restored_from.number == 1
    record_property("presses", f"{person.clicks} clicks, {person.keys} keys, {person.seconds:.0f} seconds")
    assert (person.clicks <= MOST_CLICKS) if by_mouse else (person.clicks == 0 and person.keys <= MOST_KEYS)
