import pytest

from ivr.opening import Opening
from telephony.twiml import Reject
from tests.ivr.factories import Walk, make_document, make_step


def make_hours(opening: Opening | None) -> Walk:
    names = ("open", "closed", "holiday")
    steps = {"hours": make_step("hours", schedule="4", exits={name: name for name in names})}
    steps |= {name: make_step("reject") for name in names}
    return Walk(make_document(steps), openings={"4": opening} if opening else {})


@pytest.mark.parametrize("state", ["open", "closed", "holiday"])
def test_the_way_follows_the_hours_without_a_word_to_the_caller(state):
    walk = make_hours(Opening(state, "New Year"))

    assert walk.left_by == [state]
    assert walk.verbs == (Reject(),)


def test_hours_that_nobody_looked_up_count_as_closed():
    assert make_hours(None).left_by == ["closed"]
