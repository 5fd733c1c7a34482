"""A recording in a browser: heard, read along, opened for a reason, and behind a link without an account."""

import io
import re
import wave
from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from compliance.models import AccessEntry
from recordings import actions
from recordings.links import token_of
from recordings.states import State
from tests.browser.looking import barriers
from tests.browser.sounds import play
from tests.live.serving import cookie_of
from tests.queues.factories import make_queue
from tests.recordings.factories import EVERYWHERE, make_user
from tests.recordings.listening import conversation, make_transcript, sensitive_queue, team_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LINES = [
    {"start": float(5 * n), "end": 5 * n + 4.5, "speaker": ("Customer", "Ann")[n % 2], "text": f"Line {n}."}
    for n in range(12)
]
RIGHTS = ("recordings.view_recording", *EVERYWHERE, "recordings.share", "recordings.export", "calls.view_call")


def tone(seconds):
    """A minute of two people who hum: something that a browser plays."""
    moments = np.arange(seconds * 8000) / 8000
    sides = [np.sin(moments * pitch) * 9000 * (moments % 10 < length) for pitch, length in ((1500, 5), (2500, 9))]
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((2, 2, 8000, 0, "NONE", ""))
        sound.writeframes(np.column_stack(sides).astype("<i2").tobytes())
    return file.getvalue()


@pytest.fixture
def person(migrated):
    return make_user("ann", *RIGHTS, first_name="Ann", last_name="Lee")


@pytest.fixture
def page_of(person, page, live_server, settings):
    """Opens the page of a recording; at the end no script may have failed and nothing may have been refused."""
    settings.CSRF_COOKIE_SECURE = settings.SESSION_COOKIE_SECURE = False
    settings.PUBLIC_BASE_URL = live_server.url
    trouble = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    page.context.add_cookies([{"name": "sessionid", "value": cookie_of(person), "url": live_server.url}])

    def opened(recording, query=""):
        page.goto(f"{live_server.url}/admin/recordings/recording/{recording.pk}/change/{query}")
        return page

    yield opened
    page.goto("about:blank")
    assert trouble == []


def spoken(queue=None):
    recording = conversation(
        queue or make_queue("Orders", team=team_of("Sales")),
        tone(60),
        seconds=60,
        state=State.INDEXED,
        speakers=["Customer", "Ann"],
    )
    make_transcript(recording, segments=[line | {"confidence": 0.9} for line in LINES])
    return recording


def plays_at(page, second):
    """Wait until the sound goes on from about there."""
    page.wait_for_function(
        "second => { const audio = document.querySelector('audio');"
        " return !audio.paused && audio.currentTime > second && audio.currentTime < second + 4; }",
        arg=second,
    )


def heard(recording):
    return list(AccessEntry.objects.filter(subject_id=str(recording.pk)).order_by("id").values_list("action", "reason"))


def test_a_line_of_the_transcript_plays_from_there_and_the_line_that_is_heard_is_marked(page_of):
    recording = spoken()
    page = page_of(recording)
    line = page.locator(".rec-line")
    expect(page.locator(".rec-waves canvas").first).to_be_attached()
    assert heard(recording) == [("read", "")]

    line.nth(4).locator(".rec-said").click()
    plays_at(page, 20)
    expect(line.nth(4)).to_have_attribute("aria-current", "true")
    line.nth(1).get_by_role("link", name="Play from 0:05").focus()
    page.keyboard.press("Enter")
    plays_at(page, 5)
    expect(line.nth(1)).to_have_attribute("aria-current", "true")
    expect(page.locator(".rec-line[aria-current]")).to_have_count(1)

    assert ("played", "") in heard(recording)


def test_a_link_leads_to_a_second_and_a_press_on_the_wave_form_to_another(page_of):
    page = page_of(spoken(), "?t=30")
    assert page.evaluate("document.querySelector('audio').currentTime") == 30
    waves = page.locator(".rec-waves")
    expect(waves).to_be_visible()

    play(page)
    plays_at(page, 30)
    box = waves.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.75, box["y"] + box["height"] / 2)

    plays_at(page, 44)


def test_a_sensitive_recording_is_heard_for_a_reason(page_of, person):
    recording = spoken(sensitive_queue(person))
    page = page_of(recording)
    expect(page.locator("audio")).to_have_count(0)
    expect(page.get_by_text("Line 3.")).to_have_count(0)
    assert barriers(page) == []

    field = page.get_by_role("region", name="Sound").get_by_label("Reason")
    field.fill("A complaint of the customer")
    field.press("Enter")

    expect(page.get_by_text("You hear it for this reason: A complaint of the customer")).to_be_visible()
    page.get_by_role("link", name=re.compile("Play from 0:10")).press("Enter")
    plays_at(page, 10)
    assert ("played", "A complaint of the customer") in heard(recording)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
def test_nothing_stands_in_peoples_way_and_nothing_overflows(page_of, person, scheme, width):
    recording = spoken()
    actions.share(
        recording, by=person, reason="Their own call", lasts=timedelta(days=1), address=None, at=timezone.now()
    )
    page = page_of(recording)
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("scheme => localStorage.setItem('adminTheme', JSON.stringify(scheme))", scheme)
    page.reload()
    page.evaluate("scheme => document.documentElement.classList.toggle('dark', scheme === 'dark')", scheme)
    expect(page.locator(".rec-waves canvas").first).to_be_attached()

    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_somebody_without_an_account_hears_what_was_shared(page_of, person, browser, browser_context_args, live_server):
    recording = spoken()
    page = page_of(recording)
    form = page.get_by_role("region", name="Share by a link")
    form.get_by_label("Reason").fill("They asked for their own call")
    form.get_by_role("button", name="Make a link").click()
    address = page.get_by_label("Address of the link").input_value()

    context = browser.new_context(**(browser_context_args | {"viewport": {"width": 400, "height": 800}}))
    guest, refused = context.new_page(), []
    guest.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    guest.goto(address)
    expect(guest.get_by_text("By Ann Lee. You can hear it until")).to_be_visible()
    play(guest)
    plays_at(guest, 0)
    assert barriers(guest) == []
    assert guest.evaluate("document.documentElement.scrollWidth") <= 400
    form.get_by_role("button", name="Take it back").click()
    expect(form.get_by_text("Taken back")).to_be_visible()
    guest.reload()
    expect(guest.get_by_text("This link does not work any more")).to_be_visible()
    context.close()

    assert [text for text in refused if "410" not in text] == []
    assert token_of(recording.shares.get()) in address
    assert AccessEntry.objects.filter(who="link by ann", action="played").exists()
