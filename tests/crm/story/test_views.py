"""Stories on the screen."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.crm.story import told

pytestmark = pytest.mark.django_db


def browser(*permissions: str) -> Client:
    client = Client()
    client.force_login(told.reader(*permissions))
    return client


def of_conversation(conversation: Any) -> str:
    return reverse("story-of-conversation", args=[conversation])


def of_contact(contact: Any) -> str:
    return reverse("story-of-contact", args=[contact])


def test_a_conversation_leads_to_its_calls_and_to_the_contact() -> None:
    call = told.conversation()
    contact = told.with_contact(call)

    page = browser(*told.EVERYTHING).get(of_conversation(call.conversation)).content.decode()

    assert "Conversation with +1 415-555-0123" in page
    assert reverse("admin:calls_call_change", args=[call.pk]) in page
    assert of_contact(contact.pk) in page
    assert "Wants a bicycle" in page


def test_who_may_not_see_numbers_sees_none() -> None:
    call = told.conversation()

    page = browser("calls.view_call").get(of_conversation(call.conversation)).content.decode()

    assert "+1415****123" in page
    assert "555-0123" not in page
    assert told.CALLER not in page


def test_a_contact_leads_to_each_conversation_and_to_what_was_before() -> None:
    call = told.conversation()
    contact = told.with_contact(call)
    for _ in range(4):
        told.conversation()
    client = browser(*told.EVERYTHING)

    first = client.get(of_contact(contact.pk))

    assert 'rel="next"' in first.content.decode()
    before = client.get(of_contact(contact.pk), {"cursor": first.context["page"].next}).content.decode()
    assert of_conversation(call.conversation) in before


def test_a_contact_of_whom_there_is_nothing_is_told_so() -> None:
    contact = told.contacts.contact("Nobody", "+14155550999")

    assert "no call, no text" in browser(*told.EVERYTHING).get(of_contact(contact.pk)).content.decode()


@pytest.mark.parametrize(
    ("address", "permissions", "status"),
    [
        (of_conversation(uuid.UUID(int=1)), ("calls.view_call",), 404),
        (of_conversation(uuid.UUID(int=1)), (), 403),
        (of_contact(uuid.UUID(int=1)), ("calls.view_call",), 403),
        (of_contact(uuid.UUID(int=1)), ("contacts.view_contact",), 403),
        (of_contact(uuid.UUID(int=1)), ("contacts.view_contact", "calls.view_call"), 404),
    ],
)
def test_who_may_open_it(address: str, permissions: tuple[str, ...], status: int) -> None:
    assert browser(*permissions).get(address).status_code == status
    assert Client().get(address).status_code == 302


def test_a_cursor_that_is_none_leads_nowhere() -> None:
    contact = told.contacts.contact()

    assert browser(*told.EVERYTHING).get(of_contact(contact.pk), {"cursor": "x"}).status_code == 404


def test_a_page_takes_as_many_statements_however_long_it_is() -> None:
    call = told.conversation()
    contact = told.with_contact(call)
    client = browser(*told.EVERYTHING)

    def counted() -> list[int]:
        found = []
        for address in (of_conversation(call.conversation), of_contact(contact.pk)):
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            found.append(len(captured))
        return found

    before = counted()
    for _ in range(3):
        told.conversation()

    assert counted() == before
    assert max(before) <= 16
