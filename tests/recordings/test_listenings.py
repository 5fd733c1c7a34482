from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.models import AccessEntry
from compliance.states import Access
from recordings import listenings
from recordings.listenings import lines, merged
from tests.calls.factories import AT
from tests.compliance.factories import log


def entry(
    action: str, minutes: float = 0, *, who: str = "ann", heard: tuple[int, int] | None = None, **fields: Any
) -> Any:
    detail = {"copy": fields.pop("copy", "original")} | ({"seconds": list(heard), "of": 300} if heard else {})
    return AccessEntry(who=who, at=AT + timedelta(minutes=minutes), action=action, detail=detail, **fields)


def test_the_many_requests_of_a_player_are_one_listening() -> None:
    (line,) = lines(
        [
            entry(Access.PLAYED, 0),
            entry(Access.HEARD, 1, heard=(0, 60)),
            entry(Access.PLAYED, 2),
            entry(Access.HEARD, 4, heard=(50, 190)),
        ]
    )

    assert (line.who, str(line.done), line.part) == ("ann", "heard", "0:00 to 3:10 of 5:00")
    assert (line.since, line.until) == (AT, AT + timedelta(minutes=4))


def test_parts_that_lie_apart_are_added_up() -> None:
    (line,) = lines([entry(Access.HEARD, 0, heard=(0, 60)), entry(Access.HEARD, 1, heard=(240, 300))])

    assert line.part == "2:00 of 5:00, in parts"


def test_other_people_other_copies_and_later_hours_are_other_listenings() -> None:
    told = lines(
        [
            entry(Access.HEARD, 0, heard=(0, 60)),
            entry(Access.HEARD, 1, who="bob", heard=(0, 60)),
            entry(Access.HEARD_ORIGINAL, 2, heard=(0, 60), copy="hidden", reason="A complaint"),
            entry(Access.HEARD, 30, heard=(0, 60)),
        ]
    )

    assert [(line.who, str(line.done), line.reason) for line in told] == [
        ("ann", "heard", ""),
        ("ann", "heard the original", "A complaint"),
        ("bob", "heard", ""),
        ("ann", "heard", ""),
    ]


def test_what_was_asked_for_and_never_sent_is_told_as_that() -> None:
    (line,) = lines([entry(Access.PLAYED)])

    assert (str(line.done), line.part) == ("asked for sound", "")


def test_a_transcript_that_is_looked_at_again_and_again_is_read_once() -> None:
    told = lines([entry(Access.READ, minutes) for minutes in (0, 1, 8, 30)] + [entry(Access.READ, 31, who="bob")])

    assert [(line.who, line.since - AT) for line in told] == [
        ("bob", timedelta(minutes=31)),
        ("ann", timedelta(minutes=30)),
        ("ann", timedelta(0)),
    ]


def test_everything_else_is_a_line_of_its_own() -> None:
    told = lines([entry(Access.SHARED), entry(Access.DOWNLOADED), entry(Access.DOWNLOADED)])

    assert sorted(str(line.done) for line in told) == ["downloaded", "downloaded", "shared by a link"]


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda pair: (min(pair), max(pair)))))
def test_merged_parts_hold_the_same_seconds_and_lie_apart(parts: list[tuple[int, int]]) -> None:
    found = merged(parts)

    assert {s for a, b in found for s in range(a, b)} == {s for a, b in parts for s in range(a, b)}
    assert all(before[1] < after[0] for before, after in pairwise(found))


@pytest.mark.django_db
def test_the_log_is_read_from_its_end() -> None:
    for number in range(15):
        log(number * 3600, who=f"person {number}", subject_id="aaaa")
    log(subject_id="bbbb")

    told = listenings.listenings("aaaa")  # type: ignore[arg-type]

    assert [line.who for line in told] == [f"person {number}" for number in range(14, 2, -1)]
