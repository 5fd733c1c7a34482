"""The simulator as one object: set it up, be the people on the phones, look at what happened, answer REST."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from simulator.clock import Clock, RealClock, VirtualClock
from simulator.faults import Faults
from simulator.numbers import Habit
from simulator.recordings import Voice
from simulator.rest import NoAnswer, RestResponse
from simulator.transport import ConnectFailed, HttpReply, HttpRequest, ReadTimedOut, RequestsTransport, Transport

__all__ = [
    "Clock", "ConnectFailed", "Faults", "Habit", "HttpReply", "HttpRequest", "NoAnswer", "ReadTimedOut", "RealClock",
    "RequestsTransport", "RestResponse", "Simulator", "SimulatorError", "Transport", "VirtualClock", "Voice",
]  # fmt: skip


class SimulatorError(Exception):
    """Raise when people ask for what cannot be done; the text is one clear sentence for them."""


class Simulator:
    """A small Twilio. Every method may be called from any thread when the clock is a `RealClock`."""

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        transport: Transport,
        clock: Clock,
        voice: Voice,
        seed: int = 0,
        api_keys: Mapping[str, str] | None = None,
        faults: Faults | None = None,
    ) -> None:
        raise NotImplementedError

    def add_number(
        self,
        number: str,
        *,
        voice_url: str = "",
        voice_fallback_url: str = "",
        status_callback: str = "",
        friendly_name: str = "",
    ) -> str:
        """Give the account a number (or a "sip:" address) and return its PN sid."""
        raise NotImplementedError

    def add_phone(self, address: str, *, name: str = "", habit: Habit = Habit()) -> None:  # noqa: B008 - frozen
        """Put a phone into somebody's hand; an address that is already there gets the new name and habit."""
        raise NotImplementedError

    def dial(self, from_: str, to: str, *, parameters: Mapping[str, str] | None = None) -> str:
        """Call one of the account's numbers and return the inbound leg's CallSid; a new `from_` becomes a phone."""
        raise NotImplementedError

    def press(self, call_sid: str, digits: str) -> None:
        """Press keys, all at once; "w" waits half a second, "W" a second."""
        raise NotImplementedError

    def speak(self, call_sid: str, text: str, *, confidence: float = 0.92) -> None:
        """Say a sentence into the phone."""
        raise NotImplementedError

    def speak_audio(self, call_sid: str, wav: bytes, text: str = "") -> None:
        """Say what a WAV file holds (8 kHz, mono, 16 bit); `text` is what speech recognition makes of it."""
        raise NotImplementedError

    def answer(self, call_sid: str) -> None:
        """Take the call."""
        raise NotImplementedError

    def decline(self, call_sid: str) -> None:
        """Refuse the call."""
        raise NotImplementedError

    def hang_up(self, call_sid: str) -> None:
        """Put the phone down."""
        raise NotImplementedError

    def snapshot(self, since: int = 0) -> dict[str, Any]:
        """Return everything as JSON-able data; exchanges only with an id above `since`.

        An exchange of kind "note" is no HTTP exchange: it carries a violation noticed later (method, url, body empty).
        Heard entries of kind "person" are words of another person on the line.
        """
        raise NotImplementedError

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back, without arguments, after each change; return the function that ends this."""
        raise NotImplementedError

    def rest(
        self,
        method: str,
        path: str,
        query: Sequence[tuple[str, str]],
        form: Sequence[tuple[str, str]],
        authorization: str,
    ) -> RestResponse:
        """Answer a REST request; `path` begins with /2010-04-01/. Raise `NoAnswer` when a fault says so."""
        raise NotImplementedError

    def advance(self, seconds: float) -> None:
        """Move a virtual clock on."""
        raise NotImplementedError

    def run_until_idle(self, limit: float = 3600) -> None:
        """Let a virtual clock run until only people could change anything (see `VirtualClock.run_until_idle`)."""
        raise NotImplementedError
