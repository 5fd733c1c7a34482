"""Several at the same moment, each in a thread with a connection of its own, as workers and requests are."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import TypeVar

from django.db import connection, connections

from tests.patience import PATIENCE

Result = TypeVar("Result")


def at_once(*works: Callable[[], Result]) -> list[Result]:
    """Begin all of these when each has its connection; return what they return, or raise what one of them raises."""
    start = Barrier(len(works), timeout=PATIENCE)

    def begin(work: Callable[[], Result]) -> Result:
        connection.ensure_connection()
        start.wait()
        return work()

    with beside(len(works)) as submit:
        begun = [submit(lambda work=work: begin(work)) for work in works]  # type: ignore[misc]  # its default
    return [one.result() for one in begun]


@contextmanager
def beside(most: int = 1) -> Iterator[Callable[[Callable[[], Result]], "Future[Result]"]]:
    """Give what begins something beside the test, so many at the most; at the end it is waited for."""

    def run(work: Callable[[], Result]) -> Result:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(most) as pool:
        yield lambda work: pool.submit(run, work)
