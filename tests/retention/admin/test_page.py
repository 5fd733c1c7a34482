from retention.admin.page import written
from tests.calls.factories import AT


def test_moments_are_written_and_what_is_none_is_a_dash():
    assert written(AT) == "2 Mar 2026, 15:00"
    assert written(None) == "-"
