"""The rule by which two contacts become one."""

from datetime import UTC, datetime

import pytest

from contacts.merging import Lost, Side, merged

EARLY, LATE = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)


def test_numbers_and_ids_of_both_are_kept_in_the_order_of_the_one_that_stays():
    found = merged(
        Side(numbers={"+14155550123": "", "+14155550124": "office"}, ids=(("CRM", "1"),)),
        Side(numbers={"+4930901820": "home", "+14155550123": "mobile"}, ids=(("CRM", "2"), ("Shop", "2"))),
    ).side

    assert found.numbers == {"+14155550123": "mobile", "+14155550124": "office", "+4930901820": "home"}
    assert list(found.numbers) == ["+14155550123", "+14155550124", "+4930901820"]
    assert found.ids == (("CRM", "1"), ("CRM", "2"), ("Shop", "2"))


def test_what_the_one_that_stays_says_counts_and_what_is_lost_is_told():
    found = merged(
        Side(name="Caller 1", language="", attributes={"plan": "gold", "since": "2020"}),
        Side(name="Caller 2", language="de-DE", country="DE", attributes={"plan": "free", "city": "Bonn"}),
    )

    assert (found.side.name, found.side.language, found.side.country) == ("Caller 1", "de-DE", "DE")
    assert found.side.attributes == {"plan": "gold", "since": "2020", "city": "Bonn"}
    assert found.lost == (Lost("name", "Caller 1", "Caller 2"), Lost("plan", "gold", "free"))


def test_a_vip_stays_one_with_the_points_of_vips():
    assert merged(Side(), Side(is_vip=True, priority=20)).side.priority == 20
    assert merged(Side(is_vip=True, priority=30), Side(is_vip=True, priority=20)).side.priority == 30
    assert merged(Side(priority=90), Side(is_vip=True, priority=20)).side.priority == 20
    assert not merged(Side(), Side()).side.is_vip


@pytest.mark.parametrize(
    ("stays", "goes", "because"),
    [
        (Side(), Side(is_blocked=True, blocked_because="goes"), "goes"),
        (Side(is_blocked=True, blocked_because="stays"), Side(), "stays"),
        (
            Side(is_blocked=True, blocked_until=EARLY, blocked_because="stays"),
            Side(is_blocked=True, blocked_until=LATE, blocked_because="goes"),
            "goes",
        ),
        (
            Side(is_blocked=True, blocked_because="stays"),
            Side(is_blocked=True, blocked_until=LATE, blocked_because="goes"),
            "stays",
        ),
        (
            Side(is_blocked=True, blocked_until=LATE, blocked_because="stays"),
            Side(is_blocked=True, blocked_because="goes"),
            "goes",
        ),
    ],
)
def test_nobody_is_unblocked_by_being_merged(stays, goes, because):
    found = merged(stays, goes).side

    assert (found.is_blocked, found.blocked_because) == (True, because)
