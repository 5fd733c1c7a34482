"""The workshop: a small flow is built by mouse, and by keyboard alone in the picture and in the outline."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from agents.roles import ADMINISTRATOR, FLOW_EDITOR
from ivr.actions import stepping
from ivr.models import Exit, Flow, Step
from tests.browser.looking import barriers
from tests.ivr import rows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def log_in(context, live_server, person):
    client = Client()
    client.force_login(person)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    context.add_cookies([cookie])


@pytest.fixture
def editor(page, live_server, migrated):
    """A flow editor who is logged in, and a complaint about errors of our scripts."""
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    log_in(page.context, live_server, rows.person(FLOW_EDITOR))
    yield page
    assert complaints == []


def open_flow(page, live_server, flow, query=""):
    page.goto(live_server.url + reverse("admin:ivr_flow_change", args=[flow.pk]) + query)
    expect(page.locator("#ws-picture[data-drawn], #ws-outline > *").first).to_be_attached()


def card(page, name):
    return page.locator("#ws-picture").get_by_role("button", name=re.compile(rf"^{re.escape(name)}, "))


def way(page, step, label):
    node = page.locator("#ws-picture .node").filter(
        has=page.get_by_role("button", name=re.compile(rf"^{re.escape(step)}, "))
    )
    return node.get_by_role("button", name=re.compile(rf"^Exit {re.escape(label)}\b"))


def ways(flow):
    rows_ = Exit.objects.filter(step__flow=flow, target__isnull=False).values_list("step__name", "name", "target__name")
    return {(step, name): target for step, name, target in rows_}


def saved(page):
    expect(page.locator("#dock-step [data-state]")).to_have_text("Saved.")


def test_a_flow_is_built_by_mouse(editor, live_server):
    rows.prompt("Welcome", "Welcome to us.")
    flow = rows.flow("By mouse")
    open_flow(editor, live_server, flow)

    editor.get_by_role("button", name="Begin with a message").click()
    editor.get_by_label("Message", exact=True).select_option("Welcome")
    expect(editor.get_by_text("Not saved yet.")).to_be_visible()
    editor.get_by_role("button", name="Save", exact=True).click()
    saved(editor)
    expect(card(editor, "Message")).to_be_visible()

    way(editor, "Message", "Next").click()
    editor.get_by_role("menuitem", name="Add a step here").click()
    editor.get_by_label("Name of the step").fill("Choose")
    editor.locator("#ws-kinds").get_by_role("button", name=re.compile("^Menu")).click()
    expect(editor.locator("#dock-step .ws-title")).to_have_text("Choose")
    editor.get_by_role("button", name="Add another option").click()
    editor.locator(".ws-row").get_by_label("Option").first.fill("Goodbye")
    editor.locator(".ws-row").get_by_label("Key").first.fill("1")
    editor.get_by_role("button", name="Save", exact=True).click()
    saved(editor)

    # dragged to an empty place: a new step stands there
    start = way(editor, "Choose", "Goodbye").bounding_box()
    editor.mouse.move(start["x"] + start["width"] - 12, start["y"] + start["height"] / 2)
    editor.mouse.down()
    editor.mouse.move(start["x"] + 60, start["y"] + 260, steps=4)
    editor.mouse.up()
    editor.locator("#ws-kinds").get_by_role("button", name=re.compile("^Hang up")).click()
    expect(card(editor, "Hang up")).to_be_visible()

    # dragged to a step: they are connected
    expect(editor.locator("#dock-step .ws-title")).to_have_text("Hang up")
    expect(card(editor, "Hang up")).to_be_in_viewport()
    start, end = way(editor, "Choose", "No input").bounding_box(), card(editor, "Hang up").bounding_box()
    editor.mouse.move(start["x"] + start["width"] - 12, start["y"] + start["height"] / 2)
    editor.mouse.down()
    editor.mouse.move(end["x"] + 60, end["y"] + 30, steps=5)
    editor.mouse.up()
    expect(editor.locator("#ws-say")).to_have_text("“No input” of “Choose” leads to “Hang up”")

    assert ways(flow) == {
        ("Message", "next"): "Choose",
        ("Choose", "Goodbye"): "Hang up",
        ("Choose", "no_input"): "Hang up",
    }

    editor.get_by_role("button", name=re.compile("^Undo: “No input”")).click()
    expect(editor.locator("#ws-say")).to_contain_text("Undone: ")
    assert ("Choose", "no_input") not in ways(flow)
    editor.get_by_role("button", name=re.compile("^Redo: “No input”")).click()
    expect(editor.locator("#ws-say")).to_contain_text("Done again: ")
    assert ("Choose", "no_input") in ways(flow)

    editor.get_by_role("tab", name="What was done").click()
    expect(editor.locator("#dock-done li").first).to_contain_text("“No input” of “Choose” leads to “Hang up”")


def keys(page, *pressed):
    for key in pressed:
        page.keyboard.press(key)


def focused(page):
    return page.evaluate(
        "document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? ''"
    )


def test_a_flow_is_built_by_keyboard_in_the_picture(editor, live_server):
    flow = rows.simple_flow("By keyboard")
    open_flow(editor, live_server, flow)
    expect(card(editor, "Greeting")).to_be_visible()

    card(editor, "Greeting").focus()
    keys(editor, "ArrowDown")
    assert focused(editor).startswith("Exit Next, leads to The end")
    keys(editor, "Enter")
    expect(editor.get_by_role("menuitem", name="Put a new step in between")).to_be_focused()
    keys(editor, "Enter")
    editor.locator("#ws-kinds").get_by_role("button", name=re.compile("^Menu")).focus()
    keys(editor, "Enter")
    name = editor.get_by_label("Name", exact=True)
    expect(name).to_be_focused()
    keys(editor, "Control+A")
    editor.keyboard.type("Choose")
    keys(editor, "Enter")
    saved(editor)
    expect(card(editor, "Choose")).to_be_visible()

    # along the exits: to the menu, to its first exit, which leads on, and back
    card(editor, "Greeting").focus()
    keys(editor, "ArrowRight")
    assert focused(editor).startswith("Choose, Menu")
    keys(editor, "ArrowDown")
    assert focused(editor).startswith("Exit No input, leads to The end")
    keys(editor, "ArrowDown")
    assert focused(editor).startswith("Exit Wrong input, leads nowhere yet")
    keys(editor, "Enter")
    expect(editor.get_by_role("menuitem", name="Add a step here")).to_be_focused()
    keys(editor, "ArrowDown", "Enter")
    expect(editor.locator("#ws-connect-find")).to_be_focused()
    editor.keyboard.type("the end")
    keys(editor, "Enter")
    expect(editor.locator("#ws-say")).to_have_text("“Wrong input” of “Choose” leads to “The end”")
    keys(editor, "ArrowUp", "ArrowUp", "ArrowLeft", "ArrowLeft")
    assert focused(editor).startswith("Greeting, Message")

    assert ways(flow) == {
        ("Greeting", "next"): "Choose",
        ("Choose", "no_input"): "The end",
        ("Choose", "wrong_input"): "The end",
    }

    keys(editor, "ArrowRight", "Delete")
    expect(editor.locator("#ws-delete")).to_contain_text("“Next” of “Greeting” leads here")
    keys(editor, "Enter")
    expect(card(editor, "Choose")).to_have_count(0)
    keys(editor, "Control+z")
    expect(card(editor, "Choose")).to_be_visible()
    assert len(ways(flow)) == 3


def test_a_flow_is_built_by_keyboard_in_the_outline(editor, live_server):
    flow = rows.simple_flow("In a list")
    open_flow(editor, live_server, flow)
    editor.get_by_role("button", name="Outline").focus()
    keys(editor, "Enter")
    outline = editor.locator("#ws-outline")

    outline.get_by_role("button", name="What to do with exit Next of Greeting").focus()
    keys(editor, "Enter", "Enter")
    editor.locator("#ws-kinds").get_by_role("button", name=re.compile("^Menu")).focus()
    keys(editor, "Enter")
    expect(editor.get_by_label("Name", exact=True)).to_be_focused()
    expect(outline.get_by_role("button", name="Menu", exact=True)).to_be_visible()

    outline.get_by_role("button", name="What to do with exit Wrong input of Menu").focus()
    keys(editor, "Enter", "ArrowDown", "Enter")
    editor.keyboard.type("Greeting")
    keys(editor, "Enter")
    expect(outline.get_by_role("button", name="leads to Greeting")).to_be_visible()

    outline.get_by_role("button", name="What to do with Menu").focus()
    keys(editor, "Enter")
    editor.get_by_role("menuitem", name="Copy it").focus()
    keys(editor, "Enter")
    expect(outline.get_by_role("button", name="Menu 2", exact=True)).to_be_visible()
    assert Step.objects.filter(flow=flow, name="Menu 2").exists()

    editor.reload()
    expect(editor.get_by_role("button", name="Outline")).to_have_attribute("aria-pressed", "true")


def test_what_is_not_saved_is_kept_and_offered_again(editor, live_server):
    flow = rows.simple_flow("Kept")
    open_flow(editor, live_server, flow, f"?step={flow.first_id}")
    editor.get_by_label("Name", exact=True).fill("Half a thought")

    card(editor, "The end").click()
    expect(editor.locator("#dock-step .ws-title")).to_have_text("The end")
    card(editor, "Greeting").click()
    editor.get_by_role("button", name="Bring it back").click()

    expect(editor.get_by_label("Name", exact=True)).to_have_value("Half a thought")
    editor.get_by_role("button", name="Save", exact=True).click()
    saved(editor)
    assert Step.objects.filter(flow=flow, name="Half a thought").exists()


def test_two_people_see_each_other_and_choose_where_both_have_written(editor, live_server, browser):
    flow = rows.simple_flow("Together")
    open_flow(editor, live_server, flow, f"?step={flow.first_id}")
    expect(editor.get_by_label("Name", exact=True)).to_have_value("Greeting")
    other = browser.new_context()
    log_in(other, live_server, rows.person(ADMINISTRATOR, username="Bob"))
    bob = other.new_page()
    open_flow(bob, live_server, flow, f"?step={flow.first_id}")
    expect(bob.locator("#ws-others")).to_have_text("Also here: flow-editor (at “Greeting”)")

    editor.get_by_label("Name", exact=True).fill("Hers")
    bob.get_by_label("Name", exact=True).fill("His")
    bob.get_by_label("Message", exact=True).select_option(label="Nothing is said")
    bob.get_by_role("button", name="Save", exact=True).click()
    expect(bob.locator("#dock-step [data-state]")).to_have_text("Saved.")
    editor.get_by_role("button", name="Save", exact=True).click()

    conflict = editor.locator("[data-conflict]")
    expect(conflict).to_contain_text("Bob")
    expect(conflict.get_by_role("row", name=re.compile("^Name .both changed it."))).to_contain_text("His")
    # what only he has changed is taken, what both have changed is hers until she chooses
    expect(editor.get_by_label("Name", exact=True)).to_have_value("Hers")
    expect(editor.get_by_label("Message", exact=True)).to_have_value("")
    conflict.get_by_label("His").check()
    expect(editor.get_by_label("Name", exact=True)).to_have_value("His")
    conflict.get_by_label("Hers").check()
    editor.get_by_role("button", name="Save", exact=True).click()
    saved(editor)

    step = Step.objects.get(pk=flow.first_id)
    assert step.name == "Hers"
    assert not step.prompts.exists()
    other.close()


def large_flow(steps):
    flow = rows.flow(f"{steps} steps")
    made = Step.objects.bulk_create(
        Step(flow=flow, name=f"Step {number}", kind="hang_up" if number == steps - 1 else "menu")
        for number in range(steps)
    )
    exits = [
        Exit(step=made[number], name=f"Way {way}", keys=str(way + 1), is_option=True, target=made[target])
        for number in range(steps - 1)
        for way in range(3)
        if (target := number * 3 + way + 1) < steps
    ]
    exits += [Exit(step=one, name="no_input", target=made[-1]) for one in made[:-1]]
    Exit.objects.bulk_create(exits)
    flow.first = made[0]
    flow.save()
    return flow


def test_a_large_flow_begins_folded_and_every_step_is_found(editor, live_server):
    flow = large_flow(200)
    open_flow(editor, live_server, flow)
    assert editor.locator("#ws-picture .node").count() < 60

    editor.keyboard.press("/")
    editor.keyboard.type("Step 150")
    expect(editor.get_by_role("option", name="Step 150 (Menu)")).to_be_visible()
    keys(editor, "Enter")

    expect(editor.locator("#dock-step .ws-title")).to_have_text("Step 150")
    expect(card(editor, "Step 150")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1440])
def test_axe_finds_nothing_serious(editor, live_server, scheme, width):
    flow = rows.simple_flow("Looked at")
    rows.step(flow, "Menu", "menu")
    stepping.set_first(flow.pk, flow.first_id, by=None, at=rows.AT)
    editor.set_viewport_size({"width": width, "height": 900})
    editor.emulate_media(color_scheme=scheme, reduced_motion="reduce")

    for view in ("picture", "outline"):
        open_flow(editor, live_server, flow, f"?step={flow.steps.get(name='Menu').pk}")
        editor.locator(f"[data-view={view}]").click()
        expect(editor.get_by_role("button", name="Save", exact=True)).to_be_visible()
        assert barriers(editor, "#workshop") == []
        assert editor.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_new_flow_is_named_and_gets_its_first_step(editor, live_server):
    editor.goto(live_server.url + reverse("admin:ivr_flow_add"))
    editor.get_by_label("Name").first.fill("Fresh")
    editor.locator("select[name$=-language]:visible").first.select_option("en-US")
    editor.locator("select[name$=-voice]:visible").first.select_option(index=1)
    editor.get_by_role("button", name="Save", exact=True).click()

    editor.get_by_role("button", name="Begin with a menu").click()
    expect(editor.locator("#dock-step .ws-title")).to_have_text("Menu")
    assert Flow.objects.get(name="Fresh").first.kind == "menu"
