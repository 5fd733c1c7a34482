"""Contacts are made, changed, chosen and deleted, and each leaves a line and tells it."""

from datetime import timedelta

import pytest

from contacts import actions
from contacts.details import Block, Details
from contacts.models import Change, Choice, Contact, OptOut
from contacts.reading import known
from contacts.signals import contacts_changed
from contacts.states import Channel, How, What
from tests.agents.factories import user
from tests.contacts.factories import AT, CALLER, contact, external_id, system

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=1)
HOME = "+4930901820"


@pytest.fixture
def told():
    heard = []

    def receive(sender, signal, contacts, what, at, **more):
        for one in contacts:
            heard.append((what, one.pk, Contact.objects.filter(pk=one.pk).exists()))

    contacts_changed.connect(receive)
    yield heard
    contacts_changed.disconnect(receive)


def test_a_contact_is_made_with_all_that_is_said_of_it(told):
    system("CRM")
    said = Details(
        name="Caller 1",
        country="DE",
        numbers=(("030 901820", "office"),),
        ids=(("CRM", "A-7"),),
        attributes={"plan": "gold"},
        is_vip=True,
        priority=20,
        block=Block(True, "Prank calls", LATER),
        do_not_call=True,
    )

    made = actions.create(said, how=How.API, at=AT)

    found = known("+4930901820", at=AT)
    assert (found.name, found.is_vip, found.priority, found.is_blocked) == ("Caller 1", True, 20, True)
    assert (found.do_not_call, found.attributes) == (True, {"plan": "gold"})
    assert made.external_ids.get().value == "A-7"
    assert (OptOut.objects.get().how, OptOut.objects.get().channel) == (How.API, Channel.CALLS)
    assert told == [(What.CREATED, made.pk, True)]


def test_what_is_not_said_stays_and_the_version_rises(told):
    made, supervisor = contact(attributes={"plan": "gold"}, language="de-DE"), user()

    changed = actions.change(made.pk, Details(name="Caller 2", is_vip=True), by=supervisor, how=How.SAID, at=LATER)

    assert (changed.version, changed.name, changed.language) == (2, "Caller 2", "de-DE")
    assert changed.attributes == {"plan": "gold"}
    assert [one.number for one in changed.numbers.all()] == [CALLER]
    line = Change.objects.get()
    assert (line.what, line.detail, line.by) == (What.CHANGED, {"fields": ["is_vip", "name"]}, supervisor)
    assert told == [(What.CHANGED, made.pk, True)]


def test_saying_what_is_so_already_changes_nothing(told):
    made = contact()

    same = actions.change(made.pk, Details(name="Caller 1", numbers=((CALLER, ""),)), how=How.SAID, at=LATER)

    assert (same.version, same.updated_at, Change.objects.count(), told) == (1, AT, 0, [])


def test_who_has_seen_another_version_changes_nothing():
    made = contact()
    actions.change(made.pk, Details(name="Caller 2"), version=1, how=How.SAID, at=LATER)

    with pytest.raises(actions.Different):
        actions.change(made.pk, Details(name="Caller 3"), version=1, how=How.SAID, at=LATER)
    with pytest.raises(actions.Different):
        actions.delete(made.pk, version=1, at=LATER)


def test_blocking_and_unblocking_have_words_of_their_own():
    made = contact()
    actions.change(made.pk, Details(block=Block(True, "Prank calls")), how=How.SAID, at=AT)
    actions.change(made.pk, Details(block=Block(True, "Threats", LATER)), how=How.SAID, at=LATER)
    actions.change(made.pk, Details(block=Block(False)), how=How.SAID, at=LATER)

    assert list(Change.objects.order_by("id").values_list("what", flat=True)) == ["blocked", "changed", "unblocked"]
    made.refresh_from_db()
    assert (made.blocked_at, made.blocked_until, made.blocked_because) == (None, None, "")


def test_numbers_that_go_take_the_choices_for_them_along():
    made, other = contact("Caller 1", CALLER, "+4930901820"), contact("Caller 2")
    actions.choose(CALLER, made.pk, by=user(), at=AT)

    actions.change(made.pk, Details(numbers=(("+49 30 901820", "home"),)), how=How.SAID, at=LATER)

    assert [(one.number, one.label) for one in made.numbers.all()] == [("+4930901820", "home")]
    assert Choice.objects.count() == 0
    assert known(CALLER, at=AT).contact == other.pk


def test_do_not_call_is_written_for_all_numbers_and_taken_back_for_all():
    made = contact("Caller 1", CALLER, "+4930901820")

    assert actions.set_calls(made.pk, True, by=user(), how=How.SAID, at=AT)
    assert not actions.set_calls(made.pk, True, by=user(), how=How.SAID, at=LATER)
    assert set(OptOut.objects.active(Channel.CALLS).values_list("number", flat=True)) == {CALLER, "+4930901820"}

    assert actions.set_calls(made.pk, False, by=user(), how=How.SAID, at=LATER)
    assert OptOut.objects.active().count() == 0
    assert OptOut.objects.count() == 2


def test_an_id_elsewhere_belongs_to_one_contact():
    crm = system("CRM")
    external_id(contact("Caller 1"), crm, "7")

    with pytest.raises(actions.HasProblems) as wrong:
        actions.create(Details(name="Caller 2", ids=(("CRM", "7"), ("Shop", "1"))), how=How.API, at=AT)
    assert "Shop" in str(wrong.value)

    with pytest.raises(actions.HasProblems) as wrong:
        actions.create(Details(name="Caller 2", ids=(("CRM", "7"),)), how=How.API, at=AT)
    assert str(wrong.value) == "external_ids is the id of another contact already"
    assert Contact.objects.count() == 1


