"""Where a visit stands, as the next request finds it."""

from uuid import uuid4

import pytest
from django.db import transaction

from ivr.actions import standing
from tests.ivr.actions.callers import ANN, LINE, begun, menu, request

pytestmark = pytest.mark.django_db


def test_a_visit_is_read_with_its_call_in_one_statement(django_assert_num_queries):
    caller, visit = begun(menu())

    with transaction.atomic(), django_assert_num_queries(1):
        found = standing.lock(visit.pk)

    assert found is not None
    assert (found.call, found.sid, found.version, found.turn) == (visit.call_id, caller.call_sid, visit.version_id, 1)
    assert (found.answer, found.ended_at, found.asks, found.overheard) == (visit.answer, None, False, False)


def test_a_visit_that_is_not_there_stands_nowhere():
    assert standing.lock(uuid4()) is None


@pytest.mark.parametrize("direction", ["outbound-api", "outbound-dial"])
def test_who_is_called_stands_where_we_do_in_a_call_that_comes_in(direction):
    assert standing.ends(request(from_number=ANN, to_number=LINE)) == (LINE, ANN)
    assert standing.ends(request(from_number=LINE, to_number=ANN, direction=direction)) == (LINE, ANN)


def test_the_addresses_of_a_turn_name_it():
    visit = uuid4()

    urls = standing.urls(visit, 3, loop=7)

    assert f"/voice/visits/{visit}/3#" in urls.resume
    assert f"/{visit}/3/" in urls.wait
    assert "/7" in urls.wait
