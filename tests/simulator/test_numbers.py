import pytest

from simulator.numbers import country, formatted, geography, is_dialable, is_e164


@pytest.mark.parametrize(
    ("address", "number", "dialable"),
    [
        ("+14155550100", True, True),
        ("+442071234567", True, True),
        ("+0123456789", False, False),
        ("14155550100", False, False),
        ("+1 415", False, False),
        ("client:ann", False, True),
        ("client:", False, False),
        ("sip:ann@example.com", False, True),
        ("anonymous", False, False),
        ("", False, False),
    ],
)
def test_what_can_be_called(address, number, dialable):
    assert (is_e164(address), is_dialable(address)) == (number, dialable)


@pytest.mark.parametrize(
    ("address", "expected"), [("+14155550100", "US"), ("+353861234567", "IE"), ("+33123456789", "FR"), ("client:a", "")]
)
def test_the_country_of_a_number(address, expected):
    assert country(address) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [("+14155550100", "(415) 555-0100"), ("+442071234567", "+442071234567"), ("client:a", "client:a")],
)
def test_numbers_are_shown_in_national_style(address, expected):
    assert formatted(address) == expected


def test_unknown_geography_is_empty_not_missing():
    assert geography("From", "+999123456789") == dict.fromkeys(("FromCity", "FromState", "FromZip", "FromCountry"), "")
