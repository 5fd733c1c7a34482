import pytest
from django.contrib.auth.models import AnonymousUser

from calls.ends import shown_to, text_shown_to
from tests.recordings.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("raw", "whole", "masked"),
    [
        ("+14155550123", "+1 415-555-0123", "+1415****123"),
        ("client:ann", "ann (browser)", "ann (browser)"),
        ("anonymous", "Withheld", "Withheld"),
        ("", "Withheld", "Withheld"),
        ("sip:+14155550123@example.com", "+14155550123@example.com", "+1415****123@example.com"),
    ],
)
def test_an_end_is_whole_for_those_who_may_see_it_and_masked_for_others(raw: str, whole: str, masked: str) -> None:
    assert shown_to(make_user("ann", "calls.view_numbers"))(raw) == whole
    assert shown_to(make_user("bob"))(raw) == masked
    assert shown_to(AnonymousUser())(raw) == masked


def test_numbers_within_a_text_are_masked_too() -> None:
    text = "call me at 415 555 0123 please"

    assert text_shown_to(make_user("ann", "calls.view_numbers"))(text) == text
    assert "0123" not in text_shown_to(make_user("bob"))(text)
