"""What a leg is doing, as a generator that yields its waits and is stepped by the clock.

A process is resumed only by events of the clock, never from within another process, so that a verb may end another
leg, or its own, without being re-entered.
"""

from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from simulator.clock import Clock, Timer

T = TypeVar("T")


class Interruption(Exception):
    """Raise inside a process to end what it is doing; verbs catch it only to tidy up."""


class HungUp(Interruption):
    """The leg has ended."""


class Replaced(Interruption):
    """A REST request gave the leg a new document."""


class Inbox:
    """Things that may happen while a verb runs (keys, speech, another leg's fate), in order."""

    def __init__(self) -> None:
        self._items: deque[Any] = deque()
        self._arrived: Callable[[], None] | None = None

    def put(self, item: Any) -> None:
        """Add an item and wake whoever waits."""
        self._items.append(item)
        if self._arrived is not None:
            self._arrived()

    def take(self) -> Any:
        """Return the oldest item, or None."""
        return self._items.popleft() if self._items else None

    def __bool__(self) -> bool:
        return bool(self._items)

    def notify(self, arrived: Callable[[], None] | None) -> None:
        """Call this when something arrives."""
        self._arrived = arrived


class Waiting(Protocol):
    """Something a process can yield: it begins to wait, and calls `resume` with a result once."""

    def begin(self, clock: Clock, resume: Callable[[Any], None]) -> Callable[[], None]:
        """Begin, and return the function that gives up waiting."""
        ...


@dataclass(frozen=True, slots=True)
class Wait:
    """Wait for seconds, for an item in an inbox, or whichever comes first; the result is the item, or None."""

    seconds: float | None = None
    inbox: Inbox | None = None
    background: bool = False

    def begin(self, clock: Clock, resume: Callable[[Any], None]) -> Callable[[], None]:
        """Begin to wait."""
        timers: list[Timer] = []
        inbox = self.inbox

        def give_up() -> None:
            for timer in timers:
                timer.cancel()
            if inbox is not None:
                inbox.notify(None)

        def wake() -> None:
            give_up()
            resume(inbox.take() if inbox is not None else None)

        if inbox:
            timers.append(clock.call_later(0, wake))
            return give_up
        if self.seconds is not None:
            timers.append(clock.call_later(self.seconds, wake, background=self.background))
        if inbox is not None:
            inbox.notify(lambda: timers.append(clock.call_later(0, wake)))
        return give_up


@dataclass(frozen=True, slots=True)
class Outside:
    """Wait for work that is done elsewhere; the result is what it returns."""

    work: Callable[[], Any]

    def begin(self, clock: Clock, resume: Callable[[Any], None]) -> Callable[[], None]:
        """Hand the work over."""
        waiting = [True]

        def done(result: Any) -> None:
            if waiting[0]:
                resume(result)

        clock.outside(self.work, done)
        return lambda: waiting.__setitem__(0, False)


Steps = Generator[Waiting, Any, T]
"""A generator that yields waits and returns a T."""


class Process:
    """One running generator."""

    def __init__(self, clock: Clock, steps: Steps[None]) -> None:
        self._clock = clock
        self._steps = steps
        self._give_up: Callable[[], None] | None = None
        self.running = True
        clock.call_later(0, lambda: self._step(lambda: next(self._steps)))

    def interrupt(self, reason: Interruption) -> None:
        """Raise an exception at the point where the process waits, as an event of its own; the wait is over at once."""
        if self._give_up is not None:
            self._give_up()
        self._clock.call_later(0, lambda: self._interrupt(reason))

    def _interrupt(self, reason: Interruption) -> None:
        if not self.running:
            return
        if self._give_up is not None:
            self._give_up()
        self._step(lambda: self._steps.throw(reason))

    def _step(self, send: Callable[[], Waiting]) -> None:
        if not self.running:
            return
        self._give_up = None
        try:
            waiting = send()
        except (StopIteration, Interruption):
            self.running = False
            return
        except BaseException:
            self.running = False
            raise
        self._give_up = waiting.begin(self._clock, lambda result: self._step(lambda: self._steps.send(result)))
