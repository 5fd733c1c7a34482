from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from recordings.models import Transcript
from recordings.search import asking, finding
from recordings.search.finding import Found, find
from recordings.search.words import parse
from tests.calls.factories import AT
from tests.recordings.search.spoken import say

pytestmark = pytest.mark.django_db

FLAT, FLAT_TIRE, TIRE_FLAT = "The flat is mine", "A flat tire", "The tire is flat"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds that a few transcripts reach."""
    monkeypatch.setattr(finding, "LOOKED_THROUGH", 4)
    monkeypatch.setattr(finding, "READ_AT_FIRST", 6)
    monkeypatch.setattr(finding, "READ_FURTHER", 9)


def spoken(*texts: str) -> list[Transcript]:
    """Make transcripts, the newest first."""
    return [say(text, recorded_at=AT - timedelta(minutes=place)) for place, text in enumerate(texts)]


def look(typed: str, *, most: int = 3, is_first: bool = True) -> Found:
    wanted = parse(typed)
    queries = asking.asked(wanted, ["en-US"]) if wanted else None
    return find(Transcript.objects.all(), queries, most=most, is_first=is_first)


def pks(rows: Any) -> list[Any]:
    return [row.pk for row in rows]


def test_what_is_common_is_found_among_the_newest(small: None) -> None:
    made = spoken(*[FLAT] * 6)

    assert pks(look("flat").rows) == pks(made[:3])


def test_what_is_rare_is_found_by_the_index_however_old(small: None) -> None:
    made = spoken("Hello", FLAT, *["Hello"] * 20, FLAT, "Hello")  # more than any bound

    found = look("flat")

    assert pks(found.rows) == [made[1].pk, made[22].pk]
    assert found.end is None


def test_where_fewer_are_there_than_are_looked_through_nothing_else_is_asked(small: None) -> None:
    made = spoken("Hello", FLAT, "Hello")

    assert look("flat") == Found((finding.Row(made[1].pk, made[1].recorded_at, made[1].recording_id),))
    assert look("tire") == Found(())


def test_places_of_common_words_are_looked_for_up_to_a_bound_and_it_is_said_how_far(small: None) -> None:
    made = spoken(*[TIRE_FLAT] * 7, FLAT_TIRE)

    found = look('"flat tire"')
    further = look('"flat tire"', is_first=False)

    assert found.rows == ()
    assert found.end is not None
    assert found.end.pk == made[5].pk
    assert pks(further.rows) == [made[7].pk]
    assert further.end is None


def test_places_of_rare_words_are_looked_for_up_to_a_bound_and_it_is_said_how_far(small: None) -> None:
    made = spoken(*["Hello"] * 4, FLAT_TIRE, *[TIRE_FLAT] * 6, FLAT_TIRE)

    found = look('"flat tire"')
    further = look('"flat tire"', is_first=False)

    assert pks(found.rows) == [made[4].pk]
    assert found.end is not None
    assert found.end.pk == made[9].pk
    assert pks(further.rows) == [made[4].pk, made[11].pk]
    assert further.end is None


@pytest.mark.parametrize("typed", ["flat", '"flat tire"', "flat -hello"])
def test_a_bound_that_is_not_needed_ends_nothing(small: None, typed: str) -> None:
    made = spoken(*["Hello"] * 4, *[FLAT_TIRE] * 12)

    found = look(typed)

    assert pks(found.rows) == pks(made[4:7])
    assert found.end is None


def test_without_words_the_newest_are_found() -> None:
    made = spoken("Hello", "Gladly", "Bye", "Ah")

    assert pks(look("").rows) == pks(made[:3])


def test_the_planner_is_left_as_it_was(small: None) -> None:
    spoken(*["Hello"] * 6)

    look("flat")

    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_seqscan")
        assert cursor.fetchone() == ("on",)
