"""A flow editor's morning: a wording, an option with a step behind it, a version, a mistake, and the way back."""

import re

import pytest
from django.utils.timezone import now
from playwright.sync_api import expect

from agents.roles import FLOW_EDITOR
from ivr.demo import load

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def editor(page, live_server, migrated):
    """A flow editor of the demo company who has logged in by keyboard, and a complaint about errors of our scripts."""
    load.load(at=now())
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("Username").focus()
    page.keyboard.type(load.username(FLOW_EDITOR))
    page.keyboard.press("Tab")
    page.keyboard.type(load.PASSWORD)
    page.keyboard.press("Enter")
    expect(menu(page, "Flows")).to_be_visible()
    yield page
    assert complaints == []


def menu(page, section):
    return page.locator("#nav-sidebar-apps").get_by_role("link").filter(has_text=re.compile(rf"{section}\s*$"))


def open_in(page, section, name):
    """Go to a thing from the menu beside each page."""
    menu(page, section).click()
    page.locator("#result_list").get_by_role("link", name=name, exact=True).click()


def press(page, name):
    """Press a button or follow a link with the keyboard alone."""
    target = page.get_by_role("button", name=name, exact=True).or_(page.get_by_role("link", name=name, exact=True))
    target.first.focus()
    page.keyboard.press("Enter")


def card(page, name):
    """A step in the picture of a flow."""
    return page.locator("#ws-picture").get_by_role("button", name=re.compile(f"^{name}, "))


def open_step(page, name):
    open_in(page, "Flows", "Main")
    card(page, name).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name", exact=True)).to_have_value(name)


def save_step(page):
    press(page, "Save")
    expect(page.locator("#dock-step [data-state]")).to_have_text("Saved.")


def open_versions(page):
    expect(page.locator("#ws-picture[data-drawn]")).to_be_attached()
    page.get_by_role("tab", name="Versions").click()
    return page.locator("#dock-versions")


def add_voicemail(page, name):
    expect(page.get_by_role("button", name="Add a step", exact=True)).to_be_enabled()
    press(page, "Add a step")
    page.get_by_label("Name of the step").fill(name)
    page.locator("#ws-kinds").get_by_role("button", name=re.compile("^Voicemail")).click()
    expect(page.get_by_label("Name", exact=True)).to_have_value(name)
    form = page.locator("#dock-step")
    form.get_by_label("Mailbox").select_option("Front desk")
    form.get_by_label("Greeting").select_option("Leave a message")
    expect(page.get_by_text("Please leave a message after the tone")).to_be_visible()
    form.get_by_label("Recorded", exact=True).select_option("Goodbye (Hang up)")
    form.get_by_label("Empty", exact=True).select_option("Goodbye (Hang up)")
    save_step(page)


def add_option(page, *, name, key, target):
    page.get_by_role("button", name="Add another option").focus()
    page.keyboard.press("Enter")
    for column, typed in (("Option", name), ("Key", key)):
        page.get_by_label(column, exact=True).locator("visible=true").last.fill(typed)
    page.get_by_label("Goes to", exact=True).locator("visible=true").last.select_option(target)
    save_step(page)


def test_a_flow_is_changed_published_broken_and_brought_back(editor):
    open_in(editor, "Prompts", "Address")
    text = editor.get_by_label("Text").first
    text.fill("We have moved to 14 Harbor Street.")
    expect(editor.locator(".cc-count").first).to_contain_text("34 of 3,000 characters")
    text.press("End")
    editor.keyboard.type(" Come in!")
    expect(editor.locator(".cc-count").first).to_contain_text("43 of 3,000 characters")
    press(editor, "Save")

    open_in(editor, "Flows", "Main")
    add_voicemail(editor, "Complaints")
    expect(card(editor, "Complaints")).to_have_accessible_name(re.compile("nothing leads here"))
    open_step(editor, "Main menu")
    add_option(editor, name="Complaint", key="5", target="Complaints (Voicemail)")
    expect(editor.get_by_text("Changed since version 1")).to_be_visible()

    press(editor, "Check and publish")
    expect(editor.get_by_text("Checked: no problems found.")).to_be_visible()
    expect(editor.get_by_role("region", name=re.compile("^What the draft changes"))).to_contain_text(
        "14 Harbor Street. Come in!"
    )
    editor.get_by_label("Note").fill("A way to complain")
    editor.keyboard.press("Enter")
    expect(editor.get_by_text("Callers meet exactly this: version 2")).to_be_visible()
    expect(open_versions(editor).get_by_role("row", name="A way to complain")).to_contain_text("callers meet this")

    open_step(editor, "Complaints")
    editor.get_by_label("Empty", exact=True).select_option("Not decided yet")
    save_step(editor)
    press(editor, "Check and publish")
    problems = editor.get_by_role("region", name="1 error stops publishing")
    expect(problems).to_contain_text("Complaints")
    expect(editor.get_by_role("button", name="Publish")).to_be_disabled()
    press(editor, "Go to the step")
    expect(editor.get_by_label("Name", exact=True)).to_have_value("Complaints")

    open_in(editor, "Flows", "Main")
    versions = open_versions(editor)
    versions.get_by_role("row", name="Demo content").get_by_role("link", name="Look at it or restore it").click()
    expect(editor.get_by_role("region", name="What would change")).to_contain_text("Complaints")
    press(editor, "Restore version 1")
    restored = open_versions(editor).get_by_role("row", name="Back to version 1")
    expect(restored).to_contain_text("(same as version 1)")
    expect(restored.get_by_role("rowheader")).to_contain_text("3 callers meet this")


def test_the_languages_of_a_flow_change_places_by_keyboard(editor):
    open_in(editor, "Flows", "Main")
    expect(editor.locator("#ws-picture[data-drawn]")).to_be_attached()
    editor.get_by_role("tab", name="Flow", exact=True).click()
    places = editor.locator("#dock-flow").get_by_label("Place", exact=True)

    for index, place in enumerate(("2", "1")):
        places.nth(index).focus()
        editor.keyboard.press("Control+A")
        editor.keyboard.type(place)
    press(editor, "Save")
    expect(editor.locator("#dock-flow [data-state]")).to_have_text("Saved.")

    expect(editor.locator("#dock-flow select[name$=-language]").first).to_have_value("es-US")


def test_keyboards_pass_the_menu_by_and_screen_readers_hear_names_alone(editor):
    page = editor
    page.reload()

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.closest('main, [role=main]') !== null")
    expect(page.get_by_role("navigation", name="Menu").get_by_role("link", name="Flows", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Home", exact=True).first).to_be_visible()
