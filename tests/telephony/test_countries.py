import phonenumbers
import pytest

from telephony.countries import COUNTRIES, code


def test_every_country_that_has_numbers_has_a_name():
    assert COUNTRIES.keys() == phonenumbers.SUPPORTED_REGIONS
    assert all(name == name.strip() != "" for name in COUNTRIES.values())


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("DE", "DE"),
        (" germany ", "DE"),
        ("united  kingdom", "GB"),
        ("us", "US"),
        ("Czechia", "CZ"),
        ("czech republic", "CZ"),
        ("Atlantis", ""),
        ("", ""),
    ],
)
def test_a_country_is_found_by_code_or_name(written, found):
    assert code(written) == found
