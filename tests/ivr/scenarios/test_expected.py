import pytest

from ivr.kinds.settings import Broken
from ivr.scenarios.expected import Expected, Goal, Way


def test_what_is_expected_comes_back_as_it_was_kept():
    whole = Expected(
        said=("Welcome.", "Goodbye."), reached=Goal("person", "7"), exits=(Way("2", "a: b"),), variables={"order": "12"}
    )

    assert Expected.from_json(whole.to_json()) == whole
    assert Expected.from_json({}) == Expected()
    assert Expected.from_json(Expected(reached=Goal("ended")).to_json()).reached == Goal("ended")


@pytest.mark.parametrize("kept", [{"said": 3}, {"exits": [["1"]]}, {"variables": ["a"]}, {"reached": 5}])
def test_what_cannot_be_read_is_broken(kept):
    with pytest.raises(Broken):
        Expected.from_json(kept)
