"""A flow editor records a prompt, fills the table by language, and reads the checks: by keyboard, without barriers."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from ivr.models import Audio, Prompt, Wording
from queues.models import Queue
from tests.browser.looking import barriers, look
from tests.ivr import rows
from tests.ivr.prompts.test_saying import bilingual

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def press(page, name):
    button = page.get_by_role("button", name=name, exact=True).locator("visible=true").first
    button.focus()
    page.keyboard.press("Enter")


def press_link(page, selector):
    link = page.locator(f"#dock-step {selector}").first
    link.focus()
    page.keyboard.press("Enter")


def test_a_prompt_is_recorded_heard_recorded_again_and_kept_by_keyboard(opened):
    rows.simple_flow()
    page = opened(reverse("admin:ivr_prompt_edit", args=[Prompt.objects.get().pk]))
    summary = page.get_by_text("Record or upload a sound")
    summary.focus()
    page.keyboard.press("Enter")

    press(page, "Record")
    expect(page.get_by_text("Recording. Speak now.")).to_be_visible()
    expect(page.get_by_role("button", name="Stop")).to_be_focused()
    page.wait_for_function("document.querySelector('cc-recorder meter').value > 0.02")
    page.wait_for_timeout(1500)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Recorded. Listen to it")).to_be_visible()
    look(page, "recorded")
    assert barriers(page) == []
    press(page, "Record again")
    page.wait_for_timeout(1500)
    press(page, "Stop")
    expect(page.get_by_role("button", name="Keep this recording")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Kept. It is stored when you save.")).to_be_visible()
    press(page, "Save the prompt")

    expect(page.get_by_text("Callers hear this sound, not the text.")).to_be_visible()
    sound = Audio.objects.get()
    assert Wording.objects.get().audio == sound
    assert 0.5 < sound.seconds < 6
    look(page, "recording-kept")


def test_who_records_and_saves_without_keeping_it_first_has_it_kept(opened):
    rows.simple_flow()
    page = opened(f"{reverse('admin:ivr_prompt_edit', args=[Prompt.objects.get().pk])}?language=en-US")

    press(page, "Record")
    page.wait_for_timeout(1500)
    press(page, "Stop")
    expect(page.get_by_text("Recorded. Listen to it")).to_be_visible()
    press(page, "Save the prompt")

    expect(page.get_by_text("Callers hear this sound, not the text.")).to_be_visible()
    assert Wording.objects.get().audio == Audio.objects.get()


def test_a_prompt_that_is_closed_unsaved_is_there_again_when_it_is_opened(opened):
    flow = rows.simple_flow()
    page = opened(f"{reverse('admin:ivr_flow_change', args=[flow.pk])}?step={flow.first_id}")
    press_link(page, "a.change-related")
    text = page.get_by_role("dialog").get_by_label("Text in English")
    expect(text).to_be_focused()

    text.fill("Good morning, this takes long to write.")
    page.keyboard.press("Escape")
    expect(page.locator("#ws-toast")).to_contain_text("Not saved yet")
    press_link(page, "a.change-related")
    expect(text).to_have_value("Good morning, this takes long to write.")
    press(page, "Save the prompt")
    expect(page.get_by_role("dialog").get_by_text("Saved", exact=True)).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.locator("#dock-step .cc-words").first).to_contain_text("Good morning, this takes long to write.")
    assert Wording.objects.get().text == "Good morning, this takes long to write."
    press_link(page, "a.change-related")
    expect(text).to_have_value("Good morning, this takes long to write.")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("NotAllowedError", "The browser may not use the microphone."),
        ("NotFoundError", "No microphone was found."),
        ("NotReadableError", "The microphone cannot be used"),
    ],
)
def test_a_microphone_that_cannot_be_used_is_told_in_plain_words(opened, error, words):
    rows.simple_flow()
    page = opened(f"{reverse('admin:ivr_prompt_edit', args=[Prompt.objects.get().pk])}?language=en-US")
    page.evaluate(
        "name => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', name)); }", error
    )

    press(page, "Record")

    expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_role("button", name="Record", exact=True)).to_be_visible()


def test_the_text_is_read_by_a_voice_of_the_browser_that_is_called_a_stand_in(opened):
    rows.simple_flow()
    page = opened(reverse("admin:ivr_prompt_edit", args=[Prompt.objects.get().pk]))
    page.evaluate(
        """() => { window.said = []; speechSynthesis.getVoices = () => [];
           speechSynthesis.speak = one => window.said.push([one.text, one.lang]); }"""
    )

    page.get_by_label("Text in English").fill("Good <break time='1s'/> day.")
    press(page, "Hear it")

    assert page.evaluate("window.said") == [["Good , day.", "en-US"]]
    expect(page.get_by_text("A voice of your browser stands in")).to_be_visible()


def test_what_is_missing_is_written_in_the_table_without_leaving_it(opened):
    bilingual()
    page = opened(reverse("admin:ivr_prompt_table"))
    expect(page.get_by_text("1 text is missing")).to_be_visible()
    assert barriers(page) == []

    page.get_by_role("link", name="missing").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Text in Spanish").fill("Hola.")
    look(page, "table-editing")
    assert barriers(page) == []
    press(page, "Save the prompt")

    expect(page.get_by_role("rowheader", name="Hello")).to_contain_text("Saved")
    expect(page.get_by_role("row", name="Hello")).to_contain_text("Hola.")
    assert Wording.objects.get(language="es-US").text == "Hola."


@pytest.mark.parametrize(("width", "scheme"), [(400, "light"), (1440, "dark")])
def test_the_table_and_the_checks_have_no_barriers_at_any_width(opened, page, width, scheme):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    flow = rows.queue_flow("Main", Queue.objects.create(name="Sales"))
    rows.step(flow, "Forgotten")
    rows.line("Main line", "+15005550100", flow)
    bilingual("Evening")

    opened(reverse("admin:ivr_prompt_table"))
    look(page, f"table-{width}")
    assert barriers(page) == []
    opened(reverse("admin:ivr_flow_checks", args=[flow.pk]))
    page.get_by_text("Show the way").first.click()
    look(page, f"checks-{width}")
    assert barriers(page) == []
    opened(reverse("admin:ivr_prompt_import"))
    assert barriers(page) == []


def test_a_prompt_is_edited_over_the_form_of_its_step_and_nothing_typed_there_is_lost(opened):
    flow = rows.simple_flow()
    rows.says(rows.step(rows.flow("Evening"), "Bye"), "goodbye", rows.prompt())
    page = opened(f"{reverse('admin:ivr_flow_change', args=[flow.pk])}?panel=step&step={flow.first_id}")
    name = page.get_by_label("Name", exact=True).locator("visible=true").first
    expect(name).to_have_value("Greeting")
    name.fill("Greeting, to be saved later")
    expect(page.get_by_text("English (United States): “Hello.”")).to_be_visible()

    edit = page.get_by_role("link", name="Edit", exact=True).locator("visible=true").first
    edit.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="What callers hear: “Hello”")
    expect(dialog.get_by_role("link", name="Evening")).to_be_visible()
    dialog.get_by_label("Text in English").fill("Good day.")
    look(page, "prompt-in-workshop")
    assert barriers(page) == []
    press(page, "Save the prompt")
    expect(dialog.get_by_text("Saved", exact=True)).to_be_visible()
    press(page, "Close")

    expect(page.get_by_text("English (United States): “Good day.”")).to_be_visible()
    expect(edit).to_be_focused()
    expect(name).to_have_value("Greeting, to be saved later")
    assert Wording.objects.get().text == "Good day."


@pytest.mark.parametrize(("width", "scheme"), [(400, "dark"), (1440, "light")])
def test_the_panel_of_checks_leads_to_the_step(opened, page, width, scheme):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    flow = rows.simple_flow()
    forgotten = rows.step(flow, "Forgotten", "message")
    page = opened(f"{reverse('admin:ivr_flow_change', args=[flow.pk])}?panel=checks")
    expect(page.get_by_role("listitem").filter(has_text="No way leads to step “Forgotten”.").first).to_be_visible()
    look(page, f"workshop-checks-{width}")
    assert barriers(page) == []

    page.get_by_role("link", name="Go to “Forgotten”").first.click()

    expect(page.get_by_label("Name", exact=True).locator("visible=true").first).to_have_value("Forgotten")
    assert forgotten.pk
