"""Figures of steps; how they are counted is tested with `ivr/actions/counting.py`."""

from datetime import timedelta

import pytest

from ivr import figures
from ivr.models import StepCount
from tests.ivr import rows

pytestmark = pytest.mark.django_db


def test_days_are_added_up_and_other_steps_left_out():
    for back, step, exit_, callers in [(0, "1", "next", 2), (1, "1", "next", 3), (0, "1", "", 4), (0, "9", "next", 7)]:
        day = (rows.AT - timedelta(days=back)).date()
        StepCount.objects.create(day=day, step=step, exit=exit_, callers=callers)

    assert figures.of_last_days(["1"], at=rows.AT) == ({("1", "next"): 5}, {"1": 4})
