"""Tests of the limits and the ledger as rows."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from dialing.models import Attempt, Limits, Rate, is_country
from dialing.states import Rule
from tests.dialing.factories import attempt, set_limits

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)


def test_the_standard_limits_are_there_from_the_start_and_only_once(settings):
    settings.DEFAULT_COUNTRY = "AT"

    limits = Limits.objects.get()

    assert limits.bounds.countries == {"AT"}
    assert limits.spend_per_day == Decimal(100)
    with pytest.raises(IntegrityError), transaction.atomic():
        Limits.objects.create(pk=2)
    assert set_limits(countries=["US", "CA"]).bounds.countries == {"US", "CA"}


def test_a_country_is_known_by_its_code():
    is_country("DE")
    with pytest.raises(ValidationError, match="XX is no country"):
        is_country("XX")


def test_refused_and_withdrawn_attempts_do_not_count():
    counted = attempt(at=NOW)
    attempt(at=NOW, rule=Rule.HOURS)
    attempt(at=NOW, withdrawn_at=NOW)

    assert list(Attempt.objects.counted()) == [counted]
    assert str(counted) == f"Attempt {counted.pk}"


def test_a_rate_is_known_once():
    Rate.objects.create(country="US", kind="other")

    with pytest.raises(IntegrityError), transaction.atomic():
        Rate.objects.create(country="US", kind="other")
