"""Misbehavior on request: by probability with a seed, or forced for the next requests that match a path."""

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

CallbackFault = Literal["duplicate", "reorder", "delay", "drop"]
RequestFault = Literal["repeat"]
RestFault = Literal["429", "500", "timeout", "lost"]
DeletionFault = Literal["held"]
MediaFault = Literal["404", "cut", "short", "slow"]
Fault = CallbackFault | RequestFault | RestFault | DeletionFault | MediaFault

CALLBACK_FAULTS: tuple[CallbackFault, ...] = ("duplicate", "reorder", "delay", "drop")
REST_FAULTS: tuple[RestFault, ...] = ("429", "500", "timeout", "lost")
MEDIA_FAULTS: tuple[MediaFault, ...] = ("404", "cut", "short", "slow")
FORCED: frozenset[Fault] = frozenset({*CALLBACK_FAULTS, "repeat", *REST_FAULTS, "held", *MEDIA_FAULTS})


@dataclass(slots=True)
class Forced:
    """One entry of the script: the next `times` requests whose path contains `path` suffer `fault`."""

    fault: Fault
    path: str
    method: str
    times: int


@dataclass(slots=True)
class Faults:
    """What goes wrong, and how often (probabilities from 0 to 1).

    Status and recording callbacks: `duplicate`, `reorder` (held back until the call's next callback has gone),
    `delay` (by up to `delay_seconds`), `drop`. Requests for TwiML: `repeat` sends one twice with the same
    idempotency token and uses the second answer. REST: `rest_429`, `rest_500`, `rest_timeout` (not done, no answer),
    `rest_lost` (done, no answer); `rest_held`: for `held_seconds` after its end Twilio does not let go of a finished
    call or recording, and will not delete it. A recording's audio: `media_404`, `media_cut` (the connection breaks in
    the middle), `media_short` (half of it, as if that were all), `media_slow` (it takes `slow_seconds`; only on a
    network).
    """

    duplicate: float = 0.0
    reorder: float = 0.0
    delay: float = 0.0
    drop: float = 0.0
    repeat: float = 0.0
    rest_429: float = 0.0
    rest_500: float = 0.0
    rest_timeout: float = 0.0
    rest_lost: float = 0.0
    rest_held: float = 0.0
    media_404: float = 0.0
    media_cut: float = 0.0
    media_short: float = 0.0
    media_slow: float = 0.0
    delay_seconds: float = 20.0
    held_seconds: float = 14 * 86_400.0
    slow_seconds: float = 20.0
    script: list[Forced] = field(default_factory=list)
    _lots: dict[str, float] = field(default_factory=dict, repr=False)

    def force(self, fault: Fault, *, path: str = "", method: str = "", times: int = 1) -> None:
        """Let the next `times` requests whose path contains `path` suffer this fault for certain."""
        self.script.append(Forced(fault=fault, path=path, method=method.upper(), times=times))

    def for_callback(self, method: str, path: str, dice: random.Random) -> set[CallbackFault]:
        """Return what befalls a status or recording callback."""
        return {fault for fault in CALLBACK_FAULTS if self._befalls(fault, getattr(self, fault), method, path, dice)}

    def for_request(self, method: str, path: str, dice: random.Random) -> bool:
        """Return whether a request for TwiML is sent twice."""
        return self._befalls("repeat", self.repeat, method, path, dice)

    def for_rest(self, method: str, path: str, dice: random.Random) -> RestFault | None:
        """Return what befalls a REST request, if anything."""
        for fault in REST_FAULTS:
            if self._befalls(fault, getattr(self, f"rest_{fault}"), method, path, dice):
                return fault
        return None

    def for_deletion(self, method: str, path: str, sid: str, ended_seconds: float, dice: random.Random) -> bool:
        """Return whether Twilio still holds on to something that ended so long ago; of one thing it thinks once."""
        if self._befalls("held", 0.0, method, path, dice):
            return True
        if not self.rest_held or ended_seconds >= self.held_seconds:
            return False
        return self._lots.setdefault(sid, dice.random()) < self.rest_held

    def for_media(self, method: str, path: str, dice: random.Random) -> MediaFault | None:
        """Return what befalls a recording's audio on its way, if anything."""
        for fault in MEDIA_FAULTS:
            if self._befalls(fault, getattr(self, f"media_{fault}"), method, path, dice):
                return fault
        return None

    def _befalls(self, fault: Fault, chance: float, method: str, path: str, dice: random.Random) -> bool:
        forced = next(self._matching(fault, method, path), None)
        if forced is not None:
            forced.times -= 1
            if forced.times <= 0:
                with suppress(ValueError):
                    self.script.remove(forced)
            return True
        return chance > 0 and dice.random() < chance

    def _matching(self, fault: Fault, method: str, path: str) -> Iterator[Forced]:
        return (
            entry
            for entry in self.script
            if entry.fault == fault and entry.path in path and entry.method in ("", method.upper())
        )
