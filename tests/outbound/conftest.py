"""What all tests of orders need: a number to show, and a flow."""

from typing import Any

import pytest

from ivr.models import Flow
from tests.outbound.factories import NOON
from tests.scenarios import flows


@pytest.fixture(autouse=True)
def standard_number(settings: Any) -> None:
    settings.TWILIO_CALLER_ID = "+15005550100"


@pytest.fixture
def flow(db: None) -> Flow:
    return flows.publish("Parcels", {"Bye": flows.hang_up("Have a nice day.")}, at=NOON)
