"""Whom a call may be given to."""

import pytest
from django.utils import timezone

from tests.agents.factories import agent as make_agent
from tests.agents.factories import ready_agent
from tests.dashboard.desk.factories import panel
from tests.queues.factories import make_queue

pytestmark = pytest.mark.django_db


def test_the_targets_of_a_transfer_are_colleagues_with_their_state_queues_and_anybody(desk, ann):
    make_queue("Sales")
    ready_agent("Bo", at=timezone.now())
    make_agent("Cleo")

    transfer = panel(desk, "targets", why="hand-over", conference="x")
    consult = panel(desk, "targets", why="consult", search="Bo")

    assert "Ring Bo" in transfer
    assert "Ring Cleo" not in transfer
    assert "No phone that can ring now" in transfer
    assert "Send to Sales" in transfer
    assert "Ring Bo" in consult
    assert "Cleo" not in consult
    assert "Send to Sales" not in consult
