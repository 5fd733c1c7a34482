from itertools import pairwise, product

import pytest

from recordings.states import (
    ANNOUNCES,
    HERE,
    LOSABLE,
    MOVES,
    VOICEMAIL_MOVES,
    State,
    VoicemailStatus,
    furthest,
    may_move,
)

CLIMB = ["announced", "ready", "fetched", "verified", "stored", "cleared", "transcribed", "redacted", "indexed"]
ALLOWED = {
    *pairwise(CLIMB),
    ("stored", "transcribed"),  # where Twilio keeps its own
    ("announced", "absent"),
    ("ready", "absent"),
    ("absent", "deleted"),
    *((state, "deleted") for state in CLIMB),
}


@pytest.mark.parametrize(("old", "new"), list(product(State, State)))
def test_only_the_written_moves_are_allowed(old: State, new: State) -> None:
    assert may_move(old, new) is ((old, new) in ALLOWED)


def test_what_is_done_again_leads_nowhere_back() -> None:
    assert furthest(State.INDEXED, State.TRANSCRIBED) is State.INDEXED
    assert furthest(State.CLEARED, State.TRANSCRIBED) is State.TRANSCRIBED


def test_only_what_twilio_may_have_still_is_fetched_again() -> None:
    assert {"fetched", "verified", "stored"} == LOSABLE


def test_every_state_and_status_has_its_row_of_moves() -> None:
    assert set(MOVES) == set(State)
    assert set(VOICEMAIL_MOVES) == set(VoicemailStatus)


def test_what_twilio_calls_completed_is_ready_and_what_it_cannot_give_is_absent() -> None:
    assert ANNOUNCES["completed"] is State.READY
    assert {word for word, state in ANNOUNCES.items() if state is State.ABSENT} == {"absent", "failed", "deleted"}


def test_the_sound_is_here_from_the_storing_on() -> None:
    assert set(CLIMB[CLIMB.index("stored") :]) == HERE
