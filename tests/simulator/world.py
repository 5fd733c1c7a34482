"""A simulator on a virtual clock beside an application of a few documents."""

import math
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from simulator.simulator import Habit, HttpReply, HttpRequest, Leg, Simulator, VirtualClock

ACCOUNT = "AC" + "0" * 32
TOKEN = "not-a-real-token"
COMPANY = "+14155550100"
CALLER = "+14155550199"
ANN, BOB = "+14155550111", "+14155550122"
BASE = "https://app.example.com"

Made = str | HttpReply | Exception
Maker = Made | list[Made] | Callable[[HttpRequest], Made]


class ToneVoice:
    """Speaks a hum, as long as Twilio's voice would take."""

    def speech(self, text: str) -> bytes:
        count = round(len(text) / 15 * 8000)
        return struct.pack(f"<{count}h", *(int(8000 * math.sin(i * 0.35)) for i in range(count)))

    def mp3(self, wav: bytes) -> bytes:
        return b"ID3" + wav


def xml(text: str, status: int = 200) -> HttpReply:
    return HttpReply(status, (("Content-Type", "text/xml"),), text.encode())


@dataclass
class App:
    """Answers by path: a document, a reply, an exception to raise, a list of these in order, or a function."""

    pages: dict[str, Any] = field(default_factory=dict)
    requests: list[HttpRequest] = field(default_factory=list)

    def send(self, request: HttpRequest, timeout: float) -> HttpReply:
        self.requests.append(request)
        made = self.pages.get(urlsplit(request.url).path, HttpReply(204))
        if callable(made):
            made = made(request)
        if isinstance(made, list):
            made = made.pop(0) if len(made) > 1 else made[0]
        if isinstance(made, Exception):
            raise made
        return xml(made) if isinstance(made, str) else made

    def asked(self, path: str) -> list[dict[str, str]]:
        """The fields of each request for a path, in order."""
        return [fields_of(request) for request in self.requests if urlsplit(request.url).path == path]

    def paths(self) -> list[str]:
        return [urlsplit(request.url).path for request in self.requests]


def fields_of(request: HttpRequest) -> dict[str, str]:
    text = request.body.decode() if request.method == "POST" else urlsplit(request.url).query
    return dict(parse_qsl(text, keep_blank_values=True))


@dataclass
class World:
    sim: Simulator
    app: App
    clock: VirtualClock

    def page(self, path: str, *inside: str) -> None:
        """Answer a path with verbs; with several, one after the other."""
        documents = [f"<Response>{verbs}</Response>" for verbs in inside]
        self.app.pages[path] = documents if len(documents) > 1 else documents[0]

    def call(self, voice: str = "", caller: str = CALLER) -> Leg:
        """Let somebody call the company, whose number answers with these verbs."""
        if voice:
            self.page("/voice", voice)
        return self.sim.leg(self.sim.dial(caller, COMPANY))

    def phone(self, address: str, answers: Any = "asks", after: float = 2.0) -> None:
        self.sim.add_phone(address, habit=Habit(answers, after))

    def codes(self) -> list[int]:
        return [found.code for found in self.sim.violations]

    def elapsed(self) -> float:
        return (self.clock.now() - VirtualClock().now()).total_seconds()


def world(*, account_sid: str = ACCOUNT, **options: Any) -> World:
    app, clock = App(), VirtualClock()
    sim = Simulator(account_sid=account_sid, auth_token=TOKEN, transport=app, clock=clock, voice=ToneVoice(), **options)
    sim.add_number(COMPANY, voice_url=f"{BASE}/voice", status_callback=f"{BASE}/status")
    return World(sim, app, clock)


def pick(fields: dict[str, str], *names: str) -> dict[str, str]:
    return {name: fields[name] for name in names if name in fields}


def statuses(fields: Iterable[dict[str, str]]) -> list[str]:
    return [entry["CallStatus"] for entry in fields]
