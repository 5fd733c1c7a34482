"""How much work a piece of code is, counted and not timed: the same on a busy machine."""

import sys
from collections.abc import Callable


def effort(work: Callable[[], object]) -> int:
    """Run `work`; return how many calls of functions, Python's own among them, it took."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls
