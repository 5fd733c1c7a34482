import base64
import re
import time

import pytest
from playwright.sync_api import expect

from simulator.legs import Source
from simulator.recordings import Wish
from simulator.ringing import originate
from tests.browser.sounds import length
from tests.simulator.live import live_simulator, twiml_app
from tests.simulator.signing import KEYS, token

pytestmark = pytest.mark.browser

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
NUMBER, CALLER, DESK = "+15005550100", "+14155550100", "client:desk"

DOCUMENTS = {
    "/voice": (
        '<Response><Gather numDigits="1" timeout="60" action="/chosen" input="dtmf speech" speechTimeout="1">'
        '<Say language="en-US">Welcome. Press one for sales.</Say></Gather></Response>'
    ),
    "/chosen": "<Response><Say>One moment.</Say><Dial timeout='60'><Client>desk</Client></Dial></Response>",
    "/wait": "<Response><Say>Please wait.</Say><Pause length='60'/></Response>",
    "/broken": "<Response><Say vioce='alice'>Hello there.</Say><Pause length='60'/></Response>",
    "/message": "<Response><Record action='/thanks' timeout='30' maxLength='60'/></Response>",
    "/thanks": "<Response><Say>Thank you.</Say></Response>",
}


@pytest.fixture
def app():
    with twiml_app(DOCUMENTS) as app:
        yield app


@pytest.fixture
def live(app):
    with live_simulator(admin_url="http://127.0.0.1:8000/admin/", api_keys=KEYS) as live:
        live.simulator.add_number(NUMBER, voice_url=f"{app.url}/voice", friendly_name="Main line")
        live.simulator.add_phone(CALLER, name="Caller")
        live.simulator.add_phone(DESK, name="Front desk")
        yield live


