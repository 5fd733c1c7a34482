"""How long a test waits for what comes in its own time: longer than a busy machine takes, as no test is about that."""

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE = 60.0  # seconds

Found = TypeVar("Found")


def until(look: Callable[[], Found], told: Callable[[], object] = lambda: "it did not come about") -> Found:
    """Look again and again until something is found, and return it; `told` says what was there instead."""
    end = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < end, told()
        time.sleep(0.02)
    return found
