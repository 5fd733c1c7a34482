"""The stand-in for Twilio's Voice SDK, in a page of another origin with a strict policy, at a live simulator."""

import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.patience import until
from tests.simulator.live import live_simulator, twiml_app
from tests.simulator.signing import KEYS, token

pytestmark = pytest.mark.browser

STATIC = Path(__file__).parents[2] / "static"
NUMBER, CALLER, CLIENT = "+15005550100", "+14155550100", "client:agent_ann"
DIAL = "<Dial timeout='60'><Client>agent_ann<Parameter name='call' value='7'/></Client></Dial><Pause length='60'/>"
PAGE = '<!doctype html><html lang="en"><title>Desk</title><script type="module" src="/page.js"></script><main></main>'
SCRIPT = """
import { Device } from "/js/phone/standin.js";
import { captions } from "/js/phone/captions.js";
window.news = [];
const DEVICE = ["registered", "unregistered", "tokenWillExpire", "destroyed"];
const CALL = ["accept", "cancel", "disconnect", "reject", "reconnecting", "reconnected", "warning", "warning-cleared"];
window.start = async (token, simulatorUrl, options = {}) => {
  const device = (window.device = new Device(token, { simulatorUrl, ...options }));
  for (const event of DEVICE) device.on(event, () => news.push(event));
  device.on("error", (error) => news.push(`error ${error.code}`));
  device.on("incoming", (call) => {
    window.call = call;
    news.push("incoming");
    for (const event of CALL)
      call.on(event, (what) => news.push(typeof what === "string" ? `${event} ${what}` : event));
    call.on("mute", (muted) => news.push(`mute ${muted}`));
    call.on("volume", (input, output) => (window.volume = [input, output]));
  });
  document.querySelector("main").replaceChildren(captions(device));
  await device.register().catch(() => {});
};
"""


