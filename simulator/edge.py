"""Browser phones: which clients are registered, what rings at them, and what their pages are to be told.

What a page is told of a leg is worked out from the leg and from what the page has been told before.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from simulator import tokens
from simulator.clock import Clock
from simulator.legs import Decision, Leg

KEPT = 1000
"""How many events are kept for a page that does not fetch them."""


class NotThere(Exception):
    """Raise when a page asks for what its device does not have: it is not registered, or the call is not its own."""


@dataclass(slots=True)
class Line:
    """One call as a device knows it."""

    stage: str
    heard: int = 0


@dataclass(slots=True, eq=False)
class Device:
    """One page that registered. `key` is what it shows from then on."""

    key: str
    identity: str
    expires: datetime
    rings: bool = True
    """Whether calls ring here; not after the page unregistered, though a call it is in goes on."""
    lines: dict[str, Line] = field(default_factory=dict)
    muted: set[str] = field(default_factory=set)
    events: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=KEPT))
    serial: int = 0

    def tell(self, kind: str, leg: Leg, **more: Any) -> None:
        """Add an event, under the next number."""
        self.serial += 1
        self.events.append({"id": self.serial, "type": kind, "sid": leg.sid} | more)


class Board(Protocol):
    """What the edge needs of the switchboard."""

    account_sid: str
    clock: Clock
    legs: dict[str, Leg]
    keys: Mapping[str, str]

    def new_sid(self, prefix: str) -> str:
        """Return a new id."""
        ...

    def decide(self, leg: Leg, decision: Decision) -> None:
        """Tell a ringing leg what its phone does."""
        ...

    def hang_up(self, leg: Leg) -> None:
        """Let the person on a leg put the phone down."""
        ...

    def changed(self) -> None:
        """Say that something changed."""
        ...


class Edge:
    """The account's browser phones. Every method may be called from any thread."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._devices: dict[str, Device] = {}

    # What pages do

    def register(self, token: str, key: str = "") -> Device:
        """Let a page be called, or show a newer token; raise `TokenRefused`. An unknown key is a new device."""
        board = self._board
        with board.clock.lock:
            grant = tokens.read(token, account_sid=board.account_sid, keys=board.keys, now=board.clock.wall())
            device = self._devices.get(key)
            if device is None or device.identity != grant.identity:
                device = Device(board.new_sid("DV"), grant.identity, grant.expires)
                self._devices[device.key] = device
            device.expires, device.rings = grant.expires, True
            board.changed()
            return device

    def unregister(self, key: str) -> None:
        """Ring no more at this page; a call that it is in goes on."""
        with self._board.clock.lock:
            self.device(key).rings = False
            self._board.changed()

    def forget(self, key: str) -> None:
        """Drop a device whose page is gone; its calls end as when a browser's tab is closed."""
        with self._board.clock.lock:
            device = self._devices.pop(key, None)
            for sid in device.lines if device is not None else ():
                leg = self._board.legs[sid]
                if leg.device == key and leg.live:
                    self._board.hang_up(leg)
            self._board.changed()
        self._board.clock.settle()

    def accept(self, key: str, call_sid: str) -> None:
        """Take a call that rings at this page; it stops ringing at the others."""
        with self._board.clock.lock:
            leg = self._ringing(key, call_sid)
            leg.device = key
            self._board.decide(leg, "answer")
            self.follow(leg)
            self._board.changed()
        self._board.clock.settle()

    def reject(self, key: str, call_sid: str) -> None:
        """Refuse a call that rings at this page, for all pages of this client."""
        with self._board.clock.lock:
            self._board.decide(self._ringing(key, call_sid), "decline")
        self._board.clock.settle()

    def mute(self, key: str, call_sid: str, muted: bool) -> None:
        """Close the page's microphone, or open it: nothing of that reaches the application."""
        with self._board.clock.lock:
            self.own(key, call_sid)
            change = self.device(key).muted.add if muted else self.device(key).muted.discard
            change(call_sid)

    def warn(self, call_sid: str, name: str, *, cleared: bool = False) -> None:
        """Let the page that has this call notice bad sound, under the SDK's name for it, or that it is over."""
        with self._board.clock.lock:
            kind = "warning-cleared" if cleared else "warning"
            self.holder(call_sid).tell(kind, self._board.legs[call_sid], name=name)
            self._board.changed()

    # What there is

    def device(self, key: str) -> Device:
        """Return a registered device."""
        found = self._devices.get(key)
        if found is None:
            raise NotThere("This page is not registered, or no longer.")
        return found

    def holder(self, call_sid: str) -> Device:
        """Return the device that has this call."""
        leg = self._board.legs.get(call_sid)
        found = self._devices.get(leg.device) if leg is not None and leg.live else None
        if found is None:
            raise NotThere("No browser phone has this call.")
        return found

    def own(self, key: str, call_sid: str) -> Leg:
        """Return a live call that this page took."""
        leg = self._board.legs.get(call_sid)
        if leg is None or leg.device != self.device(key).key or not leg.live:
            raise NotThere("This page has no such call, or no longer.")
        return leg

    def devices_of(self, address: str) -> frozenset[str]:
        """Return the devices at which a call to this address rings."""
        now = self._board.clock.wall()
        identity = address.removeprefix("client:") if address.startswith("client:") else None
        return frozenset(
            device.key
            for device in self._devices.values()
            if device.rings and device.identity == identity and device.expires > now
        )

    def events(self, key: str, since: int = 0) -> list[dict[str, Any]]:
        """Return what a page has to be told after its event number `since`."""
        with self._board.clock.lock:
            device = self.device(key)
            for sid in tuple(device.lines):
                _note(device, self._board.legs[sid])
            return [event for event in device.events if event["id"] > since]

    def has_news(self, key: str, since: int) -> bool:
        """Return whether asking for a page's events might be worth it; cheap, and never wrong when it says no."""
        device = self._devices.get(key)
        return device is None or bool(device.lines) or device.serial > since

    def follow(self, leg: Leg) -> None:
        """Tell the pages that a leg rings or rang at how it stands."""
        for key in leg.rings_at:
            device = self._devices.get(key)
            if device is not None:
                _note(device, leg)

    def as_json(self) -> list[dict[str, Any]]:
        """Return the registered clients for the page."""
        counts: dict[str, int] = {}
        for device in self._devices.values():
            counts[device.identity] = counts.get(device.identity, 0) + device.rings
        return [{"address": f"client:{name}", "devices": count} for name, count in counts.items() if count]

    def _ringing(self, key: str, call_sid: str) -> Leg:
        leg = self._board.legs.get(call_sid)
        if leg is None or leg.decision is None or self.device(key).key not in leg.rings_at or leg.device:
            raise NotThere("This call does not ring here, or no longer.")
        return leg


