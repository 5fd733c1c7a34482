import json
import threading
import time
from base64 import b64encode

import pytest
import requests

from simulator.production import SIMULATED_ACCOUNT
from tests.patience import PATIENCE, until
from tests.simulator.live import live_simulator, twiml_app
from tests.simulator.signing import KEY, KEYS, SECRET, token

ORIGIN = "https://contact.example.com"
NUMBER, CALLER, CLIENT = "+15005550100", "+14155550100", "client:agent_ann"
DIAL = "<Response><Dial timeout='600'><Client>agent_ann</Client></Dial></Response>"


@pytest.fixture
def live():
    with (
        twiml_app({"/voice": DIAL}) as app,
        live_simulator(api_keys=KEYS, allowed_origin=ORIGIN, gone_seconds=PATIENCE, speed=5) as live,
    ):
        live.simulator.add_number(NUMBER, voice_url=f"{app.url}/voice")
        yield live


class Page:
    """A page with a browser phone: registers, and listens on a thread of its own."""

    def __init__(self, live):
        self.live = live
        self.events = []
        answer = self.ask("register", {"token": token(time.time())})
        assert answer.status_code == 200, answer.text
        self.key = answer.json()["device"]

    def ask(self, path, data, **headers):
        return requests.post(f"{self.live.url}/edge/{path}", data=json.dumps(data), headers=headers, timeout=PATIENCE)

    def press(self, sid, act, **more):
        return self.ask(f"calls/{sid}/{act}", {"device": self.key} | more)

    def listen(self, since=0):
        self.stream = self.live.get(f"/edge/events?device={self.key}&since={since}", stream=True)
        self.thread = threading.Thread(target=self._read, args=(self.stream,), daemon=True)
        self.thread.start()
        return self

    def _read(self, stream):
        try:
            for line in stream.iter_lines(chunk_size=1, decode_unicode=True):
                if line.startswith("data: "):
                    self.events.append(json.loads(line.removeprefix("data: ")))
        except (requests.RequestException, AttributeError):
            pass  # it was closed by the test

    def leave(self):
        self.stream.raw._fp.fp.raw._sock.shutdown(2)
        self.thread.join(PATIENCE)

    def wait_for(self, kind):
        return until(lambda: [event for event in self.events if event["type"] == kind], lambda: self.events)[-1]


def leg_is(live, sid, *statuses):
    return live.wait_for(lambda seen: any(leg["sid"] == sid and leg["status"] in statuses for leg in seen["legs"]))


def test_a_page_rings_talks_presses_and_hangs_up(live):
    page = Page(live).listen()
    inbound = live.simulator.dial(CALLER, NUMBER)
    sid = page.wait_for("incoming")["sid"]

    assert page.press(sid, "accept").status_code == 204
    page.wait_for("accept")
    assert page.press(sid, "say", text="Support, this is Ann").status_code == 204
    assert page.press(sid, "digits", digits="5").status_code == 204
    live.wait_for(lambda _: "Support, this is Ann" in live.simulator.leg(inbound).heard_text)
    assert page.press(sid, "hang-up").status_code == 204

    page.wait_for("disconnect")
    leg_is(live, sid, "completed")


def test_a_muted_page_is_not_heard(live):
    page = Page(live).listen()
    inbound = live.simulator.dial(CALLER, NUMBER)
    sid = page.wait_for("incoming")["sid"]
    page.press(sid, "accept")
    page.wait_for("accept")

    page.press(sid, "mute", muted=True)
    assert page.press(sid, "say", text="You cannot hear this").status_code == 204
    page.press(sid, "mute", muted=False)
    page.press(sid, "say", text="Now you can")

    live.wait_for(lambda _: "Now you can" in live.simulator.leg(inbound).heard_text)
    assert "cannot hear" not in live.simulator.leg(inbound).heard_text


def test_a_page_that_is_closed_hangs_up_after_a_while(live):
    page = Page(live).listen()
    live.simulator.dial(CALLER, NUMBER)
    sid = page.wait_for("incoming")["sid"]
    page.press(sid, "accept")
    page.wait_for("accept")

    live.forgets_after(0.1)
    page.leave()

    leg_is(live, sid, "completed")
    assert live.get(f"/edge/events?device={page.key}").status_code == 404


