from ivr.states import OPEN, LookUpState


def test_a_look_up_is_open_until_it_ends():
    assert OPEN | {LookUpState.ANSWERED, LookUpState.FAILED, LookUpState.GIVEN_UP} == set(LookUpState)
