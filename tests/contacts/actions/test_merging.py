"""Two contacts become one, and one becomes two."""

from datetime import timedelta

import pytest

from contacts import actions
from contacts.actions.merging import side
from contacts.models import Choice, Contact
from contacts.reading import history, known, successor
from contacts.signals import contacts_changed
from contacts.states import What
from tests.agents.factories import user
from tests.contacts.factories import AT, CALLER, contact, external_id, system

pytestmark = pytest.mark.django_db
HOME = "+4930901820"
LATER = AT + timedelta(hours=1)


@pytest.fixture
def told():
    heard = []

    def receive(sender, signal, contacts, what, at, into=None):
        for one in contacts:
            heard.append((what, one.name, Contact.objects.filter(pk=one.pk).exists(), into and into.name))

    contacts_changed.connect(receive)
    yield heard
    contacts_changed.disconnect(receive)


def test_the_merged_contact_has_numbers_ids_and_choices_of_both(told):
    crm = system()
    stays, goes = contact("Caller 1", CALLER), contact("Caller 2", CALLER, HOME, is_vip=True, priority=9, blocked_at=AT)
    external_id(stays, crm, "1")
    external_id(goes, crm, "2")
    actions.choose(HOME, goes.pk, by=user(), at=AT)
    told.clear()

    merged = actions.merge(stays.pk, goes.pk, versions=(1, 1), by=user(), at=LATER)

    shown = side(merged, at=LATER)
    assert shown.numbers == {CALLER: "", HOME: ""}
    assert shown.ids == (("CRM", "1"), ("CRM", "2"))
    assert (shown.is_vip, shown.priority, shown.is_blocked, merged.version) == (True, 9, True, 2)
    assert Choice.objects.get().contact_id == merged.pk
    assert known(HOME, at=LATER).contact == merged.pk
    assert not Contact.objects.filter(pk=goes.pk).exists()
    assert successor(goes.pk) == merged.pk
    assert told == [("merged", "Caller 2", True, "Caller 1"), ("merged", "Caller 1", True, None)]
    assert [line.what for line in history(merged)] == ["merged", "chosen"]  # with what was done before, to either


def test_what_is_merged_is_what_was_shown():
    stays, goes = contact("Caller 1"), contact("Caller 2")

    with pytest.raises(actions.Different):
        actions.merge(stays.pk, goes.pk, versions=(1, 2), by=user(), at=LATER)
    with pytest.raises(actions.SameContact):
        actions.merge(stays.pk, stays.pk, by=user(), at=LATER)
    gone = goes.pk
    actions.delete(gone, at=LATER)
    with pytest.raises(actions.Gone):
        actions.merge(stays.pk, gone, by=user(), at=LATER)


def test_a_split_takes_chosen_numbers_and_ids_and_leaves_flags(told):
    crm = system()
    old = contact("Caller 1", CALLER, HOME, is_vip=True, language="de-DE", attributes={"plan": "gold"})
    external_id(old, crm, "1")
    moved = external_id(old, crm, "2")
    actions.choose(HOME, old.pk, by=user(), at=AT)
    told.clear()

    new = actions.split(old.pk, name="Caller 2", numbers=[HOME], ids=[moved.pk], by=user(), at=LATER)

    assert side(new, at=LATER).numbers == {HOME: ""}
    assert side(new, at=LATER).ids == (("CRM", "2"),)
    assert (new.is_vip, new.language, new.attributes) == (False, "de-DE", {})
    assert known(HOME, at=LATER).contact == new.pk
    old.refresh_from_db()
    assert (old.version, old.is_vip, [one.number for one in old.numbers.all()]) == (2, True, [CALLER])
    assert [what for what, *_rest in told] == [What.CREATED, What.SPLIT]
    line = history(old)[0]
    assert (line.what, line.other, HOME in str(line.detail)) == ("split", new.pk, False)


@pytest.mark.parametrize(
    ("numbers", "refusal"),
    [([], actions.NothingLeft), ([CALLER, HOME], actions.NothingLeft), (["+14155550199"], actions.NotTheirs)],
)
def test_a_split_leaves_something_on_either_side(numbers, refusal):
    old = contact("Caller 1", CALLER, HOME)

    with pytest.raises(refusal):
        actions.split(old.pk, name="Caller 2", numbers=numbers, ids=[], by=user(), at=LATER)
    assert Contact.objects.count() == 1