def test_a_page_that_says_good_bye_hangs_up_at_once(live):
    page = Page(live).listen()
    live.simulator.dial(CALLER, NUMBER)
    sid = page.wait_for("incoming")["sid"]
    page.press(sid, "accept")
    page.wait_for("accept")

    page.ask("forget", {"device": page.key})

    leg_is(live, sid, "completed")


def test_a_page_whose_stream_breaks_shortly_keeps_its_call_and_misses_nothing(live):
    page = Page(live).listen()
    live.simulator.dial(CALLER, NUMBER)
    sid = page.wait_for("incoming")["sid"]
    page.press(sid, "accept")
    last = page.wait_for("accept")["id"]

    page.leave()
    doors = live.server._edge
    until(lambda: page.key in doors._leaving)
    page.events.clear()
    page.listen(since=last)
    until(lambda: doors._streams[page.key])
    doors._forget(page.key)  # the time is over in which it had to come back

    assert live.simulator.leg(sid).status == "in-progress"
    assert all(event["id"] > last for event in page.events)
    page.leave()


def test_a_page_that_registers_and_never_listens_is_forgotten(live):
    live.forgets_after(0.1)
    page = Page(live)

    live.wait_for(lambda seen: not seen["clients"])
    assert page.press("CA" + "0" * 32, "accept").status_code == 404


def test_a_bad_token_is_answered_with_the_sdks_code(live):
    answer = live.post("/edge/register", {"token": token(time.time() - 900)})

    assert answer.status_code == 401
    assert answer.json() == {"code": 20104, "message": "The token has expired"}


def test_what_a_call_has_no_button_for_is_refused(live):
    page = Page(live).listen()
    live.simulator.dial(CALLER, NUMBER)
    sid = page.wait_for("incoming")["sid"]
    page.press(sid, "accept")

    assert page.press(sid, "juggle").status_code == 404
    assert page.press(sid, "digits", digits="x").status_code == 409
    assert live.get(f"/edge/events?device={page.key}&since=x").status_code == 400
    assert page.ask("register", []).status_code == 400


def test_pages_of_the_allowed_origin_may_be_phones_and_nothing_else(live):
    registered = live.post("/edge/register", {"token": token(time.time())}, headers={"Origin": ORIGIN})
    asked = requests.options(f"{live.url}/edge/register", headers={"Origin": ORIGIN}, timeout=PATIENCE)

    assert registered.status_code == 200
    assert registered.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert registered.headers["Vary"] == "Origin"
    assert asked.status_code == 204
    assert asked.headers["Access-Control-Allow-Headers"] == "Content-Type"
    for path in ("/sim/snapshot", "/", f"/2010-04-01/Accounts/{SIMULATED_ACCOUNT}/Calls.json"):
        assert live.get(path, headers={"Origin": ORIGIN}).status_code == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "https://contact.example.com.evil.example"])
def test_pages_of_other_origins_may_not_be_phones(live, origin):
    answer = live.post("/edge/register", {"token": token(time.time())}, headers={"Origin": origin})

    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_the_api_key_that_signs_tokens_opens_the_rest_api(live):
    path = f"/2010-04-01/Accounts/{SIMULATED_ACCOUNT}/Calls.json"
    shown = {
        name: b64encode(f"{KEY}:{secret}".encode()).decode() for name, secret in (("right", SECRET), ("wrong", "x"))
    }

    assert live.get(path, headers={"Authorization": f"Basic {shown['right']}"}).status_code == 200
    assert live.get(path, headers={"Authorization": f"Basic {shown['wrong']}"}).status_code == 401


def test_bad_sound_can_be_made_for_a_browser_phone(live):
    page = Page(live).listen()
    live.simulator.dial(CALLER, NUMBER)
    sid = page.wait_for("incoming")["sid"]
    assert live.post(f"/sim/calls/{sid}/warn", {"name": "high-rtt"}).status_code == 404
    page.press(sid, "accept")
    page.wait_for("accept")

    assert live.post(f"/sim/calls/{sid}/warn", {"name": "high-rtt"}).status_code == 204

    assert page.wait_for("warning")["name"] == "high-rtt"