@pytest.fixture
def desk(page):
    """An origin that serves a page with the stand-in, beside a simulator that allows it."""
    policy = {}

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self):
            made = {"/": ("text/html", PAGE), "/page.js": ("text/javascript", SCRIPT)}.get(self.path)
            if made is None:
                super().do_GET()
                return
            self.send_response(200)
            self.send_header("Content-Type", made[0])
            self.send_header("Content-Security-Policy", policy["is"])
            self.end_headers()
            self.wfile.write(made[1].encode())

        def log_message(self, *args):
            pass

    web = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(STATIC)))
    threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    origin = f"http://127.0.0.1:{web.server_address[1]}"
    with (
        twiml_app({"/voice": f"<Response>{DIAL}</Response>"}) as app,
        live_simulator(api_keys=KEYS, allowed_origin=origin, gone_seconds=15) as live,
    ):
        live.simulator.add_number(NUMBER, voice_url=f"{app.url}/voice")
        policy["is"] = f"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' {live.url}"
        complaints = []
        page.on("console", lambda message: "Security Policy" in message.text and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(origin)
        yield Desk(page, live)
        assert complaints == []
    web.shutdown()
    web.server_close()


class Desk:
    def __init__(self, page, live):
        self.page, self.live = page, live

    def start(self, seconds=600, **options):
        self.until("window.start !== undefined")
        self.page.evaluate(
            "([token, url, options]) => start(token, url, options)",
            [token(time.time(), seconds=seconds), self.live.url, options],
        )
        return self

    def told(self, *news):
        """Wait until the page has been told these, in this order."""
        self.until(f"JSON.stringify(news) === {_json(news)!r}")

    def until(self, true):
        """Wait until this is true in the page; Playwright's own waiting is an eval that the policy forbids."""
        until(lambda: self.page.evaluate(true), lambda: self.page.evaluate("window.news"))

    def ring(self):
        self.inbound = self.live.simulator.dial(CALLER, NUMBER)
        self.until("window.call !== undefined && call.status() === 'pending'")

    def leg(self):
        return self.live.simulator.legs(CLIENT)[-1]

    def ends(self, status):
        self.live.wait_for(lambda _: self.leg().status == status)


def _json(news):
    return "[" + ",".join(f'"{one}"' for one in news) + "]"


def test_a_call_rings_is_taken_and_talked_in_and_ended(desk):
    desk.start().ring()
    page = desk.page
    assert page.evaluate("[call.parameters.From, call.parameters.CallSid, call.customParameters.get('call')]") == [
        CALLER, desk.leg().sid, "7",
    ]  # fmt: skip

    page.evaluate("call.accept()")
    desk.told("registered", "incoming", "accept")
    assert page.evaluate("[call.status(), device.isBusy]") == ["open", True]
    desk.live.simulator.speak(desk.inbound, "Hello, it is about my order")
    expect(page.get_by_role("log")).to_contain_text("They: Hello, it is about my order")
    page.get_by_role("textbox", name="Words to say").fill("Let me look")
    page.get_by_role("button", name="Say").click()
    desk.live.wait_for(lambda _: "Let me look" in desk.live.simulator.leg(desk.inbound).heard_text)
    desk.until("window.volume !== undefined")
    page.evaluate("call.mute(true); call.mute(false); call.sendDigits('5'); call.disconnect()")

    desk.told("registered", "incoming", "accept", "mute true", "mute false", "disconnect")
    desk.ends("completed")
    assert page.evaluate("[call.status(), device.calls.length]") == ["closed", 0]


def test_a_microphone_is_heard(desk):
    desk.start().ring()
    desk.page.evaluate("call.accept()")
    desk.told("registered", "incoming", "accept")

    desk.page.get_by_role("button", name="Talk").click()

    desk.live.wait_for(lambda _: desk.leg().said)
    desk.page.get_by_role("button", name="Stop talking").click()


def test_a_refused_call_is_declined_for_the_caller(desk):
    desk.start().ring()

    desk.page.evaluate("call.reject()")

    desk.told("registered", "incoming", "reject")
    desk.ends("busy")


def test_a_caller_who_leaves_cancels_the_ringing_and_one_who_hangs_up_ends_the_call(desk):
    desk.start().ring()
    desk.live.simulator.hang_up(desk.inbound)
    desk.told("registered", "incoming", "cancel")

    desk.ring()
    desk.page.evaluate("call.accept()")
    desk.told("registered", "incoming", "cancel", "incoming", "accept")
    desk.live.simulator.hang_up(desk.inbound)

    desk.told("registered", "incoming", "cancel", "incoming", "accept", "disconnect")


def test_a_page_that_is_reloaded_loses_its_call_and_registers_again(desk):
    desk.start().ring()
    desk.page.evaluate("call.accept()")
    desk.told("registered", "incoming", "accept")

    desk.page.reload()

    desk.ends("completed")
    desk.start().told("registered")


def test_a_token_that_is_refused_or_runs_out_is_an_error_and_a_newer_one_helps(desk):
    refused = ["error 20104", "unregistered"]
    desk.start(seconds=-5).told(*refused)
    desk.page.evaluate("(token) => device.updateToken(token)", token(time.time(), seconds=2))
    desk.told(*refused, "registered", "tokenWillExpire", *refused)

    desk.page.evaluate("(token) => device.updateToken(token)", token(time.time()))

    desk.told(*refused, "registered", "tokenWillExpire", *refused, "registered")
    desk.ring()


def test_a_token_that_is_shown_twice_at_once_makes_one_phone(desk):
    desk.start()
    desk.live.simulator.edge.forget(next(iter(desk.live.simulator.edge._devices)))
    desk.until("device.state === 'unregistered'")

    desk.page.evaluate("(token) => { device.updateToken(token); return device.register(); }", token(time.time()))

    assert [client["devices"] for client in desk.live.snapshot()["clients"]] == [1]


def test_bad_sound_is_a_warning(desk):
    desk.start().ring()
    desk.page.evaluate("call.accept()")
    desk.told("registered", "incoming", "accept")

    desk.live.post(f"/sim/calls/{desk.leg().sid}/warn", {"name": "high-rtt"})
    desk.live.post(f"/sim/calls/{desk.leg().sid}/warn", {"name": "high-rtt", "cleared": True})

    desk.told("registered", "incoming", "accept", "warning high-rtt", "warning-cleared high-rtt")


def test_a_call_survives_a_stream_that_breaks_and_is_lost_with_the_registration(desk):
    desk.start().ring()
    desk.page.evaluate("call.accept()")
    desk.told("registered", "incoming", "accept")

    desk.live.post(f"/sim/calls/{desk.leg().sid}/interrupt")
    desk.told("registered", "incoming", "accept", "reconnecting", "reconnected")
    assert desk.leg().status == "in-progress"

    desk.live.simulator.edge.forget(next(iter(desk.live.simulator.edge._devices)))
    desk.until("news.includes('disconnect') && news.at(-1) === 'registered'")


def test_a_device_that_is_destroyed_ends_its_call(desk):
    desk.start().ring()
    desk.page.evaluate("call.accept()")
    desk.told("registered", "incoming", "accept")

    desk.page.evaluate("device.destroy()")

    desk.told("registered", "incoming", "accept", "disconnect", "destroyed")
    desk.ends("completed")
