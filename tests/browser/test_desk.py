"""The desk in a browser: a call from ring to wrap-up through the simulator, and what stands in people's way."""

import pytest
from django.core.management import call_command
from django.utils.timezone import now
from playwright.sync_api import expect

from agents.models import Agent
from compliance.models import Consent
from conferences.models import Conference, Participant
from contactcenter.celery import app
from contacts.models import System
from ivr.management.commands.load_demo import simulator_config
from queues.models import Handling
from recordings.models import Recorder
from simulator.production import SIMULATED_ACCOUNT
from tests.browser.looking import barriers
from tests.contacts.factories import contact
from tests.live.serving import cookie_of, pages_and_streams
from tests.simulator.live import live_simulator
from tests.simulator.signing import KEY, KEYS, SECRET

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place(migrated, settings):
    """The demo company behind a server with streams, and a simulator that lets its pages be telephones."""
    app.loader.import_default_modules()  # so that tasks which are told by name run here too
    settings.CSRF_COOKIE_SECURE = settings.SESSION_COOKIE_SECURE = False
    settings.TWILIO_API_KEY, settings.TWILIO_API_SECRET = KEY, SECRET
    settings.TWILIO_ACCOUNT_SID = SIMULATED_ACCOUNT
    with pages_and_streams() as port:
        settings.PUBLIC_BASE_URL = f"http://127.0.0.1:{port}"
        options = {"api_keys": KEYS, "allowed_origin": settings.PUBLIC_BASE_URL, "gone_seconds": 15}
        token = settings.TWILIO_AUTH_TOKEN
        with live_simulator(account_sid=SIMULATED_ACCOUNT, auth_token=token, speed=3, **options) as live:
            settings.TWILIO_API_BASE_URL = settings.SIMULATOR_URL = live.url
            call_command("load_demo", verbosity=0)
            for number in simulator_config()["numbers"]:
                live.simulator.add_number(number.pop("number"), **number)
            yield live


@pytest.fixture
def desk(place, settings, browser, browser_context_args):
    """The first agent's desk, ready. The policy of the process was made before there was a simulator to allow."""
    context = browser.new_context(**(browser_context_args | {"bypass_csp": True}))
    agent = Agent.objects.get(user__username="agent")
    address = settings.PUBLIC_BASE_URL
    context.add_cookies([{"name": "sessionid", "value": cookie_of(agent.user), "url": address}])
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{address}/desk/")
    expect(page.locator("#phone-state")).to_contain_text("connected")
    page.keyboard.press("r")
    expect(page.locator("#panel-mine .state")).to_contain_text("Ready")
    yield page
    page.goto("about:blank")
    context.close()
    assert errors == []


def call_sales(place, *, consent="1"):
    """Somebody dials the main number and asks for sales. `consent` is the key by which they may be recorded, or not."""
    sid = place.post("/sim/dial", {"from": "+15005550120", "to": "+15005550100"}).json()["sid"]
    for words, key in (("For English, press 1", "1"), ("How can we help?", "1"), ("May we record", consent)):
        place.wait_for(lambda seen, words=words: words in heard(seen, sid))
        place.post(f"/sim/calls/{sid}/press", {"digits": key})
    return sid


def heard(snapshot, sid):
    return " ".join(one["text"] for leg in snapshot["legs"] if leg["sid"] == sid for one in leg["heard"])


def test_a_press_is_not_lost_when_the_panel_is_drawn_anew_under_the_finger(place, desk):
    call_sales(place)
    talk = desk.locator("#panel-talk")
    expect(talk).to_contain_text("Incoming call")
    talk.get_by_role("button", name="Answer").hover()

    desk.mouse.down()
    contact("Somebody Else", "+15005550120", at=now())
    with desk.expect_response(lambda response: response.url.endswith("/panels/talk")) as fetched:
        desk.evaluate("htmx.trigger('#panel-talk', 'refresh')")
    assert fetched.value.ok
    desk.wait_for_timeout(200)  # for the panel that must not be drawn
    desk.mouse.up()

    expect(talk).to_contain_text("You and the caller hear each other.")


