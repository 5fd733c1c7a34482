"""Calls in an old version, written down as the history of calls has them."""

import json
from collections.abc import Mapping
from typing import Any

from ivr import engine
from ivr.document import Document
from ivr.hours.opening import Opening
from ivr.kinds.base import Heard, Keys, Queued, QueueStatus
from ivr.replay.comparing import Compared, compare
from ivr.replay.recording import HUNG_UP, Visit
from ivr.replay.walking import World
from tests.ivr.factories import URLS, Walk

OWN = {"leg", "seconds", "contact", "matches", "line", "detail", "targets"}
STAFFED = {"7": QueueStatus(staffed=True), "8": QueueStatus(staffed=True)}


class Call(Walk):
    """A call walked through a document, and what its history says of it. Ten seconds pass with each request."""

    def __init__(self, document: Document, **facts: Any) -> None:
        self.first = document
        self.at = 1000.0
        self.lines: list[str] = []
        self.moments: list[float] = []
        self.waits: list[int] = []
        self.ended = ""
        self.tell("began", {"flow": document.flow_name, "version": 1})
        super().__init__(document, **facts)

    def _take(self, outcome: engine.Outcome) -> None:
        super()._take(outcome)
        for kind, data in outcome.events:
            self.tell(kind, data)
        self.tell("answered")
        self.ended = outcome.ending or self.ended

    def tell(self, kind: str, data: Mapping[str, Any] | None = None) -> "Call":
        told = None if data is None else {name: value for name, value in data.items() if name not in OWN}
        self.lines.append(kind if told is None else f"{kind} {json.dumps(told, ensure_ascii=False)}")
        self.moments.append(self.at)
        return self

    def hear(self, heard: Heard, **facts: Any) -> "Call":
        self.at += 10
        super().hear(heard, **facts)
        return self

    def queue(self) -> "Call":
        return self.tell("queued", {"queue": "Sales", "why": ""})

    def leave_queue(self, why: str, seconds: int) -> "Call":
        self.at += seconds
        self.waits.append(seconds)
        return self.tell("unqueued", {"queue": "Sales", "why": why})

    def talk(self, seconds: int = 30) -> "Call":
        self.queue().leave_queue("talking", seconds)
        self.hear(Queued("redirected"), place=engine.Place("answered"))
        return self

    def wait_press(self, digits: str) -> "Call":
        self.at += 10
        waiting = self.wait(heard=Keys(digits), place=engine.Place("waiting", "7"), queues=STAFFED)
        for kind, data in waiting.events:
            self.tell(kind, data)
        return self

    def hang_up(self) -> "Call":
        self.ended = HUNG_UP
        return self.tell("ended", {"reason": HUNG_UP})

    def visit(self, **more: Any) -> Visit:
        fields: dict[str, Any] = {"caller": "+14155550123", "called": "+15005550100", "seed": "1"}
        return Visit(
            text="\n".join(self.lines),
            moments=" ".join(map(str, self.moments)),
            waits=self.waits,
            began=1000.0,
            ending=self.ended,
            **{**fields, **more},
        )

    def in_draft(
        self,
        draft: Document,
        *,
        openings: Mapping[str, str] | None = None,
        flows: Mapping[str, Document] | None = None,
        longest: Mapping[str, int | None] | None = None,
        asks: bool = False,
        gone: bool = False,
        **visit: Any,
    ) -> Compared:
        """Replay the call in a draft of the same flow."""
        published = {self.first.flow: self.first, **(flows or {})}

        def opening(schedule: str, _at: float) -> Opening | None:
            return Opening((openings or {})[schedule]) if schedule in (openings or {}) else None  # type: ignore[arg-type]

        world = World(
            draft=draft,
            flows={**published, draft.flow: draft},
            opening=opening,
            was=lambda flow, _number, _at: None if gone else published.get(flow),
            longest=longest or {},
            asks=asks,
        )
        return compare(self.visit(**visit), world)


def told(compared: Compared) -> tuple[str, str]:
    """Give both ends by their keys; where it is not known, why and in which step."""
    would = compared.would.key if compared.would else ""
    if compared.unknown:
        would = f"? {compared.unknown.why} {compared.unknown.step}"
    return compared.was.key if compared.was else "", would + (" and on" if compared.open else "")


__all__ = ["STAFFED", "URLS", "Call", "told"]
