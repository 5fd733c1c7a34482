"""Tests of what a number is: a table."""

import pytest

from dialing.destinations import Destination, Kind, destination


@pytest.mark.parametrize(
    ("number", "kind", "country"),
    [
        ("+14155550123", Kind.OTHER, "US"),
        ("+12505550199", Kind.OTHER, "CA"),
        ("+18765551234", Kind.MOBILE, "JM"),  # looks like home, and is charged like abroad
        ("+4930123456", Kind.OTHER, "DE"),
        ("+33612345678", Kind.MOBILE, "FR"),
        ("+19005551234", Kind.PREMIUM, "US"),
        ("+441632960123", Kind.OTHER, "GB"),  # given to nobody: the code tells the country
        ("+870773111632", Kind.MOBILE, ""),  # a satellite's
        ("911", Kind.EMERGENCY, ""),
        ("+911", Kind.EMERGENCY, ""),
        ("+1911", Kind.NONE, ""),
        ("4155550123", Kind.NONE, ""),
        ("+266696687", Kind.NONE, ""),
        ("anonymous", Kind.NONE, ""),
        ("client:ann", Kind.NONE, ""),
        ("", Kind.NONE, ""),
    ],
)
def test_a_number_is_of_a_kind_and_in_a_country(number, kind, country):
    assert destination(number, home="US") == Destination(kind, country)
