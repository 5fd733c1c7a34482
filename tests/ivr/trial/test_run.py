from datetime import UTC, datetime

import pytest

from ivr.trial.conditions import Conditions
from ivr.trial.run import run
from ivr.trial.world import World
from tests.ivr.factories import END, URLS, make_document


@pytest.mark.xfail(raises=NotImplementedError)
def test_a_call_that_ends_at_once() -> None:
    conditions = Conditions(datetime(2026, 3, 2, 15, tzinfo=UTC))

    assert run(World(make_document({"1": END})), conditions, (), urls=lambda _turn, _loop: URLS).ending == "completed"