def _note(device: Device, leg: Leg) -> None:
    """Tell a device how far a call has come since it was last told."""
    line = device.lines.get(leg.sid)
    stage = _stage(device, leg)
    if line is None:
        if stage == "over":
            return
        line = device.lines[leg.sid] = Line("ringing")
        device.tell("incoming", leg, parameters=_parameters(leg), custom=dict(leg.shown))
    if line.stage == "ringing" and stage == "open":
        device.tell("accept", leg)
        # What rang before is not part of the talk.
        line.heard = sum(heard.kind == "ring" for heard in leg.heard)
    if line.stage == "open" or stage == "open":
        for heard in leg.heard[line.heard :]:
            device.tell("heard", leg, heard=heard.as_json())
        line.heard = len(leg.heard)
    if stage == "over" and line.stage != "over":
        device.tell("disconnect" if leg.device == device.key else "cancel", leg, status=leg.status)
        device.muted.discard(leg.sid)
        del device.lines[leg.sid]
    line.stage = stage


def _stage(device: Device, leg: Leg) -> str:
    if leg.device == device.key and leg.live:
        return "open" if leg.status == "in-progress" else "ringing"
    return "ringing" if leg.decision is not None and not leg.device else "over"


def _parameters(leg: Leg) -> dict[str, str]:
    return {"CallSid": leg.sid, "From": leg.from_, "To": leg.to, "Direction": "INCOMING"}
