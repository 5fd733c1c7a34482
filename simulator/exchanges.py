"""The record of every HTTP exchange between the simulator and the application, with what was wrong in it."""

import itertools
import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

Level = Literal["error", "warning"]
Kind = Literal["request to app", "REST from app", "status callback", "note"]

# Newer than the dictionary we ship; named on Twilio's pages.
NEWER_ERRORS = {
    16020: "The conference is full",
    16023: "The participant's label is invalid",
    16024: "The participant's label is invalid",
    16025: "The participant's label is in use",
    16026: "The participant's label is in use",
    16027: "The coached participant is on hold",
    16028: "The coached participant is not in the conference",
    16101: "Recording is too short",
    16102: "Recording is silent",
    16108: "More than one recording of the call is running",
    22002: "The queue is not empty",
    22003: "The queue's name is taken",
    16113: "Dual-channel media was asked of a mono recording",
    21234: "Invalid MachineDetection value",
    21266: "To and From are the same number",
    30001: "Queue overflow",
    30002: "Account suspended",
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
    30019: "Content size exceeds carrier limit",
    30409: "Message cannot be canceled or redacted now",
    35111: "SendAt is missing",
    35114: "SendAt is not from 15 minutes to 35 days ahead",
    35118: "A scheduled message needs a messaging service",
    60600: "Unprovisioned or out of coverage",
}


@cache
def error_texts() -> dict[int, str]:
    """Return Twilio's one-line text of each error code."""
    data = json.loads((Path(__file__).parent / "data" / "twilio-error-codes.json").read_text(encoding="utf-8"))
    return {entry["code"]: entry["message"] for entry in data["codes"]} | NEWER_ERRORS


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that Twilio would complain about; code 0 is the simulator's own word (not executed yet)."""

    code: int
    level: Level
    text: str

    def __str__(self) -> str:
        return f"{self.code} {self.level}: {self.text}" if self.code else self.text


def violation(code: int, level: Level, detail: str = "") -> Violation:
    """Return a violation with Twilio's text of the code in front of the detail."""
    title = error_texts().get(code, "")
    return Violation(code=code, level=level, text=": ".join(part for part in (title, detail) if part))


@dataclass(slots=True)
class Exchange:
    """One request and its answer. `status` 0 means that none came."""

    id: int
    at: datetime
    call_sid: str
    kind: Kind
    method: str
    url: str
    fields: dict[str, str]
    status: int
    took_ms: int
    body: str
    violations: list[Violation] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the exchange for the page."""
        return {
            "id": self.id,
            "at": self.at.isoformat(),
            "call_sid": self.call_sid,
            "kind": self.kind,
            "method": self.method,
            "url": self.url,
            "fields": self.fields,
            "status": self.status,
            "took_ms": self.took_ms,
            "body": self.body,
            "violations": [{"code": v.code, "level": v.level, "text": v.text} for v in self.violations],
        }


class Exchanges:
    """The newest exchanges, and whom to tell about each."""

    KEPT = 5000

    def __init__(self, now: Callable[[], datetime], changed: Callable[[], None]) -> None:
        self._now = now
        self._changed = changed
        self._ids = itertools.count(1)
        self._entries: deque[Exchange] = deque(maxlen=self.KEPT)

    def __iter__(self) -> Iterator[Exchange]:
        return iter(tuple(self._entries))

    def since(self, id_: int) -> list[Exchange]:
        """Return the exchanges that came after this one, oldest first."""
        return [entry for entry in self._entries if entry.id > id_]

    def record(
        self,
        kind: Kind,
        *,
        call_sid: str = "",
        method: str = "",
        url: str = "",
        fields: Mapping[str, str] | None = None,
        status: int = 0,
        body: str = "",
        began: datetime | None = None,
        violations: list[Violation] | None = None,
    ) -> Exchange:
        """Add an exchange that has just ended."""
        now = self._now()
        began = began or now
        exchange = Exchange(
            id=next(self._ids),
            at=began,
            call_sid=call_sid,
            kind=kind,
            method=method,
            url=url,
            fields=dict(fields or {}),
            status=status,
            took_ms=round((now - began).total_seconds() * 1000),
            body=body,
            violations=violations or [],
        )
        self._entries.append(exchange)
        self._changed()
        return exchange

    def note(self, call_sid: str, found: Violation) -> None:
        """Record a violation that no exchange carries: it showed only when a verb ran."""
        self.record("note", call_sid=call_sid, violations=[found])
