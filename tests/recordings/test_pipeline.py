from datetime import timedelta
from itertools import product

import pytest

from recordings.pipeline import (
    FETCHING,
    LEADS_TO,
    LONGEST_PAUSE,
    TRANSCRIBING,
    TRIES,
    Stage,
    beside,
    counts_anew,
    next_stage,
    pause_after,
)
from recordings.states import State, may_move

BEGINNING = ["fetch", "verify", "store"]


@pytest.mark.parametrize(
    ("clears", "transcribes", "path"),
    [
        (False, False, BEGINNING),
        (True, False, [*BEGINNING, "clear"]),
        (False, True, [*BEGINNING, "transcribe", "redact", "index"]),
        (True, True, [*BEGINNING, "clear", "transcribe", "redact", "index"]),
    ],
)
def test_a_recording_goes_through_the_stages_that_are_wanted(clears: bool, transcribes: bool, path: list[str]) -> None:
    state, walked = State.READY, []
    while stage := next_stage(state, clears=clears, transcribes=transcribes):
        assert may_move(state, LEADS_TO[stage])
        walked.append(str(stage))
        state = LEADS_TO[stage]

    assert walked == path


@pytest.mark.parametrize(
    ("state", "clears", "transcribes"),
    list(product([State.ANNOUNCED, State.ABSENT, State.DELETED, State.INDEXED], [True, False], [True, False])),
)
def test_what_is_settled_or_not_yet_told_of_has_no_next_stage(state: State, clears: bool, transcribes: bool) -> None:
    assert next_stage(state, clears=clears, transcribes=transcribes) is None


def test_every_stage_is_of_one_kind() -> None:
    assert set(Stage) == FETCHING | TRANSCRIBING
    assert not FETCHING & TRANSCRIBING
    assert all(stage in beside(stage) for stage in Stage)


def test_pauses_grow_and_end() -> None:
    assert [pause_after(n) for n in (0, 1, 2, 3)] == [timedelta(seconds=s) for s in (30, 30, 60, 120)]
    assert max(pause for n in range(TRIES) if (pause := pause_after(n))) == LONGEST_PAUSE
    assert pause_after(TRIES) is None


def test_tries_go_on_counting_until_what_was_fetched_is_verified() -> None:
    assert [state for state in State if not counts_anew(state)] == [State.FETCHED]
