"""Asking the ledger."""

import pytest

from contacts.actions import opt_in, opt_out
from contacts.optouts import among, opted_out
from contacts.states import Channel, How
from tests.contacts.factories import AT, CALLER

pytestmark = pytest.mark.django_db


def test_an_entry_counts_for_its_channel_and_until_it_ends(django_assert_num_queries):
    entry = opt_out(CALLER, Channel.TEXTS, how=How.TEXT, at=AT)

    with django_assert_num_queries(1):
        assert opted_out(CALLER, Channel.TEXTS) == entry
    assert opted_out(CALLER, Channel.CALLS) is None
    assert among([CALLER, "+4930901820"], Channel.TEXTS) == {CALLER}

    opt_in(CALLER, Channel.TEXTS, how=How.TEXT, at=AT)

    assert opted_out(CALLER, Channel.TEXTS) is None
