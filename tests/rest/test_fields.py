from datetime import UTC, datetime, timedelta, timezone

import pytest
from rest_framework.exceptions import ValidationError

from rest.fields import Moment, MomentFilter, read

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize("written", ["2026-03-02T15:00:00Z", "2026-03-02T16:00:00+01:00", "2026-03-02T15:00Z"])
def test_moments_are_read_with_their_zone(written):
    assert Moment().run_validation(written) == AT


@pytest.mark.parametrize(
    "written",
    ["2026-03-02T15:00:00", "2026-03-02", "soon", "", 7, None, "0001-01-01T00:00:00+12:00", "2026-13-45T00:00Z"],
)
def test_a_moment_without_a_zone_is_refused(written):
    with pytest.raises(ValidationError):
        Moment().run_validation(written)


def test_moments_are_written_in_utc():
    berlin = timezone(timedelta(hours=1))

    assert Moment().to_representation(AT.astimezone(berlin)) == "2026-03-02T15:00:00Z"


def test_filters_read_moments_in_the_same_way():
    field = MomentFilter().field

    assert field.clean("2026-03-02T16:00:00+01:00") == AT
    assert field.clean("") is None
    with pytest.raises(Exception, match="zone"):
        field.clean("2026-03-02T16:00:00")


def test_what_is_read_already_is_taken():
    assert read(AT) == AT
    assert read(AT.replace(tzinfo=None)) is None
