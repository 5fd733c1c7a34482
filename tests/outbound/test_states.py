"""Tests of how orders may move."""

from outbound.states import LIVE, MOVES, OrderState


def test_what_is_over_stays_over_and_what_lives_can_end():
    assert set(MOVES) == LIVE
    assert all(moves - LIVE for moves in MOVES.values())


def test_an_order_expires_only_while_nobody_is_rung():
    assert [state for state, moves in MOVES.items() if OrderState.EXPIRED in moves] == [OrderState.WAITING]