def test_a_telephone_that_finds_nobody_asks_again_as_often_as_before_and_not_ever_more(place, desk):
    page, asked = desk.context.new_page(), []
    page.route("**/edge/register", lambda route: route.abort())
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/token") else None)
    page.clock.install()
    page.goto(desk.url)

    for _ in range(6):
        with page.expect_event("requestfailed"):
            page.clock.run_for(4_000)
        page.wait_for_timeout(100)  # for what else is asked at the same moment
    page.close()

    assert 5 <= len(asked) <= 8


def test_a_call_from_the_ring_through_a_reload_to_the_end_of_the_wrap_up(place, desk, settings):
    page_elsewhere = f"{settings.PUBLIC_BASE_URL}/healthz?person="
    System.objects.update(url_template=page_elsewhere + "{id}", embeds=True)
    contact("Caller 3", "+15005550120", at=now())
    sid = call_sales(place)
    talk, notes = desk.locator("#panel-talk"), desk.locator("#panel-paperwork textarea")

    expect(talk).to_contain_text("Incoming call")
    expect(talk).to_contain_text("+1 500-555-0120")
    expect(talk).to_contain_text("2 contacts have this number. Who is it?")
    assert barriers(desk) == []
    desk.keyboard.press("a")
    expect(talk).to_contain_text("You and the caller hear each other.")
    expect(desk.locator("#frame")).to_be_hidden()
    talk.get_by_role("button", name="It is Caller 1").click()
    expect(talk.locator(".who")).to_contain_text("Caller 1")
    expect(talk).to_contain_text("VIP")
    expect(desk.locator("#frame iframe")).to_have_attribute("src", f"{page_elsewhere}R-1001")
    desk.keyboard.press("h")
    expect(talk).to_contain_text("The caller is on hold, with music, and hears nobody.")
    desk.keyboard.press("n")
    notes.press_sequentially("Wants a red saddle")
    expect(desk.locator("#notes-saved")).to_have_text("Saved.")
    expect(notes).to_be_focused()
    assert barriers(desk) == []
    notes.press_sequentially(", soon")
    before = Conference.objects.get()

    desk.reload()
    expect(talk).to_contain_text("Your line broke. Your caller is still there.")
    expect(notes).to_have_value("Wants a red saddle, soon")
    assert barriers(desk) == []
    desk.keyboard.press("a")
    expect(talk).to_contain_text("You and the caller hear each other.")
    assert Conference.objects.get() == before
    assert Participant.objects.live().filter(call_sid=sid).exists()
    desk.keyboard.press("Shift+E")
    expect(desk.locator("#panel-paperwork")).to_contain_text("Wrap up")
    desk.locator("#disposition").select_option(label="Order taken")
    expect(desk.locator("#say-politely")).to_have_text("Saved.")
    desk.locator("#press-finish").click()

    expect(desk.locator("#panel-mine .state")).to_contain_text("Ready")
    handling = Handling.objects.get()
    assert handling.notes == "Wants a red saddle, soon"
    assert handling.disposition.name == "Order taken"
    assert handling.done_at is not None


