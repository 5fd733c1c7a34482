"""A band for the wait, or nothing."""

import pytest

from queues.estimate import Band, Confidence, Wait, band, not_rising


def same(count: int, seconds: float, position: int = 1) -> list[Wait]:
    return [Wait(seconds, position)] * count


@pytest.mark.parametrize(
    ("recent", "position", "expected"),
    [
        (same(30, 120), 1, Band(2, 3, Confidence.HIGH)),
        (same(30, 120), 4, Band(8, 9, Confidence.HIGH)),
        (same(30, 120, position=4), 2, Band(1, 2, Confidence.HIGH)),
        (same(10, 20), 1, Band(0, 1, Confidence.MEDIUM)),
        (same(20, 60) + same(20, 180), 1, Band(1, 3, Confidence.MEDIUM)),
        (same(30, 120), 31, None),  # longer than an hour: an idle guess
        (same(20, 60) + same(20, 600), 1, None),  # anything can happen
        (same(9, 120), 1, None),  # too few
        (same(100, 5) + same(9, 120), 1, None),  # who was served at once does not count
        ([], 1, None),
    ],
)
def test_a_band_is_as_wide_as_the_pace_of_those_before(recent, position, expected):
    assert band(recent, position, staffed=3) == expected


def test_nothing_can_be_known_where_nobody_serves_the_queue():
    assert band(same(30, 120), 1, staffed=0) is None


@pytest.mark.parametrize(("high", "told", "is_said"), [(5, None, True), (5, 8, True), (5, 5, True), (6, 5, False)])
def test_a_number_that_grew_is_not_said(high, told, is_said):
    estimated = Band(2, high, Confidence.HIGH)

    assert not_rising(estimated, told) == (estimated if is_said else None)


def test_what_cannot_be_known_is_not_said():
    assert not_rising(None, 5) is None
