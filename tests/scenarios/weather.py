"""Rough weather: one request to Twilio that fails, one task that is lost, one worker that dies in the midst of it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from celery import Task
from django.test import TestCase

from crm.tasks import number
from simulator.simulator import NoAnswer
from tests.scenarios.desk import Desk
from tests.telephony.adapter import RestAnswer, reached

ATTEMPTS = {"429": 4}  # as often as our client asks before it gives up
KILLED = "killed"  # Twilio has done it, and then the worker dies


class Killed(BaseException):
    """The process is gone."""


class Troubled:
    """Twilio, whose answer to the request of that number is trouble. Counts from 1; 0 is fair weather."""

    def __init__(self, desk: Desk, number: int, fault: str) -> None:
        self.desk, self.number, self.fault = desk, number, fault
        self.asked: list[tuple[str, str]] = []
        self._left = ATTEMPTS.get(fault, 1)

    @property
    def has_struck(self) -> bool:
        return self._left == 0

    def rest(
        self,
        method: str,
        path: str,
        query: Sequence[tuple[str, str]],
        form: Sequence[tuple[str, str]],
        authorization: str,
    ) -> RestAnswer:
        self.asked.append((method, path))
        suffers = self.number and len(self.asked) >= self.number and self._left > 0
        if suffers and self.asked[self.number - 1] == (method, path):
            self._left -= 1
            if self.fault == KILLED:
                self.desk.twilio.rest(method, path, query, form, authorization)
                raise Killed
            self.desk.faults.force(self.fault, path=path, method=method)  # type: ignore[arg-type]  # one of its names
        answer: RestAnswer = self.desk.twilio.rest(method, path, query, form, authorization)
        return answer


@contextmanager
def trouble(desk: Desk, number: int, fault: str) -> Iterator[Troubled]:
    """Let the request of that number fail; a worker that is killed by it is the only one."""
    troubled = Troubled(desk, number, fault)
    desk.commits = lambda: perilous(lambda: False)
    with reached(troubled, NoAnswer):
        yield troubled


@contextmanager
def perilous(is_lost: Callable[[], bool]) -> Iterator[None]:
    """Run what waits for the commit as workers do that may die: one that does takes nothing else with it."""
    with TestCase.captureOnCommitCallbacks() as waiting, _mortal():
        yield
    for work in waiting:
        if _is_task(work) and is_lost():
            continue
        with TestCase.captureOnCommitCallbacks() as more, _mortal():
            work()
        waiting.extend(more)


def _is_task(work: Any) -> bool:
    """Tell an announcement to the workers from what a request does itself after its commit.

    That of events, which comes with every commit, is lost in the scenarios of events.
    """
    if getattr(work, "__self__", None) == number:
        return False
    return isinstance(work, partial) or isinstance(getattr(work, "__self__", None), Task)


@contextmanager
def _mortal() -> Iterator[None]:
    with suppress(Killed):
        yield


class Announced:
    """Counts what is announced to the workers; the task of that number is lost. Counts from 1; 0 is fair weather."""

    def __init__(self, desk: Desk, number: int) -> None:
        self.number, self.count = number, 0
        desk.commits = lambda: perilous(self._is_lost)

    def _is_lost(self) -> bool:
        self.count += 1
        return self.count == self.number
