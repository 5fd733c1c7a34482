"""What of the hours needs somebody."""

import pytest
from django.urls import reverse

from agents import roles
from ivr.hours import attention
from tests.ivr import rows as drafts
from tests.ivr.hours import rows
from tests.ivr.hours.rows import AT

pytestmark = pytest.mark.django_db


def test_years_that_nobody_has_confirmed_are_told_with_what_happens_until_then():
    schedule = rows.office(country="DE", region="BY")

    found = attention.needed(drafts.person(roles.SUPERVISOR), at=AT)

    assert [one["text"] for one in found] == [
        f"Office: the public holidays of {year} are not confirmed. Until they are, callers meet the usual hours on "
        "those days."
        for year in (2026, 2027)
    ]
    assert found[1]["url"] == f"{reverse('admin:ivr_schedule_holidays', args=[schedule.pk])}?year=2027"
    assert attention.needed(drafts.person(roles.AGENT), at=AT) == []


def test_what_is_closed_at_once_is_told_the_newest_first():
    schedule = rows.office()
    rows.closure(schedule, at=AT, reason="First")
    rows.closure(schedule, at=AT, reason="Second")
    rows.closure(schedule, at=AT, reason="Opened", opened_at=AT)

    told = attention.closures(drafts.person(roles.SUPERVISOR), at=AT)

    assert [closure.reason for closure in told] == ["Second", "First"]
    assert not attention.closures(drafts.person(roles.AGENT), at=AT)
