from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from retention.actions import erasures
from retention.models import Erasure, ErasureItem
from retention.states import ItemState
from retention.things import Thing
from tests.agents.factories import user
from tests.calls.factories import AT

pytestmark = pytest.mark.django_db


def made(number: str = "+14155550123") -> Erasure:
    return erasures.ask(number, reason="File 12", by=user(), address=None, at=AT)


def test_the_database_itself_lets_no_closed_erasure_keep_the_number():
    erasure = made()

    with pytest.raises(IntegrityError, match="erasure_forgets_the_number"), transaction.atomic():
        Erasure.objects.filter(pk=erasure.pk).update(state="done")


def test_one_that_waits_for_a_person_is_nothing_for_a_worker():
    erasure = made()

    assert Erasure.objects.due(at=AT).get() == erasure
    Erasure.objects.update(state="found")
    assert not Erasure.objects.due(at=AT).exists()
    Erasure.objects.update(state="working", next_at=AT + timedelta(minutes=1))
    assert not Erasure.objects.due(at=AT).exists()
    assert Erasure.objects.due(at=AT + timedelta(minutes=1)).exists()
    assert Erasure.objects.open().get() == erasure


def test_items_are_due_when_their_time_has_come():
    erasure = made()
    fields = {"erasure": erasure, "kind": Thing.CALL, "found_at": AT}
    now = ErasureItem.objects.create(key="1", **fields)
    later = ErasureItem.objects.create(key="2", state="refused", retry_at=AT + timedelta(minutes=1), **fields)
    ErasureItem.objects.create(key="3", state=ItemState.CHECKED, **fields)

    assert list(erasure.items.due(at=AT)) == [now]
    assert set(erasure.items.due(at=AT + timedelta(minutes=1))) == {now, later}
    assert erasure.items.open().count() == 2
