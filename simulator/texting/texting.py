"""The account's texts: those of the application go out, those of people come in. All that changes one is here."""

import random
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from simulator.callbacks import Callbacks
from simulator.clock import Clock
from simulator.exchanges import Exchanges, error_texts, violation
from simulator.faults import Faults
from simulator.legs import NO_CALLBACK, Callback
from simulator.numbers import Application, Number, Phone, is_e164
from simulator.prices import text_price
from simulator.process import Inbox, Process, Steps, Wait
from simulator.texting.fields import status_fields
from simulator.texting.messages import ON_ITS_WAY, Direction, Medium, Message, Status
from simulator.texting.services import Keywords, Service
from simulator.webhooks import Cookies, WebhookFailed, Webhooks

SECONDS_TO_SEND, SECONDS_TO_CARRY, SECONDS_TO_RATE = 0.5, 1.0, 60.0
COOKIES_LAST = timedelta(hours=4)

# What a phone makes of a text that reaches it, and Twilio's code for it.
UNREACHABLE, UNKNOWN, LANDLINE, OPTED_OUT, NO_MEDIA, NO_SENDER = 30003, 30005, 30006, 21610, 21620, 21703


class Network(Protocol):
    """What of a switchboard carries texts."""

    account_sid: str
    clock: Clock
    webhooks: Webhooks
    callbacks: Callbacks
    exchanges: Exchanges
    faults: Faults
    fault_dice: random.Random
    phones: dict[str, Phone]
    applications: dict[str, Application]
    rest_base_url: str

    def new_sid(self, prefix: str) -> str:
        """Return a new id."""
        ...

    def number(self, address: str) -> Number | None:
        """Return the account's number with this address."""
        ...

    def changed(self) -> None:
        """Tell those who look."""
        ...


