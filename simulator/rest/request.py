"""A REST request taken apart, its answers and its errors."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from simulator.audio_tracks import WavFile
from simulator.exchanges import Violation, error_texts, violation
from simulator.switchboard import Switchboard


@dataclass(frozen=True, slots=True)
class RestResponse:
    """An answer ready for the wire; a long sound is not in memory before it is sent."""

    status: int
    headers: dict[str, str]
    content: bytes | WavFile
    length: int | None = None
    """How much of the content comes through; the headers may promise more."""
    seconds: float = 0.0
    """How long it takes to come."""

    @property
    def size(self) -> int:
        """How much comes, in bytes."""
        whole = self.content.size if isinstance(self.content, WavFile) else len(self.content)
        return whole if self.length is None else self.length

    @property
    def body(self) -> bytes:
        """What comes, at once."""
        return b"".join(self.pieces())

    def pieces(self) -> Iterator[bytes]:
        """Give what comes, piece by piece."""
        if isinstance(self.content, WavFile):
            yield from self.content.pieces(0, self.size)
        else:
            yield self.content[: self.size]


class NoAnswer(Exception):
    """Raise instead of answering: the caller must run into its time-out.

    A server holds the connection and closes it without a byte; a test adapter raises its library's read time-out.
    """


class RestError(Exception):
    """Raise to answer with one of Twilio's errors."""

    def __init__(self, status: int, code: int, message: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message or error_texts().get(code, "")

    def body(self) -> dict[str, Any]:
        """Return Twilio's error body."""
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


@dataclass(slots=True)
class RestRequest:
    """One authenticated request."""

    board: Switchboard
    method: str
    path: str
    query: Sequence[tuple[str, str]]
    form: Sequence[tuple[str, str]]
    found: list[Violation] = field(default_factory=list)
    """What Twilio would only warn about."""

    def not_found(self) -> RestError:
        """Return the 404 for this path."""
        return RestError(404, 20404, f"The requested resource {self.path} was not found")

    def parameters(self, known: Sequence[str], *, wrong_method: int = 21209) -> dict[str, str]:
        """Return the form's last values; what Twilio does not know it ignores, with a warning.

        `wrong_method` is the error for a callback's method other than GET and POST.
        """
        for name in dict(self.form):
            if name not in known:
                self.found.append(violation(20001, "warning", name))
        found = {name: value for name, value in self.form if name in known}
        for name, value in tuple(found.items()):
            if name.endswith("Method") and not value:
                del found[name]  # the default
            elif name.endswith("Method") and value not in ("GET", "POST"):
                raise RestError(400, wrong_method, f"{name} must be GET or POST, not {value}")
        return found

    def listed(self, name: str) -> list[str]:
        """Return all values of a parameter that may be repeated, or hold several words."""
        return [word for key, value in self.form if key == name for word in value.split()]

    def filters(self) -> dict[str, str]:
        """Return the query as a mapping."""
        return dict(self.query)

    def held(self, sid: str, ended: datetime | None) -> bool:
        """Return whether a fault keeps a finished call or recording from being deleted."""
        board = self.board
        seconds = (board.clock.now() - ended).total_seconds() if ended else 0.0
        held = board.faults.for_deletion(self.method, self.path, sid, seconds, board.fault_dice)
        if held:
            self.found.append(violation(0, "warning", "Fault: held"))
        return held

    def warn(self, code: int, detail: str) -> None:
        """Record a warning with this request."""
        self.found.append(violation(code, "warning", detail))

    def not_executed(self, what: str) -> None:
        """Say that the simulator ignores something."""
        self.found.append(violation(0, "error", f"{what} is not executed by this simulator yet; it is ignored"))


def answer(status: int, data: Mapping[str, Any] | None) -> RestResponse:
    """Return a JSON answer, or an empty one."""
    if data is None:
        return RestResponse(status=status, headers={}, content=b"")
    return RestResponse(
        status=status,
        headers={"Content-Type": "application/json;charset=utf-8"},
        content=json.dumps(data, ensure_ascii=False).encode(),
    )


def falls_in(moment: datetime | None, filters: Mapping[str, str], name: str) -> bool:
    """Return whether a moment passes a date filter: `Name` for that day, `Name>` from then on, `Name<` before."""
    for operator in ("", ">", "<"):
        value = filters.get(name + operator)
        if not value:
            continue
        if moment is None:
            return False
        begin, is_day = _moment(value, name)
        if operator == "" and not begin <= moment < begin + timedelta(days=1 if is_day else 0, seconds=1):
            return False
        if operator == ">" and moment < begin:
            return False
        if operator == "<" and moment >= begin:
            return False
    return True


def _moment(value: str, name: str) -> tuple[datetime, bool]:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise RestError(400, 20001, f"{name} is not a date: {value}") from None
    # The library turns a date into its midnight, and means the day.
    is_day = moment.time() == time()
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)), is_day
