import pytest

from retention.actions import erasures
from retention.counting import sections
from retention.models import Erasure, ErasureItem
from retention.states import ItemState
from retention.things import Thing
from tests.agents.factories import user
from tests.calls.factories import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def erasure() -> Erasure:
    return erasures.ask("+14155550123", reason="File 12", by=user(), address=None, at=AT)


def item(erasure: Erasure, kind: Thing, state: ItemState, **fields) -> ErasureItem:
    key = f"{ErasureItem.objects.count()}"
    return ErasureItem.objects.create(erasure=erasure, kind=kind, key=key, state=state, found_at=AT, **fields)


def test_items_are_counted_by_what_became_of_them(erasure, django_assert_num_queries):
    item(erasure, Thing.CALL, ItemState.CHECKED, done_at=AT, went={"calls.CallEvent": 3})
    item(erasure, Thing.CALL, ItemState.DONE, done_at=AT, went={"calls.CallEvent": 4, "calls.Call": 2})
    item(erasure, Thing.CALL, ItemState.HELD)
    for _ in range(2):
        item(erasure, Thing.MENTION, ItemState.KEPT, why="set-up")

    with django_assert_num_queries(3):
        call, mention = sections(erasure)

    assert (call.kind, call.found, call.erased, call.checked, call.last_at) == (Thing.CALL, 3, 2, 1, AT)
    assert call.went == {"calls.CallEvent": 7, "calls.Call": 2}
    assert (mention.found, mention.erased, mention.kept) == (2, 0, {"set-up": 2})


def test_of_nothing_there_is_no_section(erasure):
    assert sections(erasure) == []