class Texting:
    """The account's texts, its messaging services, and who wants to hear no more."""

    def __init__(self, network: Network, answer: Callable[["Texting", Message, Number, str], Steps[None]]) -> None:
        """`answer` asks the application what it answers to a text that came in, and does so."""
        self.network = network
        self.messages: dict[str, Message] = {}
        self.services: dict[str, Service] = {}
        self.opted_out: set[tuple[str, str]] = set()
        """Who has sent STOP: the service's sid or the number, and the person's number."""
        self.replied: deque[tuple[datetime, str, str]] = deque()
        """When what the application answered went from whom to whom."""
        self._answer = answer
        self._waiting: dict[str, list[Inbox]] = {}
        self._writers: dict[tuple[str, str], str] = {}
        """From which number of a service somebody was written to last."""
        self._cookies: dict[tuple[str, str], tuple[datetime, Cookies]] = {}

    # Going out

    def write(
        self,
        *,
        from_: str,
        to: str,
        body: str,
        direction: Direction,
        service_sid: str = "",
        media_urls: Sequence[str] = (),
        callback: Callback = NO_CALLBACK,
        send_at: datetime | None = None,
        valid_seconds: float = 14_400.0,
    ) -> Message:
        """Take a message of the application's; it goes out by itself. Without `from_` the service chooses who sends."""
        status: Status = "scheduled" if send_at else "queued" if from_ else "accepted"
        message = self._new(from_, to, body, direction, status, with_media=bool(media_urls))
        message.service_sid, message.media_urls = service_sid, tuple(media_urls)
        message.callback, message.valid_seconds = callback, valid_seconds
        now = self.network.clock.now()
        pause = max(0.0, (send_at - now).total_seconds()) if send_at else 0.0
        Process(self.network.clock, self._send(message, pause))
        return message

    def is_opted_out(self, from_: str, service_sid: str, to: str) -> bool:
        """Return whether somebody has sent STOP to this sender."""
        return (service_sid or self._scope(from_), to) in self.opted_out

    def cancel(self, message: Message) -> None:
        """Call back a message that has not left."""
        self._move(message, "canceled")

    def _send(self, message: Message, pause: float) -> Steps[None]:
        yield Wait(pause + SECONDS_TO_SEND, background=pause > 0)
        if message.was_canceled():
            return
        if not message.from_:
            message.from_ = self._sender(message)
            if not message.from_:
                self._fail(message, NO_SENDER)
                return
            self._move(message, "queued")
        elif message.status == "scheduled":
            self._move(message, "queued")
        if not (yield from self._fetched(message)):
            self._fail(message, NO_MEDIA)
            return
        yield Wait(SECONDS_TO_SEND)
        if message.was_canceled():
            return
        self._move(message, "sending")
        yield Wait(SECONDS_TO_SEND)
        message.sent = self.network.clock.now()
        self._writers[self._scope(message.from_), message.to] = message.from_
        self._move(message, "sent")
        self.network.clock.call_later(SECONDS_TO_RATE, lambda: self._rate(message), background=True)
        yield Wait(SECONDS_TO_CARRY)
        yield from self._carry(message)

    def _carry(self, message: Message) -> Steps[None]:
        own = self.network.number(message.to)
        if own is not None:
            self._move(message, "delivered")
            self.receive(message.from_, own, message.body, message.media)
            return
        phone = self.network.phones.get(message.to)
        if phone is not None and phone.texts == "off":
            yield from self._wait_for(message)
            phone = self.network.phones.get(message.to)
        match phone.texts if phone is not None else "unknown":
            case "delivered":
                self._move(message, "delivered")
            case "landline":
                self._fail(message, LANDLINE, "undelivered")
            case "unknown":
                self._fail(message, UNKNOWN, "undelivered")
            case _:
                self._fail(message, UNREACHABLE, "undelivered")

    def _wait_for(self, message: Message) -> Steps[None]:
        """Wait until the phone is on, or the message is no longer worth it."""
        inbox = Inbox()
        self._waiting.setdefault(message.to, []).append(inbox)
        yield Wait(message.valid_seconds, inbox, background=True)

    def phone_changed(self, address: str) -> None:
        """Deliver what has waited for a phone that is on again."""
        if self.network.phones[address].texts != "off":
            for inbox in self._waiting.pop(address, []):
                inbox.put("on")

    def _sender(self, message: Message) -> str:
        """Return the number of a service that has written to somebody before, or its first one."""
        service = self.services.get(message.service_sid)
        owned = [number for number in service.numbers if self.network.number(number)] if service else []
        before = self._writers.get((message.service_sid, message.to), "")
        return before if before in owned else next(iter(owned), "")

    def _fetched(self, message: Message) -> Steps[bool]:
        """Fetch what hangs on a message; return whether all of it came."""
        for url in message.media_urls:
            try:
                answer = yield from self.network.webhooks.deliver(
                    url, kind="request to app", method="GET", call_sid=message.sid, keeps_port=True
                )
            except WebhookFailed:
                return False
            kind = answer.reply.header("Content-Type").partition(";")[0].strip().lower()
            message.media.append(self._medium(kind or "application/octet-stream", answer.reply.body))
        return True

    # Coming in

    def receive(self, from_: str, number: Number, body: str, media: Sequence[Medium] = ()) -> Message:
        """Let a text come to one of the account's numbers. Twilio itself honors STOP, START and HELP first."""
        message = self._new(from_, number.number, body, "inbound", "received", with_media=bool(media))
        message.media = [self._medium(medium.content_type, medium.content) for medium in media]
        message.sent = self.network.clock.now()
        service = self.service_of(number.number)
        message.service_sid = service.sid if service else ""
        message.cookies = self._cookies_of(from_, number.number)
        keywords = service.keywords if service and service.advanced_opt_out else Keywords()
        kind = keywords.read(body) if is_e164(from_) else ""
        if kind:
            self._obey(message, kind, keywords)
        self.network.clock.call_later(SECONDS_TO_RATE, lambda: self._rate(message), background=True)
        told = kind if service and service.advanced_opt_out else ""
        Process(self.network.clock, self._answer(self, message, number, told))
        return message

    def service_of(self, number: str) -> Service | None:
        """Return the messaging service that a number belongs to."""
        return next((service for service in self.services.values() if number in service.numbers), None)

    def _scope(self, number: str) -> str:
        service = self.service_of(number)
        return service.sid if service else number

    def _obey(self, message: Message, kind: str, keywords: Keywords) -> None:
        """Stop what is sent to somebody, or let it come again; Twilio answers by itself."""
        entry = (self._scope(message.to), message.from_)
        was_out = entry in self.opted_out
        if kind == "STOP":
            self.opted_out.add(entry)
        elif kind == "START":
            self.opted_out.discard(entry)
        if kind == "START" and not was_out:
            return
        answer = self._new(message.to, message.from_, keywords.answer(kind), "outbound-reply", "queued", is_kept=False)
        Process(self.network.clock, self._send(answer, 0))

    def _cookies_of(self, from_: str, to: str) -> Cookies:
        """Return the cookies of two numbers' conversation; they last four hours."""
        now = self.network.clock.now()
        since, jar = self._cookies.get((from_, to), (now, Cookies()))
        if now - since > COOKIES_LAST:
            since, jar = now, Cookies()
        self._cookies[from_, to] = since, jar
        return jar

    # Where a message stands

    def _new(
        self,
        from_: str,
        to: str,
        body: str,
        direction: Direction,
        status: Status,
        *,
        with_media: bool = False,
        is_kept: bool = True,
    ) -> Message:
        now = self.network.clock.now()
        sid = self.network.new_sid("MM" if with_media else "SM")
        message = Message(
            sid=sid, from_=from_, to=to, body=body, direction=direction, created=now, updated=now, status=status,
            is_kept=is_kept,
        )  # fmt: skip
        self.messages[sid] = message
        self.network.changed()
        return message

    def _medium(self, content_type: str, content: bytes) -> Medium:
        return Medium(self.network.new_sid("ME"), content_type, content, self.network.clock.now())

    def _fail(self, message: Message, code: int, status: Status = "failed") -> None:
        message.error_code, message.error_message = code, error_texts().get(code, "")
        self._move(message, status)

    def _move(self, message: Message, status: Status) -> None:
        """Let a message stand at a status, and tell whoever asked for that."""
        if message.status not in ON_ITS_WAY:
            return
        now = self.network.clock.now()
        message.status, message.updated = status, now
        self.network.changed()
        if message.callback.url:
            fields: Mapping[str, str] = status_fields(self.network.account_sid, message, now)
            self.network.callbacks.send(message, url=message.callback.url, method="POST", fields=fields)

    def _rate(self, message: Message) -> None:
        abroad = message.from_ if message.direction == "inbound" else message.to
        message.price = text_price(abroad, message.segments, len(message.media), message.direction)
        message.updated = self.network.clock.now()
        self.network.changed()

    def refuse(self, message_sid: str, code: int, detail: str) -> None:
        """Note what Twilio would not send."""
        self.network.exchanges.note(message_sid, violation(code, "error", detail))
