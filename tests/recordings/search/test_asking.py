import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from recordings.search import asking
from recordings.search.words import Unclear, Wanted, Why, parse
from tests.recordings.search.spoken import say

pytestmark = pytest.mark.django_db


def wanted(typed: str) -> Wanted:
    found = parse(typed)
    assert found is not None
    return found


def whole(typed: str, tag: str = "en") -> str:
    (asked,) = asking.asked(wanted(typed), [tag]).values()
    return asked.whole


@pytest.mark.parametrize(
    ("typed", "tag", "query"),
    [
        ("refunds", "en-US", "'refund'"),
        ("refunds cards", "en-US", "'refund' & 'card'"),
        ("Rechnungen", "de-DE", "'rechnung'"),
        ("facturas", "es-US", "'factur'"),
        ("refunds", "ja-JP", "'refunds'"),
        ('"flat tires"', "en-US", "'flat' <-> 'tire'"),
        ('"flat on the tire"', "en-US", "'flat' <3> 'tire'"),
        ("refund -card", "en-US", "'refund' & !'card'"),
        ('refund -"gift cards"', "en-US", "'refund' & !( 'gift' <-> 'card' )"),
        ("the refund", "en-US", "'refund'"),
        ("flat:* | !x <-> (y)", "en-US", "'flat' & 'x' & 'y'"),
        ("it's 'quoted' \\'", "en-US", "'quot'"),
    ],
)
def test_each_language_is_asked_in_its_own_way(typed: str, tag: str, query: str) -> None:
    assert whole(typed, tag) == query


def test_near_is_either_word_first_at_most_five_words_on() -> None:
    found = whole("flat NEAR tire")

    assert found.count("|") == 2 * asking.WITHIN - 1
    assert "'flat' <5> 'tire'" in found
    assert "'tire' <5> 'flat'" in found
    assert "<6>" not in found


def test_several_languages_are_asked_at_once_each_of_its_own_transcripts() -> None:
    asked = asking.asked(wanted("hat money"), ["en-US", "en-GB", "de-DE", "pl"])

    assert {name: query.whole for name, query in asked.items()} == {
        "english": "'hat' & 'money'",
        "german": "'money'",
        "simple": "'hat' & 'money'",
    }
    union = asking.union(asked)
    assert union.startswith("(' english' & ('hat' & 'money')) | (' german' & ('money')) | ")


def test_a_language_in_which_nothing_is_left_is_not_asked() -> None:
    asked = asking.asked(wanted("hat -money"), ["en-US", "de-DE"])

    assert list(asked) == ["english"]


@pytest.mark.parametrize("typed", ["the", "the of and", '"to be or not to be"', "the NEAR of", "the -money"])
def test_where_nothing_is_left_at_all_that_is_said(typed: str) -> None:
    with pytest.raises(Unclear) as raised:
        asking.asked(wanted(typed), ["en-US"])

    assert raised.value.why == Why.TOO_COMMON


def test_the_languages_that_occur_are_found_step_by_step() -> None:
    for tag in ("en-US", "de-DE", "en-US", "", "es-MX"):
        say("Hello", language=tag)
    say("Gone", language="fr-FR", is_current=False)

    with CaptureQueriesContext(connection) as queries:
        found = asking.languages()

    assert found == ["", "de-DE", "en-US", "es-MX"]
    assert len(queries) == 1


def test_without_transcripts_there_is_no_language() -> None:
    assert asking.languages() == []
    assert asking.asked(wanted("refund"), []) == {}


class TestAnything(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(st.one_of(st.text(max_size=60), st.text(alphabet="ab'\"\\-:*&|!()<> NEAR%", max_size=40)))
    def test_whatever_is_typed_makes_a_query_or_has_a_reason(self, typed: str) -> None:
        try:
            found = parse(typed)
            queries = asking.asked(found, ["en", "de", "pl"]) if found else {}
        except Unclear:
            return
        if queries:
            with connection.cursor() as cursor:
                cursor.execute("SELECT %s::tsquery", [asking.union(queries)])
