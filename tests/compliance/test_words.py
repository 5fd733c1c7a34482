from typing import Any

import pytest

from compliance import words
from compliance.states import Access


def test_everything_that_can_be_logged_has_words() -> None:
    assert set(words.ACTIONS) == set(Access)


@pytest.mark.parametrize(("seconds", "written"), [(0, "0:00"), (7, "0:07"), (750, "12:30"), (3723, "1:02:03")])
def test_seconds_are_written_as_a_clock_does(seconds: int, written: str) -> None:
    assert words.clock(seconds) == written


@pytest.mark.parametrize(
    ("detail", "told"),
    [
        ({"seconds": [0, 190], "of": 300}, "0:00 to 3:10 of 5:00"),
        ({"seconds": [61, 62]}, "1:01 to 1:02"),
        ({"seconds": "all"}, ""),
        ({}, ""),
    ],
)
def test_the_part_of_a_sound_is_told_in_minutes(detail: dict[str, Any], told: str) -> None:
    assert words.stretch(detail) == told
