"""Which calls a replay is asked for."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate

from ivr.forms.replays import PeriodForm
from tests.ivr import rows

pytestmark = pytest.mark.django_db


def filled(**given: Any) -> PeriodForm:
    form = PeriodForm({"period": "dates", **given})
    form.is_valid()
    return form


def test_named_periods_are_whole_days_that_are_over() -> None:
    for name, days in (("yesterday", 1), ("last-week", 7)):
        period = filled(period=name).chosen(7)
        assert period.flow == 7
        assert timedelta(days=days - 1) < period.until - period.since < timedelta(days=days + 1)
        assert period.until.date() <= localdate()


def test_days_are_chosen_from_the_first_to_the_last_and_one_alone() -> None:
    line = rows.line("Front", "+15005550100", rows.simple_flow())

    period = filled(first="2026-03-02", last="2026-03-03", lines=[line.pk]).chosen(1)
    one = filled(first="2026-03-02").chosen(1)

    assert (period.until - period.since, period.lines) == (timedelta(days=2), (line.pk,))
    assert (one.until - one.since, one.lines) == (timedelta(days=1), ())


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "first"),
        ({"first": "9999-01-01"}, "first"),
        ({"first": "2026-03-02", "last": "2026-03-01"}, "last"),
        ({"first": "2026-01-01", "last": "2026-09-01"}, "last"),
    ],
)
def test_what_cannot_be_asked_is_told_beside_the_day(given: dict[str, str], field: str) -> None:
    assert list(filled(**given).errors) == [field]
