"""What the database refuses of the log of access."""

import pytest
from django.db import IntegrityError, transaction

from compliance.models import AccessEntry
from compliance.states import Access
from tests.calls.factories import AT

pytestmark = pytest.mark.django_db


def logged(number: int, **fields: object) -> AccessEntry:
    defaults = {"who": "ann", "action": Access.HEARD, "subject": "recording", "subject_id": "5d1c", "at": AT}
    links = {"previous": f"{number - 1:064x}", "hash": f"{number:064x}"}
    return AccessEntry.objects.create(**(defaults | links | fields))


def test_an_entry_is_never_changed_and_never_goes_whatever_is_being_erased():
    made = logged(1)

    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        AccessEntry.objects.filter(pk=made.pk).update(who="bob")
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        made.delete()

    assert AccessEntry.objects.get().who == "ann"


def test_two_entries_never_follow_the_same_one():
    logged(1)

    with pytest.raises(IntegrityError), transaction.atomic():
        logged(1, hash="f" * 64)


def test_an_entry_says_something_that_we_know():
    with pytest.raises(IntegrityError), transaction.atomic():
        logged(1, action="dreamed of")


def test_entries_are_told_apart():
    assert str(logged(1)) != str(logged(2))
