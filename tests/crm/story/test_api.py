"""Stories at their addresses of the API."""

import uuid

import pytest

from tests.crm.asking import Asking, asking
from tests.crm.story import told

pytestmark = pytest.mark.django_db


@pytest.fixture
def program() -> Asking:
    return asking("stories:read", permissions=told.EVERYTHING)


def test_a_conversation_is_told(program: Asking) -> None:
    call = told.conversation()
    contact = told.with_contact(call)

    answer = program.get(f"/conversations/{call.conversation}")

    assert answer.status_code == 200
    story = answer.json()
    assert story["conversation"] == str(call.conversation)
    assert story["known"] == {"contact": str(contact.pk), "name": "Ms Adams", "matches": 1}
    assert story["began_at"] == "2026-03-02T15:00:00Z"
    first = story["entries"][1]
    assert (first["kind"], first["subject"], first["call"]) == ("call", str(call.pk), str(call.pk))


def test_a_contact_is_told_page_by_page(program: Asking) -> None:
    contact = told.with_contact(told.conversation())

    first = program.get(f"/contacts/{contact.pk}/story", {"limit": 10}).json()
    last = program.get(f"/contacts/{contact.pk}/story", {"limit": 10, "cursor": first["next"]}).json()

    assert (len(first["items"]), len(last["items"]), last["next"]) == (10, 4, None)
    assert [item["kind"] for item in last["items"]] == ["look-up", "flow", "call", "order"]


@pytest.mark.parametrize("query", [{"cursor": "x"}, {"limit": 0}, {"limit": 1000}, {"page": 2}])
def test_what_cannot_be_asked_names_the_parameter(program: Asking, query: dict[str, object]) -> None:
    contact = told.with_contact(told.conversation())

    answer = program.get(f"/contacts/{contact.pk}/story", query)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == next(iter(query))


def test_what_is_not_there(program: Asking) -> None:
    assert program.get(f"/conversations/{uuid.uuid4()}").status_code == 404
    assert program.get("/conversations/nobody").status_code == 404
    assert program.get(f"/contacts/{uuid.uuid4()}/story").status_code == 404


def test_it_takes_the_permission_to_see_calls_and_for_a_contact_to_see_contacts() -> None:
    call = told.conversation()
    contact = told.with_contact(call)
    nobody = asking("stories:read", permissions=("contacts.view_contact",))
    of_calls = asking("stories:read", permissions=("calls.view_call",))

    assert nobody.get(f"/conversations/{call.conversation}").status_code == 403
    assert nobody.get(f"/contacts/{contact.pk}/story").status_code == 403
    assert of_calls.get(f"/contacts/{contact.pk}/story").status_code == 403
    assert of_calls.get(f"/conversations/{call.conversation}").json()["known"] is None
