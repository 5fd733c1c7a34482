import pytest

from simulator.signature import signature, signed_url

FIELDS = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675310"),
    ("Digits", "1234"),
    ("From", "+14158675310"),
    ("To", "+18005551212"),
]


def test_a_form_is_signed_as_in_twilios_own_example():
    assert signature("12345", "https://example.com/myapp.php?foo=1&bar=2", FIELDS) == "L/OH5YylLD5NRKLltdqwSvS0BnU="


def test_the_order_of_the_fields_does_not_matter():
    assert signature("12345", "https://example.com/x", FIELDS[::-1]) == signature(
        "12345", "https://example.com/x", FIELDS
    )


def test_a_get_request_is_signed_by_its_url_alone():
    url = "https://example.com/voice?CallSid=CA1234567890ABCDE&From=%2B14158675310&To=%2B18005551212&Digits=1234"

    assert signature("12345", url) == "l6mGU4vk0vQBEq7FDgzvb2wh2hU="


def test_a_url_with_the_hash_of_a_json_body_is_signed_without_the_body():
    url = (
        "https://example.com/myapp.php?foo=1&bar=2"
        "&bodySHA256=5ccde7145dfb8f56479710896586cb9d5911809d83afbe34627818790db0aec9"
    )

    assert signature("12345", url) == "JHIrWd4Byv5CHXcDkQP13zDT6Cg="


def test_an_empty_value_counts_as_its_name():
    assert signature("12345", "https://example.com/x", [("A", "")]) != signature("12345", "https://example.com/x")


def test_the_port_of_https_is_signed_with_texts():
    assert signed_url("https://example.com:8443/x", keeps_port=True) == "https://example.com:8443/x"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.com:8443/x?a=1#rc=2", "https://example.com/x?a=1"),
        ("http://example.com:8080/x", "http://example.com:8080/x"),
        ("https://user:secret@example.com/x", "https://example.com/x"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
    ],
)
def test_fragment_user_and_the_port_of_https_are_not_signed(url, expected):
    assert signed_url(url) == expected