def test_a_recording_is_paused_by_one_key_goes_on_by_it_and_ends_when_consent_is_taken_back(place, desk):
    sid = call_sales(place)
    expect(desk.locator("#panel-talk")).to_contain_text("Incoming call")
    desk.keyboard.press("a")
    sign, told = desk.locator("#recording-sign"), listen(desk)

    expect(sign).to_have_class("tape is-on")
    expect(sign).to_contain_text("Recording")
    assert statuses(place, sid) == ["in-progress"]
    assert barriers(desk) == []
    desk.keyboard.press("q")
    expect(sign).to_contain_text("Paused: card details")
    expect(sign).to_contain_text("Goes on by itself in 1:")
    told("Paused: card details. Paused by you.")
    assert statuses(place, sid) == ["paused"]
    assert barriers(desk) == []
    desk.keyboard.press("q")
    expect(sign).to_have_class("tape is-on")
    expect(sign.locator("#recording-words")).to_contain_text("Recording")
    assert statuses(place, sid) == ["in-progress"]
    desk.keyboard.press("y")
    expect(desk.locator("#dialog-withdraw")).to_be_visible()
    assert barriers(desk) == []
    desk.locator("#withdraw-send").click()
    expect(desk.locator("#dialog-withdraw")).to_be_hidden()
    expect(sign).to_contain_text("Not recorded: the caller does not want it")
    expect(desk.locator("#press-consent")).to_be_focused()
    desk.keyboard.press("Shift+E")
    expect(desk.locator("#panel-paperwork")).to_contain_text("Wrap up")

    (recorder,) = Recorder.objects.all()
    assert recorder.state == "stopped"
    assert [(pause.reason, pause.by.username) for pause in recorder.pauses.all()] == [("agent", "agent")]
    assert [one.answer for one in Consent.objects.order_by("at")] == ["agreed", "withdrawn"]
    (status,) = statuses(place, sid)
    assert status not in ("in-progress", "paused")  # stopped, and soon deleted at Twilio


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_who_refuses_is_not_recorded_and_the_sign_has_no_barriers_on_a_narrow_page(place, desk, scheme):
    desk.emulate_media(color_scheme=scheme)
    desk.set_viewport_size({"width": 400, "height": 720})
    call_sales(place, consent="2")
    expect(desk.locator("#panel-talk")).to_contain_text("Incoming call")

    desk.keyboard.press("a")

    expect(desk.locator("#recording-sign")).to_contain_text("Not recorded: the caller does not want it")
    expect(desk.locator("#press-consent")).to_contain_text("Caller agrees after all")
    assert barriers(desk) == []
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert Recorder.objects.count() == 0


def listen(page):
    """Collect what a screen reader is given to read, and give a function that waits until it was given a text."""
    page.evaluate("""() => {
        const region = document.getElementById("say-politely");
        window.told = [];
        new MutationObserver(() => window.told.push(region.textContent)).observe(region, { childList: true });
    }""")
    return lambda text: page.wait_for_function("(text) => window.told.some((one) => one.includes(text))", arg=text)


def statuses(place, sid):
    """Give how the recordings of a leg stand at Twilio."""
    return [one.status for one in place.simulator.recordings if one.leg.sid == sid]


def test_a_call_that_is_declined_is_not_rung_here_again_at_once(place, desk):
    call_sales(place)
    expect(desk.locator("#panel-talk")).to_contain_text("Incoming call")

    desk.keyboard.press("d")

    expect(desk.locator("#panel-talk")).to_contain_text("No call right now.")
    expect(desk.locator("#panel-mine .state")).to_contain_text("Ready")


def test_keys_do_nothing_while_somebody_types_or_has_switched_them_off(desk):
    desk.keyboard.press("?")
    desk.locator("#keys-on").uncheck()
    desk.keyboard.press("Escape")
    desk.locator("#choice-ready + button").click()
    expect(desk.locator("#panel-mine .state")).to_contain_text("Not ready")

    desk.keyboard.press("r")

    desk.wait_for_timeout(300)
    expect(desk.locator("#panel-mine .state")).to_contain_text("Not ready")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 640, 1440])  # 640: 1280 at twice the size
def test_the_page_has_no_barriers_and_never_scrolls_sideways(desk, scheme, width):
    desk.emulate_media(color_scheme=scheme)
    desk.set_viewport_size({"width": width, "height": 720})

    assert barriers(desk) == []
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_panel_that_cannot_be_fetched_says_so_and_comes_back(desk):
    desk.route("**/desk/panels/day", lambda route: route.abort())
    desk.evaluate("htmx.trigger('#panel-day', 'refresh')")
    expect(desk.locator("#panel-day .panel-stale")).to_contain_text("This is as it was at")
    expect(desk.locator("#link")).to_contain_text("No connection")

    desk.unroute("**/desk/panels/day")

    expect(desk.locator("#panel-day .panel-stale")).to_be_hidden()
    expect(desk.locator("#link")).to_have_text("Live")


