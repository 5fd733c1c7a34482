"""The company's telephones, on a clock of their own; and what must be true at the end of every call."""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from simulator.simulator import NoAnswer, VirtualClock
from telephony import client, logs
from telephony.models import Delivery
from tests.dialing.factories import UNBOUND, set_limits
from tests.scenarios.desk import MONDAY, Desk
from tests.telephony.adapter import reached

APPLICATION_ERROR = "application error"


@pytest.fixture
def desks(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Desk]]:
    """Open a company on a clock of its own; from then on it is the one whose clock and Twilio count."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(client, "PAUSES", (0.0, 0.0, 0.0))  # this clock does not go on while a task sleeps
    with ExitStack() as stack:

        def opened() -> Desk:
            clock = VirtualClock(MONDAY)
            # The one seam for time: everything here asks Django what time it is.
            monkeypatch.setattr("django.utils.timezone.now", clock.now)
            desk = Desk(clock)
            set_limits(**UNBOUND)  # scenarios of other things call whom they like, when they like
            stack.enter_context(reached(desk.twilio, NoAnswer))
            return desk

        yield opened


@pytest.fixture
def desk(desks: Callable[[], Desk]) -> Iterator[Desk]:
    desk = desks()
    yield desk
    found = [str(violation) for violation in desk.twilio.violations if violation.code not in desk.expected]
    assert found == [], "Twilio would have complained"
    failed = any(APPLICATION_ERROR in leg.heard_text for leg in desk.twilio.legs())
    assert failed == desk.expects_application_error
    if not desk.failures_expected:
        assert not Delivery.objects.exclude(state=Delivery.State.DONE).exists()


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Give all that is logged, from DEBUG on, as both of our formatters write it."""
    written = StringIO()
    handlers = []
    root = logging.getLogger()
    for formatter in (logs.JsonFormatter(), logs.LineFormatter()):
        handler = logging.StreamHandler(written)
        handler.setFormatter(formatter)
        handler.addFilter(logs.CallContext())
        handlers.append(handler)
        root.addHandler(handler)
    level = root.level
    root.setLevel(logging.DEBUG)
    try:
        yield written
    finally:
        root.setLevel(level)
        for handler in handlers:
            root.removeHandler(handler)
