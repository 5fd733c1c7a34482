"""What contacts are found by, and what the database keeps of the ledger."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from contacts.actions import opt_out
from contacts.models import Contact, OptOut
from contacts.states import Channel, How
from tests.contacts.factories import AT, CALLER, contact, external_id, system

pytestmark = pytest.mark.django_db


def found(text: str) -> list[str]:
    return sorted(Contact.objects.matching(text).values_list("name", flat=True))


def test_a_contact_is_found_by_any_writing_of_a_number_by_name_and_by_id():
    one = contact("Caller 1")
    contact("Caller 2", "+4930901820")
    external_id(one, system(), "A-77")

    assert found("(415) 555-0123") == found("+1 415 555 0123") == found("0014155550123"[2:]) == ["Caller 1"]
    assert found("555012") == ["Caller 1"]
    assert found("+49 30 901820") == ["Caller 2"]
    assert found("caller") == ["Caller 1", "Caller 2"]
    assert found("A-77") == ["Caller 1"]
    assert found("nobody") == []


def test_a_block_ends_by_itself():
    contact("Caller 1", blocked_at=AT, blocked_until=AT + timedelta(days=1), blocked_because="Prank calls")
    contact("Caller 2", blocked_at=AT)

    assert Contact.objects.blocked(at=AT).count() == 2
    assert [one.name for one in Contact.objects.blocked(at=AT + timedelta(days=2))] == ["Caller 2"]
    assert [one.is_blocked(AT + timedelta(days=1)) for one in Contact.objects.order_by("name")] == [False, True]


def test_who_wants_no_calls_is_told_by_the_ledger():
    contact("Caller 1")
    contact("Caller 2", "+4930901820")
    opt_out(CALLER, Channel.CALLS, how=How.SAID, at=AT)
    opt_out("+4930901820", Channel.TEXTS, how=How.TEXT, at=AT)

    assert [one.name for one in Contact.objects.not_to_be_called()] == ["Caller 1"]


@pytest.mark.parametrize("change", [{"number": "+14155550124"}, {"channel": "texts"}, {"at": AT + timedelta(1)}])
def test_the_database_refuses_to_change_an_entry_of_the_ledger(change):
    entry = opt_out(CALLER, Channel.CALLS, how=How.SAID, at=AT)

    with pytest.raises(IntegrityError), transaction.atomic():
        OptOut.objects.filter(pk=entry.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        OptOut.objects.filter(pk=entry.pk).update(ended_at=AT, **change)
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.delete()


def test_an_ended_entry_stays_ended():
    entry = opt_out(CALLER, Channel.CALLS, how=How.SAID, at=AT)
    OptOut.objects.filter(pk=entry.pk).update(ended_at=AT)

    with pytest.raises(IntegrityError), transaction.atomic():
        OptOut.objects.filter(pk=entry.pk).update(ended_at=None)


def test_parts_of_names_and_numbers_have_an_index():
    contact()
    with connection.cursor() as cursor:
        # nothing is left but what can look into the middle of a text
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        cursor.execute("SET LOCAL enable_indexonlyscan = off")

        for text in ("name__icontains", "numbers__number__contains"):
            plan = Contact.objects.filter(**{text: "5550"}).explain()
            assert "_parts" in plan
