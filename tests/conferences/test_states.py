import pytest

from conferences.states import LegState, climbs

ORDER = list(LegState)


@pytest.mark.parametrize("seen", ORDER)
@pytest.mark.parametrize("news", ORDER)
def test_a_leg_only_climbs(seen: LegState, news: LegState) -> None:
    assert climbs(seen, news) == (ORDER.index(news) > ORDER.index(seen))
