"""The allowed moves of entries, offers and callbacks."""

import pytest

from queues.states import (
    CALLBACK_MOVES,
    ENTRY_LIVE,
    ENTRY_MOVES,
    OFFER_MOVES,
    CallbackState,
    EntryState,
    ImpossibleMove,
    OfferState,
    move,
)


@pytest.mark.parametrize("then", EntryState)
@pytest.mark.parametrize("now", [state for state in EntryState if state not in ENTRY_LIVE])
def test_who_is_out_of_the_line_stays_out(now, then):
    with pytest.raises(ImpossibleMove):
        move(ENTRY_MOVES, now, then)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (EntryState.WAITING, EntryState.OFFERED),
        (EntryState.OFFERED, EntryState.WAITING),
        (EntryState.OFFERED, EntryState.TALKING),
        (EntryState.TALKING, EntryState.WAITING),
        (EntryState.TALKING, EntryState.ANSWERED),
    ],
)
def test_the_ways_of_a_caller(now, then):
    assert move(ENTRY_MOVES, now, then) is then


@pytest.mark.parametrize(
    ("moves", "now", "then"),
    [
        (ENTRY_MOVES, EntryState.WAITING, EntryState.ANSWERED),
        (ENTRY_MOVES, EntryState.TALKING, EntryState.ABANDONED),
        (OFFER_MOVES, OfferState.MISSED, OfferState.ACCEPTED),
        (OFFER_MOVES, OfferState.RINGING, OfferState.RETURNED),
        (CALLBACK_MOVES, CallbackState.DONE, CallbackState.WAITING),
    ],
)
def test_what_cannot_be_raises(moves, now, then):
    with pytest.raises(ImpossibleMove):
        move(moves, now, then)
