"""What an account keeps at Twilio, as far as erasing asks for it; it refuses, or falls silent, when told to.

Calls, recordings and messages by their sids, each with the fields that lists filter by. It never refuses by itself.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from tests.calls.factories import AT
from tests.telephony.canned import Canned


class Silent(Exception):
    """Nothing comes back."""


NOT_FOUND = Canned(404, {"code": 20404, "message": "not found", "more_info": "", "status": 404})
LISTS = {"Calls": "calls", "Recordings": "recordings", "Messages": "messages"}
FILTERS = {"From": "from", "To": "to", "CallSid": "call_sid"}


def refusal(code: int, status: int) -> Canned:
    return Canned(status, {"code": code, "message": f"refused with {code}", "more_info": "", "status": status})


BUSY = refusal(20009, 400)
TOO_MANY = refusal(20429, 429)
BROKEN = refusal(20500, 500)


class Account:
    def __init__(self) -> None:
        self.kept: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in LISTS}
        self.refusals: dict[str, list[Canned | type[Exception]]] = defaultdict(list)
        self.asked: list[tuple[str, str]] = []
        self.deleted: list[str] = []

    def call(self, sid: str, *, caller: str = "", called: str = "", status: str = "completed") -> None:
        self.kept["Calls"][sid] = {"sid": sid, "from": caller, "to": called, "status": status, "direction": "inbound"}

    def recording(self, sid: str, *, call_sid: str = "", made_at: datetime = AT, status: str = "completed") -> None:
        self.kept["Recordings"][sid] = {
            "sid": sid,
            "call_sid": call_sid,
            "status": status,
            "duration": "3",
            "channels": 1,
            "source": "RecordVerb",
            "start_time": format_datetime(made_at),
            "date_created": format_datetime(made_at),
        }

    def message(self, sid: str, *, sender: str = "", to: str = "") -> None:
        self.kept["Messages"][sid] = {"sid": sid, "from": sender, "to": to, "status": "received", "body": "Hello"}

    def refuses(self, sid: str, *answers: Canned | type[Exception]) -> None:
        """Answer the next deletions of this with these, in their order."""
        self.refusals[sid] += answers

    @property
    def sids(self) -> set[str]:
        return {sid for kept in self.kept.values() for sid in kept}

    def rest(
        self,
        method: str,
        path: str,
        query: Sequence[tuple[str, str]],
        _form: Sequence[tuple[str, str]],
        _authorization: str,
    ) -> Canned:
        self.asked.append((method, path))
        kind, _, name = path.removesuffix(".json").rpartition("/")
        kind = kind.rpartition("/")[2]
        if name in LISTS:
            within = {"call_sid": kind} if kind.startswith("CA") else {}
            return self._list(name, within | {FILTERS[key]: value for key, value in query if key in FILTERS})
        kept = self.kept[kind]
        if name not in kept:
            return NOT_FOUND
        if method == "GET":
            return Canned(200, _whole(kind, kept[name]))
        if self.refusals[name]:
            answer = self.refusals[name].pop(0)
            if isinstance(answer, type):
                raise answer
            return answer
        del kept[name]
        self.deleted.append(name)
        return Canned(204, b"")

    def _list(self, kind: str, wanted: dict[str, str]) -> Canned:
        rows = [
            _whole(kind, row)
            for row in self.kept[kind].values()
            if all(row.get(field) == value for field, value in wanted.items())
        ]
        page = {"page": 0, "page_size": 1000, "next_page_uri": None, "previous_page_uri": None, "uri": "/"}
        return Canned(200, page | {"first_page_uri": "/", "start": 0, "end": len(rows), LISTS[kind]: rows})


def _whole(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    """Give a resource with all that the library reads."""
    empty = dict.fromkeys(
        ("parent_call_sid", "account_sid", "answered_by", "forwarded_from", "caller_name", "start_time", "end_time",
         "duration", "date_created", "date_updated", "conference_sid", "error_code", "channels", "source", "direction",
         "status", "from", "to", "body"),
    )  # fmt: skip
    return empty | row
