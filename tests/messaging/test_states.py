"""Statuses climb, states step."""

from itertools import permutations

import pytest

from messaging.states import FINAL, MOVES, State, Status, climbs, origins, rank

WAY = ["accepted", "queued", "sending", "sent", "delivered", "read"]


def furthest(order: tuple[str, ...]) -> str:
    seen = ""
    for news in order:
        seen = news if climbs(seen, news) else seen
    return seen


def test_in_whatever_order_they_come_the_furthest_stays():
    assert {furthest(order) for order in permutations(WAY)} == {"read"}


@pytest.mark.parametrize("end", ["undelivered", "failed", "canceled", "delivered"])
def test_the_first_end_is_the_end(end):
    assert furthest(("sent", end, "queued", "delivered", "undelivered", "failed")) == end


def test_a_text_that_was_lost_is_not_read():
    assert not climbs("undelivered", "read")


def test_twice_is_once_and_an_unknown_word_moves_nothing():
    assert not climbs("sent", "sent")
    assert not climbs("queued", "teleported")
    assert rank("teleported") == 0


def test_every_status_has_a_place():
    assert all(rank(status) > 0 for status in Status)
    assert all(rank(status) >= 6 for status in FINAL)


def test_nothing_is_asked_for_again_that_may_have_been_done():
    """From an unclear answer no way leads back to where it would be asked for."""
    seen, open_ones = set(), {State.UNCLEAR}
    while open_ones:
        state = open_ones.pop()
        seen.add(state)
        open_ones |= MOVES[state] - seen

    assert State.WANTED not in seen
    assert State.ASKING not in seen


def test_each_state_knows_from_where_it_is_reached():
    assert set(origins(State.UNCLEAR)) == {State.ASKING}
    assert all(state in MOVES for state in State)
