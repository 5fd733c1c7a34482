"""Status callbacks of calls, recordings and texts: news that steers nothing, may fail, and may be made to misbehave."""

import random
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Protocol
from urllib.parse import urlsplit

from simulator.clock import Clock
from simulator.exchanges import Exchanges, violation
from simulator.faults import Faults
from simulator.process import Process, Steps
from simulator.webhooks import Cookies, WebhookFailed, Webhooks

HELD_SECONDS = 5.0
DUPLICATE_AFTER = 0.3


class Subject(Protocol):
    """What news are about: a leg, or a text."""

    @property
    def sid(self) -> str:
        """Its id."""
        ...

    @property
    def cookies(self) -> Cookies:
        """What the application has set."""
        ...

    @property
    def signs_port(self) -> bool:
        """Whether the port of an HTTPS address is signed: with texts it is, with calls it is not."""
        ...


class Callbacks:
    """The way of news to the application."""

    def __init__(
        self, *, webhooks: Webhooks, clock: Clock, exchanges: Exchanges, faults: Faults, dice: random.Random
    ) -> None:
        self._webhooks = webhooks
        self._clock = clock
        self._exchanges = exchanges
        self._faults = faults
        self._dice = dice
        self._held: dict[str, list[Callable[[], None]]] = defaultdict(list)

    def send(self, about: Subject, *, url: str, method: str, fields: Mapping[str, str], of: str = "") -> None:
        """Send one callback, or what the faults make of it: none, two, later, or after the next one of the same.

        `of` is the sid of what it tells about, where that is neither the call nor the text.
        """
        of = of or about.sid
        befalls = self._faults.for_callback(method, urlsplit(url).path, self._dice)
        if "drop" in befalls:
            self._note_dropped(about, url, method, fields)
            return
        token = self._webhooks.new_token()

        def start(token: str = token) -> None:
            Process(self._clock, self._deliver(about, url, method, fields, token))

        if "duplicate" in befalls:
            # Twilio's own retry repeats the token; a message delivered twice upstream has a new one.
            again = token if self._dice.random() < 0.5 else self._webhooks.new_token()
            self._clock.call_later(DUPLICATE_AFTER, lambda: start(again))
        if "delay" in befalls:
            self._clock.call_later(self._dice.uniform(0.5, self._faults.delay_seconds), start)
        elif "reorder" in befalls:
            self._held[of].append(start)
            self._clock.call_later(HELD_SECONDS, lambda: self._release(of))
        else:
            start()
            self._release(of)

    def _release(self, of: str) -> None:
        for start in self._held.pop(of, []):
            start()

    def _deliver(self, about: Subject, url: str, method: str, fields: Mapping[str, str], token: str) -> Steps[None]:
        try:
            answer = yield from self._webhooks.deliver(
                url,
                kind="status callback",
                method=method,
                fields=fields,
                call_sid=about.sid,
                cookies=about.cookies,
                token=token,
                keeps_port=about.signs_port,
            )
        except WebhookFailed as failure:
            if failure.exchange is not None:
                failure.exchange.violations.append(violation(15003, "warning", f"{failure.code} {failure.detail}"))
            return
        reply = answer.reply
        if reply.body.strip() and "xml" not in reply.header("Content-Type"):
            answer.exchange.violations.append(
                violation(15003, "warning", "the answer should be 204, or empty, or an XML Response")
            )

    def _note_dropped(self, about: Subject, url: str, method: str, fields: Mapping[str, str]) -> None:
        self._exchanges.record(
            "status callback",
            call_sid=about.sid,
            method=method,
            url=url,
            fields=fields,
            violations=[violation(0, "warning", "Fault: this callback is dropped")],
        )
