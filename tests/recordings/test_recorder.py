"""When a recorder runs, pauses and stops: tables of the pure rules."""

from itertools import product

import pytest

from compliance.states import Begins, Subject
from recordings.recorder import (
    CONFIRMS,
    PauseReason,
    RecorderState,
    RecorderWish,
    Situation,
    asks,
    begins_itself,
    pauses,
    speakers,
    wish,
)

YES = Situation()


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        (YES, RecorderWish.RUNNING),
        (Situation(over=True), RecorderWish.STOPPED),
        (Situation(governed=False), RecorderWish.STOPPED),
        (Situation(agreed=False), RecorderWish.STOPPED),
        (Situation(others_agreed=False), RecorderWish.PAUSED),
        (Situation(held=True), RecorderWish.PAUSED),
        (Situation(held=True, subject=Subject.AGENT), RecorderWish.RUNNING),
        (Situation(talks=False), RecorderWish.STOPPED),
        (Situation(talks=False, begins=Begins.CALL), RecorderWish.RUNNING),
        (Situation(talks=False, begins=Begins.CALL, waits=True), RecorderWish.PAUSED),
        (Situation(talks=True, begins=Begins.CALL, waits=True), RecorderWish.RUNNING),
        (Situation(talks=False, begins=Begins.PRESS), RecorderWish.STOPPED),
        (Situation(asked_for=frozenset({PauseReason.AGENT})), RecorderWish.PAUSED),
        (Situation(asked_for=frozenset({PauseReason.PAYMENT}), subject=Subject.AGENT), RecorderWish.PAUSED),
    ],
)
def test_how_a_recorder_is_wanted(situation, expected):
    assert wish(situation) is expected


def test_without_consent_nothing_ever_runs():
    flags = product([True, False], repeat=5)
    for over, governed, talks, waits, held in flags:
        for begins in Begins:
            situation = Situation(
                begins=begins, over=over, governed=governed, talks=talks, waits=waits, held=held, agreed=False
            )
            assert wish(situation) is RecorderWish.STOPPED


def test_every_reason_for_a_pause_is_told_at_once():
    situation = Situation(held=True, others_agreed=False, asked_for=frozenset({PauseReason.AGENT}))

    assert pauses(situation) == {PauseReason.HOLD, PauseReason.ASKING, PauseReason.AGENT}


@pytest.mark.parametrize(
    ("state", "wanted", "asked"),
    [
        ("wanted", "running", "start"),
        ("wanted", "paused", ""),
        ("asked", "stopped", ""),
        ("running", "running", ""),
        ("running", "paused", "paused"),
        ("running", "stopped", "stopped"),
        ("paused", "running", "in-progress"),
        ("paused", "stopped", "stopped"),
        ("stopped", "running", ""),
        ("failed", "running", ""),
    ],
)
def test_what_twilio_is_asked_for(state, wanted, asked):
    assert asks(state, wanted) == asked


def test_every_pair_of_state_and_wish_is_answered():
    assert {asks(state, wanted) for state, wanted in product(RecorderState, RecorderWish)} == {
        "", "start", "paused", "in-progress", "stopped"
    }  # fmt: skip


def test_only_a_press_begins_what_is_left_to_the_agent():
    assert [begins for begins in Begins if not begins_itself(begins)] == [Begins.PRESS]


def test_what_is_over_at_twilio_is_over_here():
    over = {status for status, state in CONFIRMS.items() if state is RecorderState.STOPPED}
    assert over == {"stopped", "processing", "completed", "absent", "failed", "deleted"}


@pytest.mark.parametrize(
    ("channels", "first", "others", "expected"),
    [
        (2, "customer", ["Ann"], ["customer", "Ann"]),
        (2, "customer", ["Ann", "customer", "Ben", "Ann"], ["customer", "Ann and Ben"]),
        (2, "customer", [], ["customer", "others"]),
        (1, "customer", ["Ann"], ["customer and Ann"]),
        (2, "Ann", ["customer", "Ben"], ["Ann", "customer and Ben"]),
    ],
)
def test_who_is_on_which_channel(channels, first, others, expected):
    assert speakers(channels, first, others) == expected
