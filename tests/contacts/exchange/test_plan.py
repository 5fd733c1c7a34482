"""What a file of contacts would change, that it changes just that, and that an export comes back unchanged."""

from datetime import timedelta

import pytest

from contacts import actions
from contacts.exchange import plan, sheet
from contacts.models import Contact, OptOut
from contacts.reading import known
from contacts.states import How
from tests.agents.factories import user
from tests.contacts.factories import AT, CALLER, contact, external_id, system

pytestmark = pytest.mark.django_db


def of(text):
    return plan.of(sheet.read(text.encode()))


def take_in(text, *, by):
    read = sheet.read(text.encode())
    return actions.import_contacts(read, fingerprint=plan.of(read).fingerprint, by=by, at=AT + timedelta(hours=1))


def told(text):
    return [(change.what, change.lines) for change in of(text).changes]


def wrong(text):
    return [(problem.row, problem.column, problem.text) for problem in of(text).problems]


def test_somebody_new_is_added_and_told_with_who_has_the_number_already():
    contact("Caller 1")

    assert told("name,numbers,vip,priority\nCaller 2,415 555 0123,yes,20\n") == [
        (
            "added",
            (
                "name: nothing → Caller 2",
                "numbers: nothing → +14155550123",
                "vip: nothing → yes",
                "priority: nothing → 20",
                "+14155550123 is also known as Caller 1",
            ),
        )
    ]


def test_a_row_means_the_contact_of_its_id_or_of_its_id_elsewhere():
    crm = system("CRM")
    first, second = contact("Caller 1"), contact("Caller 2")
    external_id(second, crm, "7")

    changes = of(f"id,id:crm,name\n{first.pk},,Caller 3\n,7,Caller 4\n,8,Caller 5\n").changes

    assert [(change.what, change.contact and change.contact.pk) for change in changes] == [
        ("changed", first.pk), ("changed", second.pk), ("added", None),
    ]  # fmt: skip


def test_what_is_confirmed_is_saved_and_the_same_file_changes_nothing_more():
    crm, by = system("CRM"), user()
    external_id(contact("Caller 1", attributes={"plan": "free", "city": "Bonn"}), crm, "7")
    text = (
        "id:CRM,name,numbers,attribute:plan,do_not_call,blocked,blocked_because\n"
        "7,Caller 1,+14155550123 (mobile); +4930901820,gold,yes,no,\n"
        "8,Caller 2,+4930901821,,no,yes,Prank calls\n"
    )

    done = take_in(text, by=by)

    assert [change.what for change in done.effective] == ["changed", "added"]
    first, second = Contact.objects.order_by("name")
    assert first.attributes == {"plan": "gold", "city": "Bonn"}
    assert [(one.number, one.label) for one in first.numbers.order_by("pk")] == [
        (CALLER, "mobile"), ("+4930901820", ""),
    ]  # fmt: skip
    assert set(OptOut.objects.values_list("number", "how")) == {(CALLER, How.FILE), ("+4930901820", How.FILE)}
    assert known("+4930901821", at=AT + timedelta(hours=2)).is_blocked
    assert second.blocked_because == "Prank calls"
    assert of(text).effective == []


def test_an_empty_cell_empties_and_a_missing_column_leaves():
    crm = system("CRM")
    row = contact("Caller 1", language="de-DE", attributes={"plan": "gold"})
    external_id(row, crm, "7")
    external_id(row, system("Shop"), "s")

    take_in(f"id,name,id:CRM,attribute:plan,vip\n{row.pk},,,,\n", by=user())

    row.refresh_from_db()
    assert (row.name, row.language, row.attributes) == ("", "de-DE", {})
    assert [(one.system.name, one.value) for one in row.external_ids.all()] == [("Shop", "s")]


def test_rows_that_cannot_be_kept_are_told_with_their_column():
    crm = system("CRM")
    first, second = contact("Caller 1"), contact("Caller 2")
    external_id(first, crm, "7")
    unknown = "6f1c4d3e-27a2-4f0c-9a0e-0d3a3a3f9a10"

    assert wrong(f"id,name\n{unknown},Caller\n") == [(2, "id", "is nobody here; leave it empty for somebody new")]
    assert wrong("name,numbers\nCaller,12\n") == [(2, "numbers", "“12” is no telephone number")]
    assert wrong(f"id,id:CRM\n{second.pk},7\n") == [(2, "", "means several contacts by its ids")]
    assert wrong(f"id,name\n{first.pk},A\n{first.pk},B\n") == [(3, "", "means the same contact as row 2")]
    assert wrong("id:CRM,name\n9,A\n9,B\n") == [(3, "id:CRM", "is the id in row 2 already")]
    assert wrong("id:Shop,name\n9,A\n") == [(1, "id:Shop", "names no system here: make it first")]


def test_nothing_is_saved_of_a_file_with_problems_or_that_was_shown_otherwise():
    by = user()
    broken = sheet.read(b"name,numbers\nCaller 1,+14155550123\nCaller 2,12\n")

    with pytest.raises(actions.Unfit):
        actions.import_contacts(broken, fingerprint="", by=by, at=AT)
    with pytest.raises(actions.Different):
        actions.import_contacts(sheet.read(b"name\nCaller 1\n"), fingerprint="other", by=by, at=AT)
    assert not Contact.objects.exists()


def test_an_export_comes_back_as_nothing_to_change():
    crm = system("CRM")
    full = contact(
        *("=Caller 1", CALLER, "+4930901820"),
        is_vip=True,
        priority=20,
        language="de-DE",
        country="DE",
        attributes={"plan": "gold"},
        blocked_at=AT,
        blocked_because="Prank calls",
        blocked_until=AT + timedelta(days=9),
    )
    external_id(full, crm, "7")
    external_id(full, crm, "8")
    actions.set_calls(full.pk, True, by=user(), how=How.SAID, at=AT)
    contact("Caller 2", "+4930901821")

    text = plan.export(Contact.objects.order_by("name"))

    assert text.splitlines()[0].endswith("do_not_call,id:CRM,attribute:plan")
    assert of(text).problems == ()
    assert of(text).effective == []


def test_a_preview_takes_the_same_few_statements_however_many_rows(django_assert_max_num_queries):
    crm = system("CRM")
    for index in range(20):
        external_id(contact(f"Caller {index}", f"+1415555{1000 + index}"), crm, str(index))
    text = "id:CRM,name,numbers\n" + "".join(f"{index},New {index},+1415555{2000 + index}\n" for index in range(40))

    with django_assert_max_num_queries(6):
        assert len(of(text).effective) == 40
