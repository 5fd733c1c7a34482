"""What a verb gets to work with: the leg, the document it stands in, the switchboard."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from simulator.exchanges import violation
from simulator.fields import leg_fields
from simulator.legs import Leg, Source
from simulator.process import Inbox, Steps
from simulator.switchboard import Switchboard
from simulator.twiml import Verb
from simulator.webhooks import WebhookFailed


class DocumentFailed(Exception):
    """Raise when a document cannot be got or run; the fallback URL is next, or the application error."""

    def __init__(self, code: int, url: str) -> None:
        super().__init__(str(code))
        self.code = code
        self.url = url


class Left(Exception):
    """Raise to leave the queue that the document is played in."""


@dataclass(frozen=True, slots=True)
class Jump:
    """The document is over: go on with another one, or (None) not at all."""

    source: Source | None


@dataclass(frozen=True, slots=True)
class Page:
    """A document on a leg. `url` is what relative URLs count from; empty for TwiML that came by REST."""

    url: str
    verbs: tuple[Verb, ...]
    is_fallback: bool = False


@dataclass(frozen=True, slots=True)
class Running:
    """One verb being executed."""

    board: Switchboard
    leg: Leg
    page: Page
    is_first: bool = False

    def url(self, reference: str) -> str:
        """Return a URL of the document as absolute; an empty one is the document's own."""
        if not self.page.url and not urlsplit(reference).scheme:
            self.complain(15004 if reference else 11100, "the document came by REST and has no URL of its own")
            raise DocumentFailed(11100, reference)
        # An action without a value, or empty, means this document.
        return urljoin(self.page.url, reference) if self.page.url else reference

    def source(self, verb: Verb, fields: dict[str, str]) -> Source:
        """Return where a verb's `action` leads."""
        return Source(self.url(verb.get("action")), verb.get("method", "POST"), fields)

    def tell(self, source: Source) -> Steps[None]:
        """Request an action after the leg has ended: its answer cannot run any more."""
        try:
            yield from self.board.webhooks.deliver(
                source.url,
                kind="request to app",
                method=source.method,
                fields=leg_fields(self.board.account_sid, self.leg) | dict(source.fields),
                call_sid=self.leg.sid,
                cookies=self.leg.cookies,
            )
        except WebhookFailed:
            return

    def answer(self) -> None:
        """Answer the call, because the verb needs media."""
        self.board.answer(self.leg)

    def warn(self, code: int, detail: str) -> None:
        """Record what Twilio only warns about."""
        self.board.exchanges.note(self.leg.sid, violation(code, "warning", detail))

    def complain(self, code: int, detail: str) -> None:
        """Record an error."""
        self.board.exchanges.note(self.leg.sid, violation(code, "error", detail))

    def not_executed(self, what: str, instead: str) -> None:
        """Say that the simulator cannot do this, and what it does instead."""
        self.complain(0, f"{what} is not executed by this simulator yet; {instead}")

    @contextmanager
    def listening(self, *kinds: type) -> Generator[Inbox]:
        """Collect keys and speech while a verb runs; what comes before and after is lost, as on a real line."""
        inbox = Inbox()
        self.leg.inbox, self.leg.listens_for = inbox, frozenset(kinds)
        try:
            yield inbox
        finally:
            if self.leg.inbox is inbox:
                self.leg.inbox, self.leg.listens_for = None, frozenset()