def test_the_choice_among_several_is_remembered_and_may_change(told):
    first, second = contact("Caller 1"), contact("Caller 2")

    actions.choose(CALLER, second.pk, by=user(), at=AT)
    actions.choose(CALLER, second.pk, by=user(), at=AT)
    assert known(CALLER, at=AT).contact == second.pk

    actions.choose(CALLER, first.pk, by=user(), at=LATER)
    assert known(CALLER, at=AT).contact == first.pk
    assert [what for what, _pk, _there in told] == [What.CHOSEN, What.CHOSEN]
    assert CALLER not in str(list(Change.objects.values_list("detail", flat=True)))

    with pytest.raises(actions.NotTheirs):
        actions.choose("+4930901820", first.pk, by=user(), at=LATER)


def test_a_deleted_contact_is_told_while_its_row_is_there_and_the_ledger_stays(told):
    made = contact()
    actions.set_calls(made.pk, True, by=user(), how=How.SAID, at=AT)

    actions.delete(made.pk, by=user(), at=LATER)

    assert told == [(What.DELETED, made.pk, True)]
    assert not Contact.objects.exists()
    assert OptOut.objects.active().count() == 1
    with pytest.raises(actions.Gone):
        actions.delete(made.pk, at=LATER)


def test_what_a_form_has_saved_is_noted():
    made = contact()

    actions.note_saved(made.pk, is_new=True, fields=["name"], by=user(), at=AT)
    actions.note_saved(made.pk, is_new=False, fields=["numbers", "name"], by=user(), at=LATER)

    made.refresh_from_db()
    assert (made.version, made.updated_at) == (2, LATER)
    assert [(line.what, line.detail) for line in Change.objects.order_by("id")] == [
        ("created", {}),
        ("changed", {"fields": ["name", "numbers"]}),
    ]


def test_many_are_made_as_one_is(told):
    system("CRM")
    wanted = [
        Details(name="Caller 1", numbers=((CALLER, "mobile"),), ids=(("CRM", "1"),), is_vip=True, do_not_call=True),
        Details(name="Caller 2", block=Block(True, "Prank calls")),
    ]

    actions.create_many(wanted, by=user(), how=How.FILE, at=AT)

    first, second = Contact.objects.order_by("name")
    assert (first.is_vip, first.numbers.get().label, first.external_ids.get().value) == (True, "mobile", "1")
    assert (second.blocked_because, OptOut.objects.get().how) == ("Prank calls", How.FILE)
    assert [what for what, _pk, _there in told] == [What.CREATED, What.CREATED]
    assert Change.objects.filter(what=What.CREATED).count() == 2
    with pytest.raises(actions.HasProblems):
        actions.create_many([Details(name="Caller 3", ids=(("CRM", "1"),))], by=None, how=How.FILE, at=AT)
    assert Contact.objects.count() == 2


def test_many_are_changed_as_one_is(told):
    crm = system("CRM")
    first, second, third = contact("Caller 1"), contact("Caller 2", HOME), contact("Caller 3", blocked_at=AT)
    external_id(first, crm, "1")
    external_id(second, crm, "2")
    actions.choose(HOME, second.pk, by=user(), at=AT)
    told.clear()

    actions.change_many(
        [
            # each takes the id of the other, which one after the other could not be
            (first.pk, 1, Details(name="Caller 9", ids=(("CRM", "2"),), do_not_call=True)),
            (second.pk, 1, Details(ids=(("CRM", "1"),), numbers=((CALLER, "mobile"),), do_not_call=False)),
            (third.pk, 1, Details(block=Block(False), name="Caller 3")),
        ],
        by=user(),
        how=How.FILE,
        at=LATER,
    )

    changed = {one.pk: one for one in Contact.objects.all()}
    assert [changed[one.pk].version for one in (first, second, third)] == [2, 2, 2]
    assert (changed[first.pk].name, first.external_ids.get().value) == ("Caller 9", "2")
    assert (second.external_ids.get().value, second.numbers.get().label) == ("1", "mobile")
    assert not Choice.objects.exists()
    assert OptOut.objects.get().number == CALLER  # of who share a number, one who wants no calls is enough
    assert {(what, pk) for what, pk, _there in told} == {
        (What.CHANGED, first.pk), (What.CHANGED, second.pk), (What.UNBLOCKED, third.pk),
    }  # fmt: skip
    fields = {change.contact: change.detail["fields"] for change in Change.objects.exclude(what=What.CHOSEN)}
    assert fields[first.pk] == ["do_not_call", "external_ids", "name"]
    assert fields[second.pk] == ["do_not_call", "external_ids", "numbers"]
    assert fields[third.pk] == ["blocked"]


def test_none_of_many_is_changed_where_one_is_in_another_version_or_has_the_id_of_somebody_else(told):
    crm = system("CRM")
    first, second = contact("Caller 1"), contact("Caller 2")
    external_id(second, crm, "2")

    with pytest.raises(actions.Different):
        actions.change_many(
            [(first.pk, 1, Details(name="A")), (second.pk, 7, Details(name="B"))], by=None, how=How.FILE, at=LATER
        )
    with pytest.raises(actions.HasProblems):
        actions.change_many([(first.pk, 1, Details(name="A", ids=(("CRM", "2"),)))], by=None, how=How.FILE, at=LATER)

    assert set(Contact.objects.values_list("name", "version")) == {("Caller 1", 1), ("Caller 2", 1)}
    assert told == []
