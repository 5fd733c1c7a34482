from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from retention.models import Comparison, Finding
from retention.states import Orphan
from tests.calls.factories import AT

pytestmark = pytest.mark.django_db


def test_one_comparison_is_made_at_a_time():
    done = Comparison.objects.create(began_at=AT, until=AT, done_at=AT)
    goes_on = Comparison.objects.create(began_at=AT, until=AT)

    with pytest.raises(IntegrityError, match="one_comparison_at_a_time"), transaction.atomic():
        Comparison.objects.create(began_at=AT, until=AT)
    assert Comparison.objects.idle(at=AT).get() == goes_on != done


def test_one_that_waits_after_trouble_is_not_idle():
    Comparison.objects.create(began_at=AT, until=AT, next_at=AT + timedelta(minutes=1))

    assert not Comparison.objects.idle(at=AT).exists()


def test_the_same_is_found_once():
    Finding.objects.create(kind=Orphan.FILE, name="a.wav", found_at=AT)

    with pytest.raises(IntegrityError, match="finding_once"), transaction.atomic():
        Finding.objects.create(kind=Orphan.FILE, name="a.wav", found_at=AT)
    assert Finding.objects.open().count() == 1
