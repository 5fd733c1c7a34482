import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings.ranges import Part, Unsatisfiable, asked, stretch


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-", Part(0, 100)),
        ("bytes=0-0", Part(0, 1)),
        ("bytes=10-19", Part(10, 20)),
        ("bytes=90-500", Part(90, 100)),
        ("bytes=-10", Part(90, 100)),
        ("bytes=-500", Part(0, 100)),
        ("BYTES=99-", Part(99, 100)),
        ("", None),
        ("bytes=-", None),
        ("bytes=20-10", None),
        ("bytes=0-1,5-6", None),
        ("seconds=0-1", None),
        ("bytes=a-b", None),
    ],
)
def test_a_range_header_names_a_part(header: str, part: Part | None) -> None:
    assert asked(header, 100) == part


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_outside_the_file_is_refused(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        asked(header, 100)


@given(header=st.from_regex(r"bytes=\d{0,20}-\d{0,20}", fullmatch=True), size=st.integers(0, 10**6))
def test_a_part_lies_within_the_file_and_is_not_empty(header: str, size: int) -> None:
    try:
        part = asked(header, size)
    except Unsatisfiable:
        return
    assert part is None or 0 <= part.start < part.end <= size


@pytest.mark.parametrize(
    ("part", "size", "seconds", "told"),
    [
        (Part(0, 100), 100, 10, (0, 10)),
        (Part(0, 1), 100, 10, (0, 1)),
        (Part(55, 56), 100, 10, (5, 6)),
        (Part(55, 55), 100, 10, (5, 5)),
        (Part(0, 100), 100, 10.02, (0, 10)),  # the header of a file is no sound
        (Part(0, 100), 100, 0.2, (0, 1)),
        (Part(0, 100), 100, 0, (0, 0)),
        (Part(0, 0), 0, 0, (0, 0)),
    ],
)
def test_a_part_is_told_in_seconds(part: Part, size: int, seconds: float, told: tuple[int, int]) -> None:
    assert stretch(part, size=size, seconds=seconds) == told


@given(
    size=st.integers(1, 10**9), seconds=st.floats(0.5, 10**5), start=st.integers(0, 10**9), length=st.integers(1, 10**9)
)
def test_the_seconds_of_a_part_lie_within_the_sound(size: int, seconds: float, start: int, length: int) -> None:
    begin = min(start, size - 1)

    first, last = stretch(Part(begin, min(begin + length, size)), size=size, seconds=seconds)

    assert 0 <= first <= last
    assert first <= seconds
