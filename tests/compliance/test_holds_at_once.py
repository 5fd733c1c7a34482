"""A hold and a deletion at the same time, from two connections: either the deletion was over, or it is refused."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction

from compliance import holds
from compliance.models import Hold
from telephony.models import Delivery
from tests.compliance.keepers import conversation, delete_by_sql, lift, make_hold
from tests.locks import waiting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_hold_is_left():
    """While a hold is active no table is emptied, not even after a test."""
    yield
    for hold in Hold.objects.active():
        lift(hold)


@pytest.fixture
def beside():
    """Run something in another thread, with a connection of its own."""

    def run(work):
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        yield lambda work: pool.submit(run, work)


def until_it_waits() -> None:
    for _ in range(500):
        if waiting():
            return
        threading.Event().wait(0.01)
    raise AssertionError("nobody waits")


def test_a_hold_waits_for_a_deletion_that_has_begun_and_finds_it_done(beside):
    delivery = conversation().rows["telephony_delivery"]

    with transaction.atomic():
        delete_by_sql("telephony_delivery", delivery.pk)
        placing = beside(make_hold)
        until_it_waits()
    placing.result(10)

    assert not Delivery.objects.exists()


def test_a_deletion_waits_for_a_hold_that_is_being_placed_and_is_refused(beside):
    delivery = conversation().rows["telephony_delivery"]

    def delete():
        with pytest.raises(holds.Held, match="legal hold"), holds.refusing():
            delete_by_sql("telephony_delivery", delivery.pk)

    with transaction.atomic():
        make_hold()
        deleting = beside(delete)
        until_it_waits()
    deleting.result(10)

    assert Delivery.objects.get() == delivery


def test_a_hold_that_is_taken_back_refuses_nothing(beside):
    delivery = conversation().rows["telephony_delivery"]

    with transaction.atomic():
        make_hold()
        deleting = beside(lambda: delete_by_sql("telephony_delivery", delivery.pk))
        until_it_waits()
        transaction.set_rollback(True)

    assert deleting.result(10) == 1


def test_deletions_do_not_wait_for_each_other(beside):
    first, second = conversation(), conversation(after=60)

    with transaction.atomic():
        delete_by_sql("telephony_delivery", first.ids()["telephony_delivery"])
        other = beside(lambda: delete_by_sql("telephony_delivery", second.ids()["telephony_delivery"]))

        assert other.result(10) == 1
