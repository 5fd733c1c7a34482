"""Every reason has words."""

from recordings.recorder import PauseReason
from recordings.report import Why
from recordings.words import REASONS, because


def test_every_reason_has_words():
    assert set(REASONS) == {*PauseReason, *Why}


def test_all_reasons_of_a_time_are_told():
    assert because(["agent", "hold"]) == "paused by hand; the customer was on hold"
    assert because(["something new"]) == "something new"