def write_from_phone(phones, name, text):
    """Write a text at a phone of the simulator's page."""
    phone = phones.get_by_role("article", name=name, exact=True)
    if phone.get_by_label(f"Text that {name} writes").is_hidden():
        phone.locator(".texts-knob").click()
    phone.get_by_label(f"Text that {name} writes").fill(text)
    phone.get_by_label(f"Text that {name} writes").press("Enter")
    return phone


@pytest.fixture
def phones(place, desk):
    """The simulator's page with the phone of somebody who texts."""
    place.simulator.add_phone("+15005550120", name="Caller 1")
    page = desk.context.new_page()
    page.goto(place.url)
    yield page
    page.close()


def test_a_text_from_a_phone_is_answered_at_the_desk_and_the_phone_shows_it(place, desk, phones):
    texts = desk.locator("#panel-texts")
    phone = write_from_phone(phones, "Caller 1", "Is my bike ready?")

    expect(texts).to_contain_text("Caller 1")
    texts.get_by_role("button", name="Read and answer").click()
    expect(texts.locator(".said-text.is-theirs")).to_contain_text("Is my bike ready?")
    assert barriers(desk) == []
    texts.get_by_label("Answer").fill("Yes, come by until six – we are here.")
    expect(texts.locator("#text-cost")).to_contain_text("37 characters · 1 part")
    expect(texts.locator("#text-cost")).to_contain_text("because of –")
    texts.get_by_role("button", name="Send").click()

    expect(texts.locator(".said-text").last).to_contain_text("arrived")
    expect(phone).to_contain_text("Yes, come by until six – we are here.")
    expect(texts.get_by_label("Answer")).to_have_value("")
    write_from_phone(phones, "Caller 1", "Thank you!")
    expect(texts.locator(".said-text.is-theirs").last).to_contain_text("Thank you!")
    texts.get_by_role("button", name="Needs no answer").click()
    texts.get_by_role("button", name="Close").click()
    expect(texts).to_contain_text("Nobody waits for an answer.")


def test_a_number_is_texted_first_and_the_draft_outlives_the_news(place, desk, phones):
    texts = desk.locator("#panel-texts")
    texts.locator("#new-text-summary").click()
    texts.get_by_label("Telephone number").fill("500 555 0120")
    texts.get_by_label("Text", exact=True).fill("Your bike is ready.")
    expect(texts.locator("#new-text-cost")).to_contain_text("19 characters · 1 part")
    assert barriers(desk) == []

    place.simulator.add_phone("+15005550121", name="Caller 2")
    phones.reload()
    write_from_phone(phones, "Caller 2", "Hello?")
    expect(texts.get_by_role("button", name="Read and answer")).to_be_visible()
    expect(texts.get_by_label("Text", exact=True)).to_have_value("Your bike is ready.")
    texts.locator("#send-new-text").click()

    expect(texts.locator(".said-text")).to_contain_text("Your bike is ready.")
    phone = phones.get_by_role("article", name="Caller 1", exact=True)
    phone.locator(".texts-knob").click()
    expect(phone).to_contain_text("Your bike is ready.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_customer_of_a_call_is_texted_on_a_narrow_page_without_barriers(place, desk, phones, scheme):
    desk.emulate_media(color_scheme=scheme)
    desk.set_viewport_size({"width": 400, "height": 720})
    call_sales(place, consent="2")
    expect(desk.locator("#panel-talk")).to_contain_text("Incoming call")
    desk.keyboard.press("a")
    told = listen(desk)

    desk.locator("#text-from-talk").click()

    texts = desk.locator("#panel-texts")
    expect(texts).to_contain_text("No texts until now.")
    told("in the panel Texts.")
    texts.get_by_label("Text", exact=True).fill("Here is the address.")
    expect(texts.locator("#new-text-cost")).to_contain_text("1 part")
    assert barriers(desk) == []
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    texts.locator("#send-new-text").click()
    expect(texts.locator(".said-text")).to_contain_text("Here is the address.")
    assert barriers(desk) == []