@pytest.fixture
def shown(page, live):
    """The page, and a complaint about anything that the browser itself complained about."""
    complaints = []
    page.on("console", lambda message: message.type in ("error", "warning") and complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(live.url)
    expect(phone(page, "Caller")).to_be_visible()
    yield page
    assert complaints == []


def phone(page, name):
    return page.get_by_role("article", name=name, exact=True)


def exchange(page, path):
    return page.locator(".turn", has=page.locator(".what", has_text=re.compile(rf"{path}$")))


def test_a_call_is_dialled_heard_pressed_rung_and_answered(shown):
    caller, desk = phone(shown, "Caller"), phone(shown, "Front desk")

    caller.get_by_role("button", name="Main line").click()
    expect(caller).to_contain_text("Press one for sales.")
    shown.keyboard.press("1")
    expect(desk).to_contain_text("Incoming call")
    expect(shown.get_by_role("alert").filter(has_text="Front desk is ringing")).to_be_attached()
    desk.get_by_role("button", name="Answer").click()

    expect(caller).to_contain_text("One moment.")
    expect(desk.locator(".strip-who")).to_have_text("Caller")
    expect(exchange(shown, "/chosen")).to_contain_text("Digits=1 → Say · Dial (Client)")
    expect(exchange(shown, "/voice").locator(".code")).to_contain_text('<Gather numDigits="1"')

    desk.get_by_role("combobox").fill("Good morning")
    desk.get_by_role("combobox").press("Enter")
    expect(caller).to_contain_text("Good morning")
    caller.get_by_role("button", name="Hang up").click()
    expect(caller).to_contain_text("Call ended")
    expect(desk).to_contain_text("Call ended")


def test_the_keypad_builds_a_number_while_nobody_talks(shown):
    caller = phone(shown, "Caller")
    line = caller.get_by_role("textbox", name="Number that Caller calls")
    expect(line).to_have_value(NUMBER)
    line.fill("+1500555")

    for key in "0100":
        caller.get_by_role("button", name=key, exact=True).click()
    caller.get_by_role("button", name="Call", exact=True).click()

    expect(caller).to_contain_text("Press one for sales.")


def test_a_declined_call_says_so_on_the_phone(shown):
    caller, desk = phone(shown, "Caller"), phone(shown, "Front desk")
    caller.get_by_role("button", name="Main line").click()
    expect(caller).to_contain_text("Press one for sales.")

    caller.get_by_role("combobox").fill("sales please")
    caller.get_by_role("combobox").press("Enter")
    desk.get_by_role("button", name="Decline").click()

    expect(exchange(shown, "/chosen")).to_contain_text("SpeechResult=sales please")
    expect(desk).to_contain_text("Busy")
    desk.get_by_role("button", name="Close this call").click()
    expect(desk).to_contain_text("Ready")


def test_a_violation_is_flagged_with_twilios_code_and_words(shown, live, app):
    live.simulator.add_number("+15005550102", voice_url=f"{app.url}/broken", friendly_name="Broken line")

    live.simulator.dial(CALLER, "+15005550102")

    turn = exchange(shown, "/broken")
    expect(turn.locator(".violation")).to_contain_text("12200")
    expect(turn.locator(".violation")).to_contain_text("vioce")
    expect(turn.locator(".violation .icon")).to_be_visible()
    expect(shown.locator(".wire-tabs [data-problems]")).to_have_text("1")
    shown.get_by_role("button", name="Problems", exact=True).click()
    expect(shown.locator(".turn:visible")).to_have_count(1)


def test_exchanges_are_filtered_by_kind_and_by_call_and_cleared(shown):
    phone(shown, "Caller").get_by_role("button", name="Main line").click()
    turn = exchange(shown, "/voice")
    expect(turn).to_be_visible()

    turn.get_by_text("Request with").click()
    expect(turn.locator("tr", has_text="CallStatus")).to_contain_text("ringing")
    shown.get_by_role("button", name="TwiML", exact=True).click()
    expect(turn).to_be_hidden()
    expect(shown.get_by_text("No request fits the filters above.")).to_be_visible()
    shown.get_by_role("button", name="TwiML", exact=True).click()
    shown.get_by_label("Which call").select_option(index=1)
    expect(turn).to_be_visible()
    shown.get_by_role("button", name="Clear").click()
    expect(shown.get_by_text("Nothing said yet")).to_be_visible()


def test_a_message_is_recorded_and_can_be_played(shown, live, app):
    live.simulator.add_number("+15005550103", voice_url=f"{app.url}/message", friendly_name="Voicemail")
    caller = phone(shown, "Caller")
    live.simulator.dial(CALLER, "+15005550103")
    expect(caller.locator(".doing")).to_contain_text("recording")

    caller.get_by_role("combobox").fill("Yes, please.")
    caller.get_by_role("combobox").press("Enter")
    expect(caller).to_contain_text("Yes, please.")
    shown.wait_for_timeout(1500)  # for as long as it takes to say
    caller.get_by_role("button", name="hash").click()
    expect(caller).to_contain_text("Thank you.")
    shown.get_by_role("group", name="Show").get_by_role("button", name="Recordings").click()

    player = shown.locator("#recordings audio")
    expect(player).to_be_visible()
    assert length(player) > 0.5


def test_a_phone_whose_call_is_recorded_says_so_and_the_list_says_when_none_is(shown, live, app):
    app.documents["/long"] = "<Response><Pause length='1'/><Say>Hello.</Say><Pause length='60'/></Response>"
    live.simulator.add_number("+15005550106", voice_url=f"{app.url}/long", friendly_name="Long line")
    shown.locator(".wire-tabs").get_by_role("button", name="Recordings").click()
    sign, total = phone(shown, "Caller").locator(".recorded"), shown.locator("#recordings-sum")
    expect(total).to_have_text("Nothing is being recorded · no audio is kept.")
    live.simulator.dial(CALLER, "+15005550106")
    expect(phone(shown, "Caller")).to_contain_text("Hello.")
    expect(sign).to_be_empty()

    board = live.simulator._board
    with live.simulator.clock.lock:
        leg = live.simulator.legs(CALLER)[-1]
        recording = board.recorder.start(leg, Wish(source="StartCallRecordingAPI"))
    expect(sign).to_have_text("Recording")
    expect(sign.locator(".icon-record")).to_be_visible()
    expect(total).to_contain_text("1 being recorded")
    shown.wait_for_timeout(700)  # what is shorter than half a second is nothing

    with live.simulator.clock.lock:
        board.recorder.pause(recording, skip=False)
    expect(sign).to_have_text("Recording: Paused")
    expect(shown.locator("#recordings li")).to_contain_text("Paused")
    expect(total).to_have_text("Nothing is being recorded · 1 paused · no audio is kept.")

    with live.simulator.clock.lock:
        board.recorder.finish(recording, "stopped")
    expect(sign).to_be_empty()
    expect(total).to_have_text("Nothing is being recorded · audio of 1 is kept.")
    with live.simulator.clock.lock:
        board.recorder.delete(recording)
    expect(total).to_have_text("Nothing is being recorded · no audio is kept · 1 deleted.")


def test_who_speaks_into_the_microphone_is_recorded_and_not_taken_for_silent(shown, live, app):
    app.documents["/patient"] = "<Response><Record action='/thanks' timeout='4' maxLength='60'/></Response>"
    live.simulator.add_number("+15005550103", voice_url=f"{app.url}/patient", friendly_name="Voicemail")
    caller = phone(shown, "Caller")
    live.simulator.dial(CALLER, "+15005550103")
    expect(caller.locator(".doing")).to_contain_text("recording")

    caller.get_by_role("button", name="Speak into the microphone").click()
    expect(caller).to_contain_text("Speaking into the microphone")
    shown.wait_for_timeout(5500)  # longer than the silence that ends the message
    caller.get_by_role("button", name="Stop speaking into the microphone").click()

    expect(caller).to_contain_text("Thank you.")
    recording = live.wait_for(lambda snapshot: [each for each in snapshot["recordings"] if each["duration"]])[0]
    assert recording["duration"] >= 2


def test_a_reloaded_page_shows_both_sides_of_the_conversation(shown):
    caller = phone(shown, "Caller")
    caller.get_by_role("button", name="Main line").click()
    expect(caller).to_contain_text("Press one for sales.")
    caller.get_by_role("combobox").fill("sales please")
    caller.get_by_role("combobox").press("Enter")
    expect(caller).to_contain_text("sales please")

    shown.reload()

    expect(caller.locator(".bubble.mine")).to_have_text("sales please")
    expect(caller).to_contain_text("Press one for sales.")


def test_an_answer_that_is_no_xml_is_shown_as_it_came(shown, live, app):
    app.documents["/none"] = "<Response><Say>Hello</Response>"
    live.simulator.add_number("+15005550104", voice_url=f"{app.url}/none", friendly_name="Torn line")

    live.simulator.dial(CALLER, "+15005550104")

    turn = exchange(shown, "/none")
    expect(turn.locator(".violation")).to_contain_text("12100")
    expect(turn.locator(".code")).to_have_text("<Response><Say>Hello</Response>")


def test_a_phone_is_added_and_busy_when_it_is_told_to_be(shown, live):
    shown.get_by_role("button", name="Add phone").click()
    dialog = shown.get_by_role("dialog", name="Add a phone")
    dialog.get_by_role("button", name="Add phone").click()
    expect(dialog).to_contain_text("Give the phone an address.")

    dialog.get_by_label("Address").fill("+1 (415) 555-0177")
    dialog.get_by_label("Name").fill("Workshop")
    dialog.get_by_role("button", name="Add phone").click()
    expect(phone(shown, "Workshop")).to_contain_text("+1 415 555 0177")
    phone(shown, "Workshop").get_by_label("If Workshop is called").select_option("busy")

    live.wait_for(
        lambda snapshot: any(
            each["address"] == "+14155550177" and each["habit"] == "busy" for each in snapshot["phones"]
        )
    )


def test_a_text_is_written_answered_and_counted(shown, live, app):
    app.documents["/text"] = "<Response><Message>We open at nine.</Message></Response>"
    live.simulator.add_number(
        NUMBER, voice_url=f"{app.url}/voice", sms_url=f"{app.url}/text", friendly_name="Main line"
    )
    caller = phone(shown, "Caller")
    caller.get_by_role("button", name="Texts").click()
    expect(caller.get_by_text("No texts yet")).to_be_visible()

    caller.get_by_label("Text that Caller writes").fill("When do you open?")
    caller.locator("input[type=file][multiple]").set_input_files(
        {"name": "cat.png", "mimeType": "image/png", "buffer": PNG}
    )
    expect(caller.get_by_role("list", name="Pictures to send")).to_contain_text("cat.png")
    caller.get_by_role("button", name="Send", exact=True).click()

    log = caller.get_by_role("log", name="What Caller writes and gets")
    expect(log).to_contain_text("When do you open?")
    expect(log.get_by_role("img", name="Picture 1 from Caller")).to_be_visible()
    expect(log.locator(".bubble:not(.mine)")).to_have_text("We open at nine.")
    expect(exchange(shown, "/text")).to_contain_text("Body=When do you open? → Message")
    caller.get_by_role("button", name="Texts").click()
    live.simulator.text(CALLER, NUMBER, "Thanks")
    expect(caller.get_by_role("button", name="Texts, 1 new")).to_be_visible()
    expect(shown.get_by_role("alert").filter(has_text="Caller has got a text")).to_be_attached()


def test_a_phone_may_be_a_landline_and_a_call_closes_its_texts(shown, live):
    caller, desk = phone(shown, "Caller"), phone(shown, "Front desk")
    expect(desk.get_by_role("button", name="Texts")).to_be_hidden()
    caller.get_by_role("button", name="Texts").click()
    caller.get_by_label("Texts to Caller").select_option("landline")

    expect(caller.get_by_label("Text that Caller writes")).to_be_disabled()
    live.wait_for(lambda snapshot: any(each["texts"] == "landline" for each in snapshot["phones"]))

    board = live.simulator._board
    with live.simulator.clock.lock:
        leg = board.new_leg(NUMBER, CALLER, "outbound-api", phone=CALLER)
        originate(board, leg, iter(()), timeout=30)
    expect(caller).to_contain_text("Incoming call")
    expect(caller.get_by_label("Texts to Caller")).to_be_hidden()


def test_a_machine_answers_when_it_is_told_to(shown, live):
    phone(shown, "Caller").get_by_label("If Caller is called").select_option("A machine answers")

    live.wait_for(
        lambda snapshot: any((each["habit"], each["by"]) == ("answers", "machine") for each in snapshot["phones"])
    )


def test_faults_are_set_in_percent_and_counted(shown, live):
    shown.get_by_role("button", name="Faults").click()
    dialog = shown.get_by_role("dialog", name="Faults")
    dialog.get_by_label("Lost").fill("25")
    dialog.get_by_role("button", name="Apply").click()

    expect(shown.locator("#faults-on")).to_have_text("1")
    assert live.simulator.faults.drop == 0.25


def test_the_page_says_when_the_simulator_has_gone(page, app):
    with live_simulator() as live:
        page.goto(live.url)
        expect(page.get_by_text("Ready", exact=True).first).to_be_visible()

    expect(page.get_by_role("alert").filter(has_text="does not answer")).to_be_visible()


def test_a_narrow_page_shows_one_view_at_a_time_and_never_scrolls_sideways(shown):
    shown.set_viewport_size({"width": 390, "height": 844})
    views = shown.get_by_role("navigation", name="Views")

    expect(phone(shown, "Caller")).to_be_visible()
    views.get_by_role("button", name="Exchange").click()
    expect(phone(shown, "Caller")).to_be_hidden()
    expect(shown.get_by_text("Nothing said yet")).to_be_visible()
    for width in (390, 320):
        shown.set_viewport_size({"width": width, "height": 844})
        assert shown.evaluate("document.documentElement.scrollWidth") <= width


def test_the_admin_is_one_click_away(shown):
    expect(shown.get_by_role("link", name="Admin")).to_have_attribute("href", "http://127.0.0.1:8000/admin/")


def test_rooms_show_who_hears_whom_and_queues_who_waits(shown, app, live):
    app.documents |= {
        "/room": "<Response><Dial><Conference>room</Conference></Dial></Response>",
        "/listen": "<Response><Dial><Conference muted='true'>room</Conference></Dial></Response>",
        "/queue": "<Response><Enqueue waitUrl='/wait'>support</Enqueue></Response>",
    }
    people = {"Ann": "/room", "Bob": "/room", "Eve": "/listen", "Zoe": "/queue"}
    rooms = shown.get_by_role("list", name="Conferences and queues")
    shown.locator(".wire-tabs").get_by_role("button", name="Rooms").click()
    for index, (name, path) in enumerate(people.items()):
        caller, number = f"+1415555012{index}", f"+1500555011{index}"
        live.simulator.add_number(number, voice_url=f"{app.url}{path}")
        live.simulator.add_phone(caller, name=name)
        live.simulator.dial(caller, number)
        expect(rooms.locator("li li")).to_have_count(index + 1)

    expect(rooms.locator("li li", has_text=re.compile("^Ann"))).to_contain_text("Hears Bob")
    expect(rooms.locator("li li", has_text=re.compile("^Eve"))).to_contain_text("Hears Ann, Bob · muted")
    expect(rooms.locator("li li", has_text="1. Zoe")).to_contain_text("Since")
    expect(shown.get_by_text("Nobody is in a room")).to_be_hidden()


def test_rooms_show_who_coaches_whom_and_who_is_on_hold_and_the_browser_phones(shown, app, live):
    rooms = shown.get_by_role("list", name="Conferences and queues")
    shown.locator(".wire-tabs").get_by_role("button", name="Rooms").click()

    def join(name, last, attributes=""):
        caller, number = f"+141555501{last}", f"+150055501{last}"
        app.documents[f"/{name}"] = f"<Response><Dial><Conference {attributes}>room</Conference></Dial></Response>"
        live.simulator.add_number(number, voice_url=f"{app.url}/{name}")
        live.simulator.add_phone(caller, name=name)
        sid = live.simulator.dial(caller, number)
        expect(person(name)).to_be_visible()
        return sid

    def person(name):
        return rooms.locator("li li", has_text=re.compile(f"^{name}"))

    join("Zoe", 21, "participantLabel='customer'")
    agent = join("Ann", 22)
    join("Eve", 23, f"coach='{agent}'")
    held = join("Max", 24)
    board = live.simulator._board
    seat = next(one for one in board.conferences.live()[0].participants if one.sid == held)
    with live.simulator.clock.lock:
        board.conferences.hold(seat, True, Source())
    live.simulator.edge.register(token(time.time()))

    expect(person("Zoe")).to_contain_text("Hears Ann · labeled customer")
    expect(person("Ann")).to_contain_text("Hears Zoe, Eve")
    expect(person("Eve")).to_contain_text("Hears Zoe, Ann · heard by Ann alone")
    expect(person("Max")).to_contain_text("Hears nobody · on hold")
    expect(person("client:agent_ann")).to_contain_text("On one page")
