"""What an erasure takes from contacts."""

from datetime import timedelta

import pytest

from contacts import actions
from contacts.actions.forgetting import forget, forget_opt_out
from contacts.models import Change, Contact, OptOut
from contacts.signals import contacts_changed
from contacts.states import Channel, How
from tests.agents.factories import user
from tests.contacts.factories import AT, CALLER, contact, external_id, system

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)


def test_a_contact_with_another_number_loses_this_one_and_its_choice():
    made = contact("Caller 1", CALLER, "+4930901820")
    actions.choose(CALLER, made.pk, by=user(), at=AT)

    went = forget(made.pk, CALLER, by=user(), at=LATER)

    assert dict(went) == {"contacts.ContactNumber": 1, "contacts.Choice": 1}
    made.refresh_from_db()
    assert (made.version, made.numbers.get().number) == (2, "+4930901820")


def test_with_the_last_number_all_of_it_goes_and_it_is_told():
    heard = []
    contacts_changed.connect(receiver := lambda what, **_news: heard.append(what), weak=False)
    made = contact("Caller 1")
    external_id(made, system(), "7")
    Change.objects.create(contact=made.pk, what="created", at=AT)

    went = forget(made.pk, CALLER, by=None, at=LATER)
    contacts_changed.disconnect(receiver)

    assert went["contacts.ExternalId"] == went["contacts.Change"] == 1
    assert not Contact.objects.exists()
    assert heard == ["deleted"]
    assert not forget(made.pk, CALLER, by=None, at=LATER)


def test_an_ended_entry_of_the_ledger_goes_and_one_in_force_stays():
    ended = actions.opt_out(CALLER, Channel.TEXTS, how=How.TEXT, at=AT)
    actions.opt_in(CALLER, Channel.TEXTS, how=How.TEXT, at=AT)
    present = actions.opt_out(CALLER, Channel.CALLS, how=How.SAID, at=AT)

    assert forget_opt_out(ended.pk)
    assert not forget_opt_out(present.pk)
    assert list(OptOut.objects.all()) == [present]
