"""A hold and a deletion at the same time, from two connections: either the deletion was over, or it is refused."""

import pytest
from django.db import transaction

from compliance import holds
from compliance.models import Hold
from telephony.models import Delivery
from tests.at_once import beside
from tests.compliance.keepers import conversation, delete_by_sql, lift, make_hold
from tests.locks import waiting
from tests.patience import PATIENCE, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_hold_is_left():
    """While a hold is active no table is emptied, not even after a test."""
    yield
    for hold in Hold.objects.active():
        lift(hold)


@pytest.fixture
def meanwhile():
    """Give what runs something in another thread, with a connection of its own."""
    with beside() as submit:
        yield submit


def test_a_hold_waits_for_a_deletion_that_has_begun_and_finds_it_done(meanwhile):
    delivery = conversation().rows["telephony_delivery"]

    with transaction.atomic():
        delete_by_sql("telephony_delivery", delivery.pk)
        placing = meanwhile(make_hold)
        until(waiting)
    placing.result(PATIENCE)

    assert not Delivery.objects.exists()


def test_a_deletion_waits_for_a_hold_that_is_being_placed_and_is_refused(meanwhile):
    delivery = conversation().rows["telephony_delivery"]

    def delete():
        with pytest.raises(holds.Held, match="legal hold"), holds.refusing():
            delete_by_sql("telephony_delivery", delivery.pk)

    with transaction.atomic():
        make_hold()
        deleting = meanwhile(delete)
        until(waiting)
    deleting.result(PATIENCE)

    assert Delivery.objects.get() == delivery


def test_a_hold_that_is_taken_back_refuses_nothing(meanwhile):
    delivery = conversation().rows["telephony_delivery"]

    with transaction.atomic():
        make_hold()
        deleting = meanwhile(lambda: delete_by_sql("telephony_delivery", delivery.pk))
        until(waiting)
        transaction.set_rollback(True)

    assert deleting.result(PATIENCE) == 1


def test_deletions_do_not_wait_for_each_other(meanwhile):
    first, second = conversation(), conversation(after=60)

    with transaction.atomic():
        delete_by_sql("telephony_delivery", first.ids()["telephony_delivery"])
        other = meanwhile(lambda: delete_by_sql("telephony_delivery", second.ids()["telephony_delivery"]))

        assert other.result(PATIENCE) == 1
