"""Time for the simulator: a virtual clock that tests move, and a real one for people.

The simulator is one machine driven by events on one clock. `VirtualClock` is single-threaded: time moves only by
`advance` and `run_until_idle`, and requests to the application happen inline, inside those calls. `RealClock` runs the
same events on a thread of its own and requests in a pool; everything that touches the machine holds `lock`.
"""

import heapq
import itertools
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

T = TypeVar("T")

logger = logging.getLogger(__name__)


@dataclass(order=True, slots=True)
class Timer:
    """One event to come. `background` timers (a call's four-hour limit) do not keep `run_until_idle` going."""

    at: datetime
    serial: int
    action: Callable[[], None] = field(compare=False)
    background: bool = field(default=False, compare=False)
    canceled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        """Let it never fire; harmless when it already has."""
        self.canceled = True


class Clock(Protocol):
    """What the machine needs to know about time."""

    inline: bool
    """Whether requests to the application take no time on this clock."""

    @property
    def lock(self) -> AbstractContextManager[object]:
        """Hold this while touching the machine from outside."""
        ...

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...

    def wall(self) -> datetime:
        """Return what the clocks of those outside say, whose time may pass more slowly."""
        ...

    def call_later(self, seconds: float, action: Callable[[], None], *, background: bool = False) -> Timer:
        """Run an action on the machine after some seconds."""
        ...

    def outside(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        """Do work that waits for others, then bring its result back to the machine. `work` must not raise."""
        ...

    def settle(self) -> None:
        """Let everything that is due now happen (a clock with a thread of its own does so by itself)."""
        ...


EPOCH = datetime(2026, 1, 5, 15, 0, tzinfo=UTC)  # a Monday, 10:00 in New York


class StuckError(RuntimeError):
    """Raise when thousands of events happen without time going on: two documents that redirect to each other."""


class VirtualClock:
    """Time that stands still until a test moves it. For one thread; requests happen inside the calls below."""

    EVENTS_PER_MOMENT = 2000

    inline = True

    def __init__(self, start: datetime = EPOCH) -> None:
        self._now = start
        self._heap: list[Timer] = []
        self._serial = itertools.count()
        self._running = False
        self._at_this_moment = 0

    @property
    def lock(self) -> AbstractContextManager[object]:
        """One thread needs no lock, and a request that comes back to us while we wait for it must not wait for us."""
        return nullcontext()

    def now(self) -> datetime:
        """Return the present moment."""
        return self._now

    def wall(self) -> datetime:
        """Return the present moment: nobody is outside."""
        return self._now

    def call_later(self, seconds: float, action: Callable[[], None], *, background: bool = False) -> Timer:
        """Run an action after some seconds."""
        at = self._now + timedelta(seconds=max(seconds, 0.0))
        timer = Timer(at=at, serial=next(self._serial), action=action, background=background)
        heapq.heappush(self._heap, timer)
        return timer

    def outside(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        """Do the work as an event of its own, so that it never runs inside another event."""
        self.call_later(0, lambda: done(work()))

    def settle(self) -> None:
        """Let everything that is due now happen, and nothing later."""
        self.advance(0)

    def advance(self, seconds: float) -> None:
        """Move time on, letting each event happen at its moment."""
        self._run_to(self._now + timedelta(seconds=seconds))

    def run_until_idle(self, limit: float = 3600) -> None:
        """Jump from event to event until only people could change anything, or `limit` seconds have passed.

        Every timer counts as an event to come: the end of a spoken sentence, the time-out of a Gather or of a ringing
        phone, a recording's callback. Only background timers (limits on the length of a call) do not count.
        """
        end = self._now + timedelta(seconds=limit)
        while (upcoming := self._next_in_foreground()) is not None and upcoming <= end:
            self._run_to(upcoming)

    def _next_in_foreground(self) -> datetime | None:
        return min((t.at for t in self._heap if not t.canceled and not t.background), default=None)

    def _run_to(self, end: datetime) -> None:
        # Called from within an event (a webhook that calls us back): the loop outside goes on by itself.
        if self._running:
            return
        self._running = True
        try:
            while self._heap and self._heap[0].at <= end:
                self._fire(heapq.heappop(self._heap))
        finally:
            self._running = False
        self._now = max(self._now, end)

    def _fire(self, timer: Timer) -> None:
        if timer.canceled:
            return
        self._at_this_moment = self._at_this_moment + 1 if timer.at == self._now else 0
        if self._at_this_moment > self.EVENTS_PER_MOMENT:
            raise StuckError(
                f"{self.EVENTS_PER_MOMENT} events at {self._now:%H:%M:%S} and no end: documents in a circle?"
            )
        self._now = max(self._now, timer.at)
        timer.action()


class RealClock:
    """The time of the wall, or with `speed` that many times as fast.

    Events run on one thread, requests to the application in a pool of others.
    """

    inline = False

    def __init__(self, *, parallel_requests: int = 16, speed: float = 1.0) -> None:
        self.speed = speed
        # From here on time passes at this speed: a moment of ours, and the wall's at that moment.
        self._since = self._wall_since = datetime.now(tz=UTC)
        self._lock = threading.RLock()
        self._wake = threading.Condition(self._lock)
        self._heap: list[Timer] = []
        self._serial = itertools.count()
        self._stopped = False
        self._pool = ThreadPoolExecutor(parallel_requests, thread_name_prefix="simulator-request")
        self._thread = threading.Thread(target=self._run, name="simulator-clock", daemon=True)
        self._thread.start()

    @property
    def lock(self) -> AbstractContextManager[object]:
        """The lock that events run under."""
        return self._lock

    def now(self) -> datetime:
        """Return the present moment."""
        with self._lock:
            return self._since + (self.wall() - self._wall_since) * self.speed

    def wall(self) -> datetime:
        """Return the time of the wall."""
        return datetime.now(tz=UTC)

    def go(self, speed: float) -> None:
        """Let time pass at another speed from now on."""
        with self._wake:
            now, wall = self.now(), self.wall()
            self._since, self._wall_since, self.speed = now, wall, speed
            self._wake.notify()

    def call_later(self, seconds: float, action: Callable[[], None], *, background: bool = False) -> Timer:
        """Run an action on the clock's thread after some seconds."""
        with self._wake:
            at = self.now() + timedelta(seconds=max(seconds, 0.0))
            timer = Timer(at=at, serial=next(self._serial), action=action, background=background)
            heapq.heappush(self._heap, timer)
            self._wake.notify()
        return timer

    def outside(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        """Do the work in the pool and bring the result back as an event."""

        def run() -> None:
            result = work()
            self.call_later(0, lambda: done(result))

        with self._lock:
            if not self._stopped:
                self._pool.submit(run)

    def settle(self) -> None:
        """Nothing to do: the thread does it."""

    def stop(self) -> None:
        """End the thread and the pool; events still to come are dropped."""
        with self._wake:
            self._stopped = True
            self._wake.notify()
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._thread.join(timeout=5)

    def _run(self) -> None:
        with self._wake:
            while not self._stopped:
                wait = (self._heap[0].at - self.now()).total_seconds() if self._heap else None
                if wait is None or wait > 0:
                    self._wake.wait(wait / self.speed if wait else None)
                    continue
                timer = heapq.heappop(self._heap)
                if not timer.canceled:
                    self._guarded(timer.action)

    def _guarded(self, action: Callable[[], None]) -> None:
        # One broken event must not end time for every other call.
        try:
            action()
        except Exception:
            logger.exception("An event of the simulator failed")
