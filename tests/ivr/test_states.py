import pytest

from ivr.states import OPEN, OPEN_RELEASES, RELEASE_MOVES, LookUpState, ReleaseState, release_may_become


def test_a_look_up_is_open_until_it_ends():
    assert OPEN | {LookUpState.ANSWERED, LookUpState.FAILED, LookUpState.GIVEN_UP} == set(LookUpState)


def test_a_release_is_open_until_it_ends_and_goes_on_from_no_end():
    assert set(RELEASE_MOVES) == OPEN_RELEASES
    assert {to for ways in RELEASE_MOVES.values() for to in ways} | {ReleaseState.PROPOSED} == set(ReleaseState)


@pytest.mark.parametrize(
    ("state", "before"),
    [
        ("published", {"proposed", "planned"}),
        ("declined", {"proposed"}),
        ("failed", {"planned"}),
        ("planned", {"proposed"}),
        ("proposed", set()),
    ],
)
def test_a_release_comes_to_each_state_only_from_where_it_may(state, before):
    assert release_may_become(ReleaseState(state)) == before
