"""A company's telephones in one process: the simulator's phones, our application behind them, and one clock.

What the simulator sends goes through Django's test client, signed and all, and tasks run when the request's transaction
is over. What our tasks ask of Twilio goes to the simulator's REST. Time is the simulator's for everybody: the fixture
`desk` lets Django's own `timezone.now` tell it.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.db import connection
from django.test import Client, TestCase

import calls.tasks
import conferences.tasks
import ivr.tasks
import messaging.tasks
import outbound.tasks
import recordings.tasks
from calls.models import Call, CallEvent
from ivr.models import Visit
from recordings.models import MissedCall, Recording, Voicemail
from simulator.simulator import ConnectFailed, Faults, Habit, HttpReply, HttpRequest, Leg, Simulator, VirtualClock
from telephony import callbacks

COMPANY = "+15005550100"
CALLER = "+14155550123"
ANN, BEN = "+14155550111", "+14155550122"
MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 10:00 in New York

PATIENCE = 90.0


class Hum:
    """A voice that hums for as long as Twilio's would speak."""

    def speech(self, text: str) -> bytes:
        return b"\x00\x10\x00\xf0" * (len(text) * 8000 // 15 // 2)

    def mp3(self, wav: bytes) -> bytes:
        return wav


class Desk:
    """The company, seen from the pavement. `expected` are the codes of violations that a scenario brings about."""

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.faults = Faults()
        self.expected: set[int] = set()
        self.failures_expected = False
        self.expects_application_error = False
        self.lost: Callable[[HttpRequest], bool] = lambda _request: False
        self.keeps: Callable[[HttpRequest], bool] = lambda _request: False
        self.doubles = False  # each request comes twice, as two different ones; the second answer counts
        self.sent: list[HttpRequest] = []
        self.documents: dict[str, str] = {}  # by path: what somebody else's application would answer
        self.workers_live = True
        #: how what waits for a commit is run
        self.commits: Callable[[], AbstractContextManager[None]] = lambda: committing(execute=self.workers_live)
        self.twilio = Simulator(
            account_sid=settings.TWILIO_ACCOUNT_SID,
            auth_token=settings.TWILIO_AUTH_TOKEN,
            transport=self,
            clock=clock,
            voice=Hum(),
            faults=self.faults,
            rest_base_url=settings.TWILIO_API_BASE_URL,
        )
        self.add_number(COMPANY)
        self._browser = Client(raise_request_exception=False)

    def add_number(self, number: str) -> str:
        return self.twilio.add_number(
            number,
            voice_url=callbacks.document("voice-inbound"),
            voice_fallback_url=callbacks.document("voice-fallback"),
            status_callback=callbacks.news("voice-status"),
            sms_url=callbacks.document("messaging-inbound"),
            sms_fallback_url=callbacks.document("messaging-fallback"),
        )

    def send(self, request: HttpRequest, timeout: float) -> HttpReply:
        """Carry a request of Twilio's to our application; what it leaves for after the commit runs then."""
        if self.lost(request):
            raise ConnectFailed("lost on the way")
        if self.keeps(request):
            return HttpReply(204)
        self.sent.append(request)
        if self.doubles:
            self.carry(request)
            request = renewed(request)
        return self.carry(request)

    def carry(self, request: HttpRequest) -> HttpReply:
        """Give one request to our application."""
        url = urlsplit(request.url)
        if url.path in self.documents:
            return HttpReply(200, (("Content-Type", "text/xml"),), self.documents[url.path].encode())
        with self.commits():
            response = self._browser.generic(
                request.method,
                f"{url.path}?{url.query}" if url.query else url.path,
                request.body,
                content_type=request.headers.get("Content-Type", ""),
                headers={name: value for name, value in request.headers.items() if name != "Content-Type"},
                HTTP_HOST=url.netloc,
                secure=url.scheme == "https",
            )
            body = b"".join(response.streaming_content) if response.streaming else response.content
        return HttpReply(response.status_code, tuple(response.items()), body)

    # what happens outside

    def dial(self, number: str = COMPANY, caller: str = CALLER) -> "Phone":
        return Phone(self, self.twilio.dial(caller, number))

    def phone(self, address: str, answers: Any = "asks", after: float = 2.0) -> None:
        """Put a phone into somebody's hand."""
        self.twilio.add_phone(address, habit=Habit(answers, after))

    def rings(self, address: str, within: float = 10.0) -> "Phone":
        """Wait until this phone rings."""
        self.until(
            lambda: any(leg.decision is not None for leg in self.twilio.legs(address)),
            within,
            f"{address} does not ring",
        )
        return Phone(self, self.twilio.ringing(address))

    def never_rang(self, address: str) -> bool:
        return not self.twilio.legs(address)

    # time

    def until(self, happens: Any, within: float, otherwise: str) -> None:
        left = within
        while not happens():
            assert left > 0, otherwise
            self.clock.advance(0.5)
            left -= 0.5

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)

    def minutes(self, count: int) -> None:
        """Let minutes pass, with what beat does in each."""
        for _ in range(count):
            self.clock.advance(60)
            self.beat()

    def beat(self) -> None:
        with committing():
            calls.tasks.sweep()
            conferences.tasks.sweep()
            recordings.tasks.sweep()
            messaging.tasks.sweep()
            ivr.tasks.remember_emergencies()
            outbound.tasks.work()

    @contextmanager
    def workers_dead(self) -> Iterator[None]:
        """Let every task that is announced meanwhile be lost."""
        self.workers_live = False
        try:
            yield
        finally:
            self.workers_live = True


