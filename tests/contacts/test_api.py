"""Contacts and opt-outs in the API."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts import actions
from contacts.models import Contact, OptOut
from contacts.reading import known
from contacts.states import Channel, How
from tests.contacts.factories import AT, CALLER, contact, external_id, system
from tests.crm.asking import Asking, asking

pytestmark = pytest.mark.django_db


@pytest.fixture
def asker() -> Asking:
    return Asking("contacts:write", "contacts:read", "opt-outs:write", "opt-outs:read")


def names(answer) -> list[str]:
    return sorted(item["name"] for item in answer.json()["items"])


def test_a_contact_is_made_read_changed_and_deleted(asker):
    system()
    body = {
        "name": "Caller 1",
        "country": "DE",
        "numbers": [{"number": "030 901820", "label": "office"}],
        "external_ids": [{"system": "CRM", "id": "A-7"}],
        "attributes": {"plan": "gold"},
        "is_vip": True,
        "priority": 20,
        "blocked": {"because": "Prank calls", "until": "2099-01-01T00:00:00Z"},
        "do_not_call": True,
    }

    made = asker.post("/contacts", body)
    assert made.status_code == 201, made.json()
    told = made.json()
    assert told["numbers"] == [{"number": "+4930901820", "label": "office"}]
    assert told["external_ids"] == [{"system": "CRM", "id": "A-7"}]
    assert told["blocked"] == {"because": "Prank calls", "until": "2099-01-01T00:00:00Z"}
    assert (told["is_vip"], told["priority"], told["do_not_call"]) == (True, 20, True)

    address, tag = f"/contacts/{told['id']}", made.headers["ETag"]
    changed = asker.patch(address, {"blocked": None, "attributes": {"city": "Bonn", "plan": ""}}, **{"If-Match": tag})
    assert changed.status_code == 200, changed.json()
    assert (changed.json()["blocked"], changed.json()["attributes"]) == (None, {"city": "Bonn"})
    assert asker.get(address).headers["ETag"] == changed.headers["ETag"] != tag
    assert asker.patch(address, {"name": "Caller 2"}, **{"If-Match": tag}).status_code == 412

    assert asker.delete(address).status_code == 204
    assert asker.get(address).status_code == 404
    assert OptOut.objects.active().count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"numbers": [{"number": "12"}]}, "numbers"),
        ({"name": "A", "language": "klingon!"}, "language"),
        ({"name": "A", "attributes": {"Two Words": "x"}}, "attributes"),
        ({"name": "A", "external_ids": [{"system": "Shop", "id": "1"}]}, "external_ids"),
        ({"name": "A", "priority": 999}, "priority"),
        ({"name": "A", "shoe": 7}, "shoe"),
    ],
)
def test_a_wrong_body_names_its_field(asker, body, field):
    answer = asker.post("/contacts", body)

    assert answer.status_code == 400
    assert [fault["field"].partition(".")[0] for fault in answer.json()["errors"]] == [field]
    assert not Contact.objects.exists()


def test_contacts_are_found_by_number_id_flags_and_attributes(asker):
    crm = system()
    first = contact("Caller 1", is_vip=True, attributes={"plan": "gold"})
    external_id(first, crm, "7")
    external_id(contact("Caller 2", "+4930901820", blocked_at=AT), system("Shop"), "7")

    for parameters, found in [
        ({"number": "(415) 555-0123"}, ["Caller 1"]),
        ({"number": "90182"}, ["Caller 2"]),
        ({"text": "caller"}, ["Caller 1", "Caller 2"]),
        ({"external_id": "7"}, ["Caller 1", "Caller 2"]),
        ({"external_id": "7", "system": "CRM"}, ["Caller 1"]),
        ({"system": "Shop"}, ["Caller 2"]),
        ({"is_vip": "true"}, ["Caller 1"]),
        ({"is_blocked": "true"}, ["Caller 2"]),
        ({"is_blocked": "false"}, ["Caller 1"]),
        ({"do_not_call": "true"}, []),
        ({"attribute": "plan:gold"}, ["Caller 1"]),
        ({"updated_from": "2026-09-02T00:00:00Z"}, []),
        ({"ordering": "name"}, ["Caller 1", "Caller 2"]),
    ]:
        assert names(asker.get("/contacts", parameters)) == found, parameters


def test_a_list_takes_the_same_statements_however_many(asker):
    crm = system()

    def statements() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert asker.get("/contacts").status_code == 200
        return len(counted)

    external_id(contact("Caller 0"), crm, "0")
    statements()  # of a key's first use a little more is noted
    one = statements()
    for index in range(1, 6):
        external_id(contact(f"Caller {index}", f"+1415555{1000 + index}"), crm, str(index))

    assert statements() == one


def test_two_are_merged_and_the_old_id_names_the_one_that_is_left(asker):
    stays, goes = contact("Caller 1"), contact("Caller 2", "+4930901820")

    merged = asker.post(f"/contacts/{stays.pk}/merge", {"contact": str(goes.pk)})

    assert {one["number"] for one in merged.json()["numbers"]} == {CALLER, "+4930901820"}
    gone = asker.get(f"/contacts/{goes.pk}")
    assert (gone.status_code, gone.json()["merged_into"]) == (404, str(stays.pk))
    assert asker.post(f"/contacts/{stays.pk}/merge", {"contact": str(goes.pk)}).status_code == 409
    assert asker.post(f"/contacts/{stays.pk}/merge", {"contact": str(stays.pk)}).status_code == 400


def test_one_is_split_by_numbers_and_ids(asker):
    crm = system()
    old = contact("Caller 1", CALLER, "+4930901820")
    external_id(old, crm, "7")
    address = f"/contacts/{old.pk}/split"

    body = {"name": "Caller 2", "numbers": ["+49 30 901820"], "external_ids": [{"system": "CRM", "id": "7"}]}
    new = asker.post(address, body)

    assert new.status_code == 201
    assert (new.json()["name"], new.json()["external_ids"]) == ("Caller 2", [{"system": "CRM", "id": "7"}])
    assert asker.post(address, {"numbers": ["+14155550123"]}).status_code == 409
    assert asker.post(address, {"numbers": ["+4930901820"]}).status_code == 409
    assert asker.post(address, {"external_ids": [{"system": "CRM", "id": "9"}]}).status_code == 400


def test_a_contact_is_chosen_for_a_number_by_who_may(asker):
    contact("Caller 1")
    second = contact("Caller 2")
    chooser = asking("contacts:write", permissions=("contacts.choose_contact", "contacts.view_contact"))

    assert chooser.post(f"/contacts/{second.pk}/choose", {"number": "415 555 0123"}).status_code == 200
    assert known(CALLER, at=AT).contact == second.pk
    assert chooser.patch(f"/contacts/{second.pk}", {"name": "x"}).status_code == 403
    assert asker.post(f"/contacts/{second.pk}/choose", {"number": "+4930901820"}).status_code == 409


def test_a_change_says_little_but_what_it_says_is_whole(asker):
    row = contact("Caller 1", language="de-DE")
    path = f"/contacts/{row.pk}"

    changed = asker.patch(path, {"numbers": [{"number": "+1 415 555 0177"}], "blocked": {"because": "Prank calls"}})

    assert changed.json()["numbers"] == [{"number": "+14155550177", "label": ""}]
    assert (changed.json()["blocked"]["because"], changed.json()["language"]) == ("Prank calls", "de-DE")
    assert asker.patch(path, {"blocked": {}}).status_code == 200
    assert asker.patch(path, {"external_ids": [{"system": "CRM"}]}).json()["errors"] == [
        {"field": "external_ids.0.id", "message": "This field is required."}
    ]


def test_many_are_found_or_made_by_their_ids_and_one_that_is_wrong_stops_none(asker):
    crm = system()
    external_id(contact("Caller 1"), crm, "1")
    external_id(contact("Caller 2", "+4930901820"), crm, "2")
    body = {
        "system": "CRM",
        "contacts": [
            {"id": "1", "name": "Caller 9"},
            {"id": "2", "name": "Caller 2"},
            {"id": "3", "name": "Caller 3", "numbers": [{"number": "+49 30 901821"}]},
            {"id": "4", "name": "Caller 4", "numbers": [{"number": "12"}]},
        ],
    }

    items = asker.post("/contacts/bulk", body).json()["items"]

    assert [(item["id"], item["outcome"]) for item in items] == [
        ("1", "changed"), ("2", "unchanged"), ("3", "created"), ("4", "refused"),
    ]  # fmt: skip
    assert items[3]["errors"] == [{"field": "numbers", "message": "“12” is no telephone number"}]
    assert Contact.objects.get(name="Caller 3").external_ids.get().value == "3"
    again = asker.post("/contacts/bulk", body).json()["items"]
    assert [item["outcome"] for item in again] == ["unchanged", "unchanged", "unchanged", "refused"]
    assert asker.post("/contacts/bulk", body | {"system": "Shop"}).status_code == 400


def test_of_many_the_same_twice_is_changed_twice_and_a_taken_id_is_refused_alone(asker):
    crm = system()
    external_id(contact("Caller 1"), crm, "1")
    external_id(contact("Caller 2"), system("Shop"), "S")
    body = {
        "system": "CRM",
        "contacts": [
            {"id": "1", "name": "Caller 8"},
            {"id": "1", "name": "Caller 9"},
            {"id": "7", "name": "Caller 7"},
            {"id": "7", "name": "Caller 7 again"},
            {"id": "8", "name": "Caller 8", "external_ids": [{"system": "Shop", "id": "S"}]},
        ],
    }

    items = asker.post("/contacts/bulk", body).json()["items"]

    outcomes = ["changed", "changed", "created", "refused", "refused"]
    assert [item["outcome"] for item in items] == outcomes
    assert set(Contact.objects.values_list("name", flat=True)) == {"Caller 9", "Caller 2", "Caller 7"}


def test_many_take_the_same_few_statements_however_many_they_are(asker):
    system()
    asker.get("/contacts")  # the first use of a key is noted

    def statements(count: int) -> int:
        many = [{"id": f"{count}-{n}", "name": "Caller", "numbers": [{"number": CALLER}]} for n in range(count)]
        with CaptureQueriesContext(connection) as asked:
            items = asker.post("/contacts/bulk", {"system": "CRM", "contacts": many}).json()["items"]
        assert {item["outcome"] for item in items} == {"created"}
        return len(asked)

    assert statements(2) == statements(20)


def test_an_opt_out_is_noted_once_and_ended_once(asker):
    made = asker.post("/opt-outs", {"number": "(415) 555-0123", "channel": "calls", "note": "A letter"})
    assert made.status_code == 201
    assert (made.json()["number"], made.json()["how"], made.json()["ended_at"]) == (CALLER, "api", None)
    assert asker.post("/opt-outs", {"number": CALLER, "channel": "calls"}).json()["id"] == made.json()["id"]

    actions.opt_out("+4930901820", Channel.TEXTS, how=How.TEXT, at=AT)
    for parameters, count in [
        ({}, 2),
        ({"number": "415 555 0123"}, 1),
        ({"channel": "texts"}, 1),
        ({"active": "false"}, 0),
    ]:
        assert len(asker.get("/opt-outs", parameters).json()["items"]) == count, parameters

    address = f"/opt-outs/{made.json()['id']}"
    assert asker.post(f"{address}/end", {"note": "Called us"}).json()["ended_note"] == "Called us"
    assert asker.post(f"{address}/end", {}).status_code == 409
    assert asker.get(address).json()["ended_how"] == "api"


def test_systems_are_listed(asker):
    system("CRM", url_template="https://crm.example.com/{id}")

    assert [item["name"] for item in asker.get("/systems").json()["items"]] == ["CRM"]


def test_numbers_are_masked_for_who_may_not_see_them_whole():
    contact("Caller 1")
    masked = asking("contacts:read", permissions=("contacts.view_contact",)).get("/contacts").json()["items"][0]

    assert masked["numbers"][0]["number"] == "+1415****123"
