import pytest
from django.db import IntegrityError, transaction

from tests.telephony.factories import delivery, phone_number

pytestmark = pytest.mark.django_db


def test_rows_are_told_apart_by_their_words():
    first, second = delivery(path="/voice/inbound"), delivery(path="/voice/inbound")

    assert str(first) == f"/voice/inbound #{first.pk}"
    assert str(first) != str(second)
    assert str(phone_number("+14155550100")) == "+14155550100"


def test_a_request_is_stored_once():
    delivery(identity="one")

    with pytest.raises(IntegrityError), transaction.atomic():
        delivery(identity="one")


@pytest.mark.parametrize("same", ["sid", "number"])
def test_a_number_is_mirrored_once(same):
    first = phone_number("+14155550100")
    other = {"sid": first.sid} if same == "sid" else {}

    with pytest.raises(IntegrityError), transaction.atomic():
        phone_number("+14155550101" if same == "sid" else "+14155550100", **other)
