import pytest

from retention.states import (
    ERASURE_MOVES,
    ERASURE_OPEN,
    FINDING_MOVES,
    ITEM_MOVES,
    ITEM_OPEN,
    RUN_MOVES,
    RUN_OPEN,
    ErasureState,
    FindingState,
    ItemState,
    RunState,
    may_move,
    origins,
)

TABLES = {
    RunState: (RUN_MOVES, RUN_OPEN),
    ErasureState: (ERASURE_MOVES, ERASURE_OPEN),
    ItemState: (ITEM_MOVES, ITEM_OPEN),
    FindingState: (FINDING_MOVES, frozenset(FindingState)),
}


@pytest.mark.parametrize("states", TABLES)
def test_every_state_is_in_its_table_and_leads_to_an_end(states):
    moves, still_open = TABLES[states]

    assert set(moves) == set(states)
    for state in states:
        seen, reached = set(), {state}
        while reached - seen:
            seen |= reached
            reached = {new for old in seen for new in moves[old]}
        assert (seen | reached) - still_open or states is FindingState, f"{state} never ends"


def test_what_waits_for_a_person_does_not_end_by_itself():
    assert not may_move(RUN_MOVES, RunState.WAITING, RunState.DONE)
    assert not may_move(ERASURE_MOVES, ErasureState.FOUND, ErasureState.DONE)
    assert not may_move(ERASURE_MOVES, ErasureState.LOOKING, ErasureState.WORKING)


def test_after_anything_was_erased_an_erasure_goes_to_its_end():
    assert set(origins(ERASURE_MOVES, ErasureState.DROPPED)) == {ErasureState.LOOKING, ErasureState.FOUND}


def test_an_item_is_done_only_after_it_was_asked_for_and_checked_only_after_it_was_done():
    assert origins(ITEM_MOVES, ItemState.DONE) == [ItemState.ASKED]
    assert origins(ITEM_MOVES, ItemState.CHECKED) == [ItemState.DONE]
