"""The company's telephones, on a clock of their own; and what must be true at the end of every call."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.simulator import NoAnswer, VirtualClock
from telephony import client
from telephony.models import Delivery
from tests.scenarios.desk import MONDAY, Desk
from tests.telephony.adapter import reached

APPLICATION_ERROR = "application error"


@pytest.fixture
def desk(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    settings.DATA_DIR = tmp_path
    clock = VirtualClock(MONDAY)
    # The one seam for time: everything here asks Django what time it is.
    monkeypatch.setattr("django.utils.timezone.now", clock.now)
    monkeypatch.setattr(client, "PAUSES", (0.0, 0.0, 0.0))  # this clock does not go on while a task sleeps
    desk = Desk(clock)
    with reached(desk.twilio, NoAnswer):
        yield desk
    found = [str(violation) for violation in desk.twilio.violations if violation.code not in desk.expected]
    assert found == [], "Twilio would have complained"
    assert not any(APPLICATION_ERROR in leg.heard_text for leg in desk.twilio.legs())
    if not desk.failures_expected:
        assert not Delivery.objects.exclude(state=Delivery.State.DONE).exists()
