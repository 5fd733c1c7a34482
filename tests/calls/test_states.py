import pytest

from calls.states import FINAL, Status, climbs, rank


@pytest.mark.parametrize(
    ("seen", "news", "expected"),
    [
        ("queued", "initiated", True),
        ("initiated", "ringing", True),
        ("ringing", "in-progress", True),
        ("in-progress", "completed", True),
        ("queued", "busy", True),
        ("in-progress", "ringing", False),
        ("ringing", "ringing", False),
        ("completed", "in-progress", False),
        ("completed", "failed", False),
        ("no-answer", "completed", False),
        ("", "queued", True),
        ("queued", "teleported", False),
        ("teleported", "queued", True),
        ("teleported", "levitating", False),
    ],
)
def test_a_status_climbs_only_further(seen: str, news: str, expected: bool) -> None:
    assert climbs(seen, news) is expected


def test_every_final_status_is_as_far_as_the_others() -> None:
    assert {rank(status) for status in FINAL} == {max(rank(status) for status in Status)}
