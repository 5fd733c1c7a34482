from itertools import product

import pytest

from recordings.states import ANNOUNCES, MOVES, VOICEMAIL_MOVES, State, VoicemailStatus, may_move

ALLOWED = {
    ("announced", "ready"),
    ("announced", "absent"),
    ("ready", "fetched"),
    ("ready", "failed"),
    ("ready", "absent"),
    ("failed", "fetched"),
    ("failed", "failed"),
    ("failed", "absent"),
}


@pytest.mark.parametrize(("old", "new"), list(product(State, State)))
def test_only_the_written_moves_are_allowed(old: State, new: State) -> None:
    assert may_move(old, new) is ((old, new) in ALLOWED)


def test_every_state_and_status_has_its_row_of_moves() -> None:
    assert set(MOVES) == set(State)
    assert set(VOICEMAIL_MOVES) == set(VoicemailStatus)


def test_what_twilio_calls_completed_is_ready_and_what_it_cannot_give_is_absent() -> None:
    assert ANNOUNCES["completed"] is State.READY
    assert {word for word, state in ANNOUNCES.items() if state is State.ABSENT} == {"absent", "failed", "deleted"}
