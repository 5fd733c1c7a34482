"""States in words."""

from datetime import timedelta

import pytest

from agents.states import Standing
from conferences.room import Role
from conferences.states import LegState
from dashboard.desk import words


@pytest.mark.parametrize("standing", Standing)
def test_every_standing_has_a_word_and_a_sign(standing):
    word = words.standing(standing)

    assert word.text
    assert word.icon


def test_no_two_standings_look_the_same_without_color():
    assert len({(word.text, word.icon) for word in words.STANDINGS.values()}) == len(Standing)


def test_every_role_and_every_state_of_a_leg_that_is_shown_has_words():
    assert set(words.ROLES) == set(Role)
    assert set(words.LEGS) == set(LegState) - {LegState.LEFT}


def test_a_warning_that_is_over_is_not_told_and_one_that_lasts_once():
    warnings = [
        {"name": "high-rtt", "since": "1"},
        {"name": "low-mos", "since": "1", "until": "2"},
        {"name": "high-rtt", "since": "3"},
        {"name": "something-new", "since": "3"},
    ]

    assert words.bad_lines(warnings) == ("slow line", "something-new")


def test_spans_are_added():
    assert words.total([timedelta(seconds=5), timedelta(minutes=1)]) == timedelta(seconds=65)
    assert words.total([]) == timedelta()
