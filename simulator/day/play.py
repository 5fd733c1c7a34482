"""The day as it goes: at each look at the telephones everybody does what is due. Times are the simulator's seconds."""

import statistics
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from simulator.day import plan
from simulator.day.plan import Caller, Habits, Taking

SCREENING_SECONDS = 2.0


class Phones(Protocol):
    """What the day needs of the telephones."""

    def people(self) -> list[dict[str, Any]]:
        """Return the live calls, as their people know them."""
        ...

    def dial(self, number: str, to: str) -> str | None:
        """Let somebody call."""
        ...

    def do(self, sid: str, act: str, **more: Any) -> bool:
        """Let somebody do something; return whether it was still possible."""
        ...


@dataclass(slots=True)
class Call:
    """One caller's call so far."""

    caller: Caller
    began: float
    keys: str
    menu_since: float | None = None
    talk_since: float | None = None
    has_spoken: bool = False


@dataclass(slots=True)
class Ring:
    """One ring of somebody's phone so far."""

    taking: Taking
    since: float
    answered: bool = False
    declined: bool = False
    asked_since: float | None = None
    talk_since: float | None = None


@dataclass(slots=True)
class Tally:
    """What has happened."""

    dialed: int = 0
    fates: Counter[str] = field(default_factory=Counter)
    rings: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    talks: list[float] = field(default_factory=list)


class Day:
    """One day being played. `look` is called again and again."""

    def __init__(
        self,
        phones: Phones,
        callers: Sequence[Caller],
        *,
        to: str,
        seed: int,
        habits: Habits,
        held: Collection[str],
    ) -> None:
        """`held` are the phones whose rings the day answers."""
        self.tally = Tally()
        self._phones = phones
        self._coming = list(callers)
        self._to = to
        self._seed = seed
        self._habits = habits
        self._held = frozenset(held)
        self._calls: dict[str, Call] = {}
        self._rings: dict[str, Ring] = {}
        self._nth: Counter[str] = Counter()

    @property
    def over(self) -> bool:
        """Whether nobody comes any more, and nobody is left."""
        return not self._coming and not self._calls

    def look(self, now: float) -> None:
        """Do all that is due."""
        live = {each["sid"]: each for each in self._phones.people()}
        self._settle(live, now)
        for sid, each in live.items():
            if sid in self._calls:
                self._be_caller(sid, self._calls[sid], each, now)
            elif each["direction"] != "inbound" and each["phone"] in self._held and not each["browser"]:
                self._be_rung(sid, each, now)
        while self._coming and self._coming[0].at <= now:
            self._dial(self._coming.pop(0), now)

    def close(self) -> None:
        """Let all callers who are left hang up."""
        self._coming.clear()
        for sid in self._calls:
            self.tally.fates["still on the line at the end"] += 1
            self._phones.do(sid, "hang-up")
        self._calls.clear()

    def _settle(self, live: Collection[str], now: float) -> None:
        for sid in [sid for sid in self._calls if sid not in live]:
            call = self._calls.pop(sid)
            if call.talk_since is not None:
                self.tally.talks.append(now - call.talk_since)
            self.tally.fates["talked" if call.talk_since is not None else _fate(call)] += 1
        for sid in [sid for sid in self._rings if sid not in live]:
            ring = self._rings.pop(sid)
            if not ring.declined:
                self.tally.rings["answered" if ring.answered else "missed"] += 1

    def _dial(self, caller: Caller, now: float) -> None:
        sid = self._phones.dial(caller.number, self._to)
        self.tally.dialed += 1
        if sid is None:
            self.tally.fates["could not call"] += 1
        else:
            self._calls[sid] = Call(caller, now, caller.keys)

    def _be_caller(self, sid: str, call: Call, seen: dict[str, Any], now: float) -> None:
        if seen["talking"] and call.talk_since is None:
            call.talk_since = now
            self.tally.waits.append(now - call.began)
        if call.talk_since is not None:
            if now - call.talk_since > call.caller.talk:
                self._phones.do(sid, "hang-up")
        elif seen["doing"] == "recording":
            self._leave_message(sid, call, now)
        elif now - call.began > call.caller.patience:
            self._phones.do(sid, "hang-up")
        elif seen["doing"].startswith("gathering keys") and call.keys:
            call.menu_since = call.menu_since or now
            if now - call.menu_since > call.caller.thinking:
                self._phones.do(sid, "press", digits=call.keys[0])
                call.keys, call.menu_since = call.keys[1:], None
        else:
            call.menu_since = None

    def _leave_message(self, sid: str, call: Call, now: float) -> None:
        if not call.has_spoken:
            call.has_spoken, call.menu_since = True, now
            self._phones.do(sid, "speak", text=call.caller.message)
        elif call.menu_since is not None and now - call.menu_since > len(call.caller.message) / 10:
            self._phones.do(sid, "hang-up")

    def _be_rung(self, sid: str, seen: dict[str, Any], now: float) -> None:
        ring = self._rings.get(sid)
        if ring is None:
            phone = seen["phone"]
            self._nth[phone] += 1
            taking = plan.taking(seed=self._seed, phone=phone, nth=self._nth[phone], habits=self._habits)
            ring = self._rings[sid] = Ring(taking, now)
        if not (ring.answered or ring.declined):
            self._decide(sid, ring, seen, now)
        elif seen["talking"]:
            ring.talk_since = ring.talk_since or now
            if now - ring.talk_since > ring.taking.talk:
                self._phones.do(sid, "hang-up")
        elif seen["doing"].startswith("gathering keys"):
            # Somebody asks for a key before connecting.
            ring.asked_since = ring.asked_since or now
            if now - ring.asked_since > SCREENING_SECONDS:
                self._phones.do(sid, "press", digits="1")
                ring.asked_since = None

    def _decide(self, sid: str, ring: Ring, seen: dict[str, Any], now: float) -> None:
        if "answer" not in seen["can"] or now - ring.since < ring.taking.after:
            return
        if not ring.taking.declines:
            ring.answered = self._phones.do(sid, "answer")
        elif self._phones.do(sid, "decline"):
            ring.declined = True
            self.tally.rings["declined"] += 1


def _fate(call: Call) -> str:
    return "left a message" if call.has_spoken else "left without talking"


def summary(tally: Tally) -> str:
    """Return how the day went, in lines for people."""
    lines = [f"{tally.dialed} calls"]
    lines += [f"  {count:5} {fate}" for fate, count in tally.fates.most_common()]
    lines.append(f"{sum(tally.rings.values())} rings of telephones")
    lines += [f"  {count:5} {what}" for what, count in tally.rings.most_common()]
    if tally.waits:
        ordered = sorted(tally.waits)
        longest = ordered[int(len(ordered) * 0.95)]
        lines.append(f"until talking: {statistics.median(ordered):.0f} s median, {longest:.0f} s in the slowest 5 %")
    if tally.talks:
        lines.append(f"talks: {statistics.median(tally.talks):.0f} s median")
    return "\n".join(lines)
