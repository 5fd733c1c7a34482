from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from telephony import client
from tests.calls.factories import AT
from tests.retention.account import Account, Silent
from tests.telephony.adapter import reached


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], datetime]:
    """Give what moves the time on."""
    now = [AT + timedelta(days=1)]
    monkeypatch.setattr("django.utils.timezone.now", lambda: now[0])

    def wait(so_long: timedelta) -> datetime:
        now[0] += so_long
        return now[0]

    return wait


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """Give what Twilio keeps, as long as this test asks it."""
    monkeypatch.setattr(client, "PAUSES", (0.0,))
    account = Account()
    with reached(account, Silent):
        yield account
