from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calls.models import Call
from contactcenter.api import router
from rest.paging import unfit
from tests.calls.factories import AT, make_call
from tests.crm.asking import Asking, asking


@pytest.fixture
def seer() -> Asking:
    return asking("calls:read", permissions=("calls.view_call",))


def walk(seer: Asking, **parameters) -> list[str]:
    """Read page after page, and give the ids."""
    found, cursor = [], None
    while True:
        page = seer.get("/calls", parameters | ({"cursor": cursor} if cursor else {})).json()
        found += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            return found


@pytest.mark.django_db
@pytest.mark.parametrize("ordering", ["-started_at", "started_at"])
def test_pages_give_every_row_once_also_among_equal_moments(seer, ordering):
    for number in range(7):
        make_call(started_at=AT + timedelta(seconds=number // 3))

    found = walk(seer, limit=2, ordering=ordering)

    rows = Call.objects.order_by(ordering, "-pk" if ordering.startswith("-") else "pk")
    assert found == [str(row.pk) for row in rows]


@pytest.mark.django_db
def test_what_comes_in_at_the_head_moves_nothing(seer):
    rows = [make_call(started_at=AT - timedelta(seconds=number)) for number in range(4)]
    first = seer.get("/calls", {"limit": 2})
    make_call(started_at=AT + timedelta(hours=1))

    second = seer.get("/calls", {"limit": 2, "cursor": first.json()["next"]})

    assert [item["id"] for item in second.json()["items"]] == [str(row.pk) for row in rows[2:]]
    assert second.json()["next"] is None
    assert 'rel="next"' in first["Link"]
    assert "Link" not in second


@pytest.mark.django_db
def test_a_later_page_is_found_by_the_index_of_the_ordering(seer):
    for number in range(3):
        make_call(started_at=AT - timedelta(seconds=number))
    cursor = seer.get("/calls", {"limit": 1}).json()["next"]

    with CaptureQueriesContext(connection) as asked:
        seer.get("/calls", {"limit": 1, "cursor": cursor})

    sql = asked[-1]["sql"]
    assert '"calls_call"."started_at" <= ' in sql
    assert "OFFSET" not in sql


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "two"}, "limit"),
        ({"limit": "٢"}, "limit"),
        ({"ordering": "from_number"}, "ordering"),
        ({"cursor": "nonsense"}, "cursor"),
        ({"cursor": "W10="}, "cursor"),
        ({"cursor": "é"}, "cursor"),
        ({"cursor": "WyItc3RhcnRlZF9hdCIsIngiLCJ5Il0="}, "cursor"),
    ],
)
def test_what_no_page_can_be_made_of_is_told(seer, parameters, field):
    answer = seer.get("/calls", parameters)

    assert answer.status_code == 400
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]


@pytest.mark.django_db
def test_a_cursor_of_another_ordering_is_refused(seer):
    make_call()
    make_call()
    cursor = seer.get("/calls", {"limit": 1}).json()["next"]

    assert seer.get("/calls", {"ordering": "started_at", "cursor": cursor}).status_code == 400


def test_orderings_that_a_cursor_cannot_stand_on_are_found():
    assert unfit(Call, ("-started_at", "pk", "ended_at", "flow")) == ["ended_at", "flow"]


def test_every_list_has_orderings_that_a_cursor_can_stand_on():
    lists = {page.resource for page in router.pages() if page.action == "list"}

    assert lists
    assert {one.__name__: unfit(one.queryset.model, one.orderings) for one in lists if one.queryset is not None} == {
        one.__name__: [] for one in lists if one.queryset is not None
    }
