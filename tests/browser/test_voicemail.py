"""The work list in a browser: no barriers, by keys alone, on a narrow page, and the same list at the desk."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from agents.roles import AGENT
from recordings import actions
from recordings.models import Return, Voicemail
from tests.agents.factories import ready_agent, user
from tests.browser.looking import barriers
from tests.calls.factories import make_call
from tests.conferences.factories import conference
from tests.live.serving import cookie_of, pages_and_streams
from tests.recordings.factories import (
    make_mailbox,
    make_missed,
    make_recording,
    make_stored,
    make_transcript,
    make_voicemail,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("any_hour")]


CARLA, DORA, EMIL = "+14155550123", "+14155550177", "+14155550188"
WORDS = (
    "Hello, this is about the red bicycle that I brought in last week. The saddle is loose again, and I would like to "
    "know whether somebody can look at it before Friday. You can call me in the afternoon. Thank you, goodbye."
)


@pytest.fixture
def office(migrated, settings):
    """Two mailboxes of Ann's with everything that a row can show."""
    settings.CSRF_COOKIE_SECURE = settings.SESSION_COOKIE_SECURE = False  # the server of this test speaks plain HTTP
    at = timezone.now()
    telephone = [("number", "+15005550160")]
    ann = ready_agent("Ann", account=user(AGENT, username="ann"), at=at, endpoints=telephone)
    ben = ready_agent("Ben", account=user(AGENT, username="ben"), at=at)
    sales, workshop = make_mailbox("Sales"), make_mailbox("Workshop")
    for mailbox in (sales, workshop):
        mailbox.members.add(ann.user, ben.user)

    def left(mailbox, number, minutes, *, text="", sound=True, **fields):
        call = make_call(from_number=number)
        recording = make_stored(call=call) if sound else make_recording(call=call)
        made = make_voicemail(mailbox, recording, left_at=at - timedelta(minutes=minutes), **fields)
        if text:
            make_transcript(made, text)
        return made

    left(sales, CARLA, 90, text=WORDS, language="en-US", status="heard")
    make_missed(sales, call=make_call(from_number=CARLA), at=at - timedelta(minutes=80))
    left(sales, CARLA, 30, text="It is me again: please call me back.", language="en-US")
    talked = Return.objects.create(agent=ben, conference=conference(), state="talked", asked_at=at)
    left(workshop, DORA, 200, text="Is my wheel ready?", language="es-US", taken_by=ben.user, returning=talked)
    left(workshop, EMIL, 10, sound=False)
    left(workshop, "anonymous", 500)
    return ann


@pytest.fixture
def place(office, page):
    """Ann's browser at the admin and the desk; nothing may fail in the pages."""
    trouble = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    with pages_and_streams() as port:
        address = f"http://127.0.0.1:{port}"
        page.context.add_cookies([{"name": "sessionid", "value": cookie_of(office.user), "url": address}])
        page.goto(f"{address}/admin/recordings/voicemail/")
        yield page
        page.goto("about:blank")
    assert trouble == []


def overflows(page):
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


def address(page, path):
    return "/".join([*page.url.split("/")[:3], path])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1440])
def test_list_and_page_have_no_barriers_and_never_scroll_sideways(place, scheme, width):
    place.emulate_media(color_scheme=scheme)
    place.set_viewport_size({"width": width, "height": 900})
    place.reload()
    expect(place.locator("html.dark")).to_have_count(1 if scheme == "dark" else 0)
    expect(place.get_by_role("row")).to_have_count(5)  # with the one of the headings
    expect(place.get_by_role("row", name="Carla")).to_have_count(0)
    carla = place.get_by_role("row").filter(has_text="+1 415-555-0123")
    expect(carla.get_by_role("rowheader")).to_contain_text("2 messages, 1 missed call since")
    carla.get_by_text("All of +1 415-555-0123").click()

    assert barriers(place) == []
    assert not overflows(place)

    carla.get_by_role("link", name="Open the message of").first.click()
    expect(place.get_by_role("region", name="What was said")).to_contain_text("please call me back")
    assert barriers(place) == []
    assert not overflows(place)


def test_a_row_is_taken_on_done_and_opened_again_by_keys_alone(place):
    def press(name):
        place.get_by_role("button", name=name).focus()
        place.keyboard.press("Enter")

    press("Take it on +1 415-555-0123")
    carla = place.get_by_role("row").filter(has_text="+1 415-555-0123")
    expect(carla.get_by_role("cell").filter(has_text="you").first).to_be_visible()
    press("Done +1 415-555-0123")
    expect(carla).to_have_count(0)
    place.get_by_label("Status").select_option(label="done")
    press("Show")
    press("Open again +1 415-555-0123")
    expect(place.get_by_text("1 caller is open again.")).to_be_visible()
    place.goto(address(place, "admin/recordings/voicemail/"))

    expect(carla.get_by_role("rowheader")).to_contain_text("2 messages, 1 missed call since")


def test_chosen_rows_are_passed_on_together(place):
    place.get_by_role("checkbox", name="Choose +1 415-555-0123, Sales").check()
    place.get_by_role("checkbox", name="Choose +1 415-555-0188, Workshop").check()
    place.get_by_label("Colleague").select_option(label="ben")
    place.get_by_role("button", name="Pass on").click()

    expect(place.get_by_text("2 callers were passed on: ben.")).to_be_visible()
    assert Voicemail.objects.filter(taken_by__username="ben").count() == 4


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1440])
def test_the_list_at_the_desk_has_no_barriers(place, scheme, width):
    place.emulate_media(color_scheme=scheme)
    place.set_viewport_size({"width": width, "height": 900})
    place.goto(address(place, "desk/"))
    inbox = place.locator("#panel-inbox")
    expect(inbox.get_by_role("button", name="Call back +1 415-555-0123")).to_be_visible()
    inbox.get_by_text("All of +1 415-555-0123").click()

    assert barriers(place) == []
    assert not overflows(place)


def test_what_a_colleague_does_is_seen_at_the_desk_without_a_reload_and_a_click_calls_back(place, office):
    place.goto(address(place, "desk/"))
    inbox = place.locator("#panel-inbox")
    expect(place.locator("#link")).to_have_text("Live")
    emil = Voicemail.objects.get(call__from_number=EMIL)

    actions.mark(emil, status="done", by=emil.mailbox.members.get(username="ben"), at=timezone.now())
    expect(inbox).not_to_contain_text("+1 415-555-0188")
    expect(inbox.get_by_role("button", name="Done +1 415-555-0177")).to_have_count(0)  # Ben has it
    inbox.get_by_role("button", name="Call back +1 415-555-0123").focus()
    place.keyboard.press("Enter")

    expect(inbox).to_contain_text("You are calling now.")
    expect(place.locator("#panel-talk")).to_contain_text("You call back: pick up, and the number is rung")
    assert Return.objects.live().get().agent == office
