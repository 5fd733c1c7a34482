"""The hour itself: begin, play, let all come to rest, and print what became of it."""

import os
import signal
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path

from django.db import connection

from agents.models import Agent
from benchmarks import load
from benchmarks.day import desks, floor, processes, verdict
from queues.models import Offer
from simulator.day import plan
from simulator.day.phones import Phones
from simulator.day.plan import Habits
from simulator.day.play import Day, summary

SPEED = float(os.environ.get("BENCH_DAY_SPEED", "20"))
HOURS = float(os.environ.get("BENCH_DAY_HOURS", "1"))
PER_HOUR = float(os.environ.get("BENCH_DAY_CALLS", "600"))
AGENTS = int(os.environ.get("BENCH_DAY_AGENTS", "60"))
FAULTS = float(os.environ.get("BENCH_DAY_FAULTS", "0.02"))
SEED = int(os.environ.get("BENCH_DAY_SEED", "1"))
PORT = int(os.environ.get("BENCH_PORT", "8490"))
KINDS = (
    "duplicate", "reorder", "delay", "drop", "repeat", "rest_429", "rest_500", "rest_timeout", "rest_lost",
)  # fmt: skip
TALK = 100.0
HABITS = Habits(talk=TALK, declines=0.03, loyal=0.3, keys={"1": 4, "2": 4, "3": 2})
LOOK_SECONDS = 0.2
DRAIN_SECONDS = 180.0
"""On the wall: how long the last ones may stay on the line."""
REST_SECONDS = float(os.environ.get("BENCH_DAY_REST", "420"))
"""On the wall: how long the rows may take to agree. A call is asked about after three quiet minutes."""


def measure() -> None:
    """Play the hour and print the figures."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    origin, simulator = f"http://127.0.0.1:{PORT + 1}", f"http://127.0.0.1:{PORT + 2}"
    os.environ["TWILIO_API_BASE_URL"] = simulator
    people = floor.furnish(AGENTS)
    folder = Path(os.environ.get("BENCH_DAY_FOLDER") or tempfile.mkdtemp(prefix="day-"))
    folder.mkdir(exist_ok=True)
    floor.simulator_config(people, url=origin, path=folder / "simulator.json")
    with processes.running(folder, port=PORT + 1, simulator_port=PORT + 2, speed=SPEED, origin=origin) as pids:
        _play(people, simulator, folder, pids)


def _play(people: floor.Floor, simulator: str, folder: Path, pids: dict[str, int]) -> None:
    phones = Phones(simulator)
    phones.set_speed(SPEED)
    callers = plan.calls(seed=SEED, first_hour=10, hours=HOURS, per_hour=PER_HOUR, habits=HABITS)
    numbers = people.numbers.values()
    day = Day(phones, callers, to=floor.LINE, seed=SEED, habits=HABITS, held=numbers)
    at_work = desks.Desks(people, simulator=simulator, speed=SPEED, seed=SEED, talk=TALK)
    at_work.open()
    phones.set_faults(dict.fromkeys(KINDS, FAULTS), SEED)
    before, began = _spent(pids), time.monotonic()
    alone = Alone(phones)
    alone.thread.start()
    print(f"{len(callers)} calls to come", flush=True)
    _until_over(day)
    print("All have called; now all comes to rest", flush=True)
    took, after = time.monotonic() - began, _spent(pids)
    day.close()
    phones.set_faults(dict.fromkeys(KINDS, 0.0))
    phones.set_speed(1)
    alone.over.set()
    alone.thread.join()
    rested = _rest(phones)
    taken = sum(phone.taken for phone in at_work.phones.values())
    at_work.close()
    costs = {name: (after[name] - before[name]) / max(day.tally.dialed, 1) for name in after}
    print(
        f"Processor ms per call, by process: {', '.join(f'{name} {1000 * each:.0f}' for name, each in costs.items())}"
    )
    print(f"It took {took:.0f} s, in which a core is busy {sum(costs.values()) * day.tally.dialed:.0f} s")
    _print(day, phones, people, alone, rested, taken, folder)
    connection.close()


def _spent(pids: dict[str, int]) -> dict[str, float]:
    return {name: load.cpu_seconds(pid) for name, pid in pids.items()} | {"people": time.process_time()}


def _until_over(day: Day) -> None:
    began = time.monotonic()
    while not day.over:
        wall = time.monotonic() - began
        if wall > HOURS * 3600 / SPEED + DRAIN_SECONDS:
            return
        day.look(wall * SPEED)
        time.sleep(LOOK_SECONDS)


def _rest(phones: Phones) -> float:
    """Wait until the rows agree with the simulator, and return after how many seconds they did."""
    began = time.monotonic()
    while (spent := time.monotonic() - began) < REST_SECONDS:
        legs = {leg["sid"]: leg for leg in phones.snapshot()["legs"]}
        if all(leg["ended"] for leg in legs.values()) and not verdict.differences(legs):
            break
        time.sleep(5)
    return spent


class Alone:
    """Watches for callers who are in a room and heard by nobody, not even on hold."""

    def __init__(self, phones: Phones) -> None:
        self.longest = 0.0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._watch, name="alone", daemon=True)
        self._phones = phones

    def _watch(self) -> None:
        since: dict[str, float] = defaultdict(time.monotonic)
        while not self.over.wait(0.5):
            alone = {
                call["sid"]
                for call in self._phones.people()
                if call["direction"] == "inbound" and not call["talking"]
                if call["doing"].startswith(("in conference", "waiting in conference"))
            }
            for sid in set(since) - alone:
                del since[sid]
            for sid in alone:
                self.longest = max(self.longest, time.monotonic() - since[sid])


def _print(
    day: Day, phones: Phones, people: floor.Floor, alone: Alone, rested: float, taken: int, folder: Path
) -> None:
    snapshot = phones.snapshot()
    legs = {leg["sid"]: leg for leg in snapshot["legs"]}
    addresses = [*people.numbers.values(), *(f"client:{agent.identity}" for agent in Agent.objects.all())]
    rings = verdict.double_rings(legs.values(), addresses)
    found = verdict.differences(legs)
    left = day.tally.fates["still on the line at the end"]
    silent = [sid for sid, leg in legs.items() if not leg["ended"]]
    print(
        f"A day: {HOURS:g} h of {PER_HOUR:g} calls/h, {AGENTS} agents ({taken} calls taken at browser phones), "
        f"{SPEED:g} times as fast, {FAULTS:.0%} faults of each of {len(KINDS)} kinds"
    )
    print("  " + summary(day.tally).replace("\n", "\n  "))
    print(f"  offers made: {Offer.objects.count()}")
    print(f"  calls stranded (on the line when all was over):      {left + len(silent)}")
    print(f"  callers who heard an application error:              {verdict.told_errors(legs.values())}")
    print(f"  longest time alone in a room, on the wall:           {alone.longest:.1f} s")
    print(f"  double offers (rows; phones with two calls at once): {verdict.double_offers()}; {len(rings)}")
    print(f"  rows that disagree at the end, after {rested:3.0f} s:           {len(found)} {verdict.by_kind(found)}")
    for each in found[:20]:
        print(f"    {each.what} {each.which}: {each.ours}, simulator: {each.theirs}")
    for one, other in rings[:10]:
        print(f"    rang twice: {one} {other}")
    if left or found or rings:
        print(f"  logs: {folder}")