def renewed(request: HttpRequest) -> HttpRequest:
    """Make a request a delivery of its own, which nothing but its content ties to the first."""
    return replace(request, headers=request.headers | {"I-Twilio-Idempotency-Token": str(uuid4())})


@contextmanager
def committing(*, execute: bool = True) -> Iterator[None]:
    """Run what waits for the commit, though the test's own transaction never commits; one without has real commits."""
    if not connection.in_atomic_block:
        yield
        return
    with TestCase.captureOnCommitCallbacks(execute=execute):
        yield


@dataclass
class Phone:
    """Somebody on a leg: what they do, and what they hear from then on."""

    desk: Desk
    sid: str
    heard: int = 0

    @property
    def leg(self) -> Leg:
        return self.desk.twilio.leg(self.sid)

    @property
    def row(self) -> Call:
        return Call.objects.get(sid=self.sid)

    @property
    def visit(self) -> Visit:
        return Visit.objects.get(call__sid=self.sid)

    @property
    def story(self) -> list[str]:
        return story(self.row)

    def hears(self, *texts: str, within: float = PATIENCE) -> "Phone":
        """Wait until these are heard, in this order, after what was waited for before."""
        for text in texts:
            self.desk.until(
                lambda text=text: self._find(text) is not None,
                within,
                f"{text!r} is not in {self.leg.heard[self.heard :]}",
            )
            self.heard = (self._find(text) or 0) + 1
        return self

    def _find(self, text: str) -> int | None:
        heard = enumerate(self.leg.heard[self.heard :], self.heard)
        return next((index for index, one in heard if text in one.text or text == f"({one.kind})"), None)

    def hears_the_beep(self) -> "Phone":
        """Wait until the recording has begun."""
        self.hears("(beep)")
        self.desk.wait(1)
        return self

    def press(self, digits: str) -> "Phone":
        self.desk.twilio.press(self.sid, digits)
        return self

    def says(self, text: str, confidence: float = 0.92) -> "Phone":
        self.desk.twilio.speak(self.sid, text, confidence=confidence)
        return self

    def waits(self, seconds: float) -> "Phone":
        self.desk.wait(seconds)
        return self

    def answers(self) -> "Phone":
        self.desk.twilio.answer(self.sid)
        return self

    def declines(self) -> "Phone":
        self.desk.twilio.decline(self.sid)
        return self

    def hangs_up(self) -> "Phone":
        self.desk.twilio.hang_up(self.sid)
        self.desk.wait(5)  # callbacks, and the recording's after its delay
        return self

    def is_hung_up_on(self, within: float = PATIENCE) -> "Phone":
        """Wait until the other end has hung up."""
        self.desk.until(lambda: not self.leg.live, within, f"the call goes on: {self.leg.doing}")
        self.desk.wait(5)
        return self

    def never_heard(self, text: str) -> bool:
        return text not in self.leg.heard_text


def story(call: Call) -> list[str]:
    """Tell a call's history in a few words for each event; what we sent and what the callbacks said is left out."""
    told = [_told(event) for event in CallEvent.objects.filter(call=call).order_by("pk")]
    return [words for words in told if words]


def _told(event: CallEvent) -> str:
    data = event.data
    match event.kind:
        case "began":
            return f"began {data['flow']} {data['version']}"
        case "entered":
            return f"entered {data['name']}"
        case "pressed":
            return f"pressed {data['digits']}"
        case "spoke":
            return f"said {data['text']}"
        case "left":
            return f"left by {data['exit']}"
        case "rang":
            return f"rang {' '.join(data['targets'])}"
        case "dialed":
            return f"dialed {data['status']}"
        case "voicemail" | "missed":
            return f"{event.kind} {data['mailbox']}"
        case "failed":
            return f"failed: {data['what']}"
        case "ended":
            return f"ended {data['reason']}"
        case "silent" | "screened":
            return str(event.kind)
        case _:
            return ""


def final_rows() -> dict[str, Any]:
    """Give all that is left of the calls in the end, without ids, and without the moments at which news came."""
    return {
        "calls": sorted(map(_call, Call.objects.select_related("parent"))),
        "visits": sorted(
            (visit.call.from_number, visit.turn, visit.ending, visit.ended_at is not None)
            for visit in Visit.objects.select_related("call")
        ),
        "recordings": sorted(
            (row.state, row.seconds, row.source, *(copy.sha256 for copy in row.copies.order_by("kind")))
            for row in Recording.objects.all()
        ),
        "voicemails": sorted(
            (row.mailbox.name, row.recording.state) for row in Voicemail.objects.select_related("mailbox", "recording")
        ),
        "missed": sorted(row.mailbox.name for row in MissedCall.objects.select_related("mailbox")),
        "story": Counter(words for call in Call.objects.all() for words in story(call)),
    }


def _call(call: Call) -> tuple[Any, ...]:
    return (
        call.to_number,
        call.status,
        call.direction,
        call.from_number,
        call.parent.to_number if call.parent else "",
        call.seconds,
        call.answered_at.isoformat() if call.answered_at else "",
        call.ended_at.isoformat() if call.ended_at else "",
    )
