import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony import numbers


@pytest.mark.parametrize(
    ("raw", "country", "number"),
    [
        ("+14155552671", "US", "+14155552671"),
        ("(415) 555-2671", "US", "+14155552671"),
        ("020 7946 0958", "GB", "+442079460958"),
        ("+44 (0)20 7946 0958", "US", "+442079460958"),
        ("030 901820", "DE", "+4930901820"),
        ("0039 06 698 1", "DE", "+39066981"),
    ],
)
def test_what_people_type_becomes_e164(raw, country, number):
    assert numbers.parse(raw, country=country) == number


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "anonymous",
        "+266696687",
        "client:ann",
        "sip:+14155552671@x.example",
        "911",
        "12",
        "abc",
        "+1415555267 ext 5",
        "1" * 60,
    ],
)
def test_what_could_not_be_rung_from_anywhere_is_no_number(raw):
    assert numbers.parse(raw, country="US") is None


@given(st.text(max_size=50), st.sampled_from(["US", "DE", ""]))
def test_whatever_is_read_is_e164_and_reads_as_itself(raw, country):
    number = numbers.parse(raw, country=country)

    assert number is None or (numbers.is_e164(number) and numbers.parse(number, country="") == number)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("+14155552671", "+1 415-555-2671"),
        ("+442079460958", "+44 20 7946 0958"),
        ("+266696687", "Withheld"),
        ("+7378742833", "Withheld"),
        ("Anonymous", "Withheld"),
        ("", "Withheld"),
        ("client:ann", "ann (browser)"),
        ("client:ann?team=red", "ann (browser)"),
        ("sip:desk@company.sip.twilio.com;transport=tls", "desk@company.sip.twilio.com"),
        ("72345", "72345"),
        ("4150000000", "4150000000"),
        ("+999999999999999", "+999999999999999"),
        ("whisper:x", "whisper:x"),
    ],
)
def test_ends_of_calls_are_shown_for_people(raw, shown):
    assert numbers.show(raw) == shown


@given(st.text(max_size=50))
def test_anything_can_be_shown(raw):
    assert numbers.show(raw) or not raw.strip()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("+14155551234", "+1415****234"),
        ("from +14155551234 to +442079460958.", "from +1415****234 to +4420****958."),
        ("From=%2B14155551234&To=", "From=+1415****234&To="),
        ("sip:+14155551234@x.example", "sip:+1415****234@x.example"),
        ("4155551234", "4155****234"),
        ("call (415) 555-1234 now", "call 4155****234 now"),
        ("+1 415-555-1234", "+1415****234"),
        ("+49 30 901820", "+4930****820"),
        ("+4930123", "+4****123"),
    ],
)
def test_the_middle_of_numbers_is_hidden(text, masked):
    assert numbers.mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "CA12345678901234567890123456789012",
        "2026-11-21 00:51:02.123456+00:00",
        "Thu, 12 Feb 2026 11:48:25 +0000",
        "took 0.1234567890 s",
        "/voice/visits/12345678-1234-4234-8234-123456789012/7",
        "attempt 3 of 5, status 200, error 21220",
        "client:ann",
    ],
)
def test_what_is_no_number_stays(text):
    assert numbers.mask(text) == text


@given(st.uuids(version=4))
def test_an_id_is_never_taken_for_a_number(some: uuid.UUID):
    assert numbers.mask(str(some)) == str(some)


@given(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True), st.sampled_from([" ", ", ", "=", "<", '"', ":"]))
def test_no_e164_number_survives_masking_whole(number, around):
    assert number not in numbers.mask(f"x{around}{number}{around}y")


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("+4930901820", "DE"),
        ("+14165550123", "CA"),
        ("+4479460958", "GB"),
        ("anonymous", ""),
        ("client:ann", ""),
        ("", ""),
    ],
)
def test_a_number_tells_its_country(raw, found):
    assert numbers.country(raw) == found
