"""Who has a number: whom flows and the desk take for the caller."""

from datetime import timedelta

import pytest

from contacts.actions import opt_out
from contacts.models import Change, Choice
from contacts.reading import known, matches, names, successor
from contacts.states import Channel, How, What
from tests.contacts.factories import AT, CALLER, contact

pytestmark = pytest.mark.django_db


def test_what_is_known_of_a_caller_is_one_statement(django_assert_num_queries):
    one = contact(
        *("Caller 1", CALLER, "+4930901820"),
        is_vip=True,
        priority=30,
        language="de-DE",
        attributes={"plan": "gold"},
    )
    opt_out(CALLER, Channel.CALLS, how=How.SAID, at=AT)

    with django_assert_num_queries(1):
        found = known(CALLER, at=AT)

    assert found is not None
    assert (found.contact, found.name, found.language, found.matches) == (one.pk, "Caller 1", "de-DE", 1)
    assert (found.is_vip, found.priority, found.is_blocked, found.do_not_call) == (True, 30, False, True)
    assert found.attributes == {"plan": "gold"}
    assert not found.chosen


def test_points_count_for_vips_alone():
    contact(priority=30)

    assert known(CALLER, at=AT).priority == 0


def test_nobody_is_known_by_a_number_that_is_withheld_or_new(django_assert_num_queries):
    contact()

    with django_assert_num_queries(1):
        assert known("anonymous", at=AT) is None
        assert known("client:agent_1", at=AT) is None
        assert known("+14155550199", at=AT) is None


def test_of_several_who_was_chosen_counts_and_else_who_is_known_longest():
    first, second = contact("Caller 1"), contact("Caller 2", at=AT + timedelta(days=1))

    assert [one.pk for one in matches(CALLER)] == [first.pk, second.pk]

    Choice.objects.create(number=CALLER, contact=second, at=AT)

    assert [one.pk for one in matches(CALLER)] == [second.pk, first.pk]
    assert (known(CALLER, at=AT).contact, known(CALLER, at=AT).chosen) == (second.pk, True)
    assert names([CALLER, "+4930901820"]) == {CALLER: "Caller 2"}


def test_a_block_counts_until_it_ends():
    contact(blocked_at=AT, blocked_until=AT + timedelta(hours=1))

    assert known(CALLER, at=AT).is_blocked
    assert not known(CALLER, at=AT + timedelta(hours=1)).is_blocked


def test_an_id_that_was_merged_away_leads_to_the_contact_it_lives_on_in():
    last, middle, gone = contact("Caller 1"), contact("Caller 2"), contact("Caller 3")
    Change.objects.create(contact=middle.pk, other=gone.pk, what=What.MERGED, at=AT)
    Change.objects.create(contact=last.pk, other=middle.pk, what=What.MERGED, at=AT)
    middle_id, gone_id = middle.pk, gone.pk
    middle.delete()
    gone.delete()

    assert successor(gone_id) == successor(middle_id) == last.pk
    assert successor(last.pk) is None
