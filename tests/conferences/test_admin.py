"""Conversations in the admin: to look at, with buttons for those who supervise; rooms to set up."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agents.roles import ADMINISTRATOR, AGENT, AUDITOR, SUPERVISOR
from conferences.models import Room
from conferences.room import Role
from tests.agents.factories import ready_agent, user
from tests.conferences.factories import conference, customer, person

pytestmark = pytest.mark.django_db

LIST = "admin:conferences_conference_changelist"


def browser(*roles: str) -> Client:
    client = Client()
    client.force_login(user(*roles))
    return client


def talk() -> tuple[Any, Any, Any]:
    room = conference(subject="Sales")
    ann = person(room, Role.OWNER, agent=ready_agent("Ann", activity="talking"))
    customer(room)
    return room, ann, person(room, Role.GUEST, name="Expert")


@pytest.mark.parametrize(("role", "status"), [(ADMINISTRATOR, 200), (SUPERVISOR, 200), (AUDITOR, 200), (AGENT, 403)])
def test_who_sees_conversations(role: str, status: int) -> None:
    room, *_ = talk()
    client = browser(role)

    assert client.get(reverse(LIST)).status_code == status
    assert client.get(reverse("admin:conferences_conference_change", args=[room.pk])).status_code == status


def test_the_list_asks_as_much_for_many_as_for_one(django_assert_max_num_queries: Any) -> None:
    talk()
    client = browser(SUPERVISOR)
    client.get(reverse(LIST))
    for _ in range(4):
        talk()

    with django_assert_max_num_queries(14):
        page = client.get(reverse(LIST)).content.decode()

    assert page.count("Sales") >= 5
    assert "Ann, customer, Expert" in page


def test_a_supervisor_sends_somebody_out() -> None:
    room, ann, guest = talk()
    address = reverse("admin:conferences_conference_remove", args=[room.pk, guest.pk])

    assert browser(AUDITOR).post(address).status_code == 403
    assert browser(SUPERVISOR).get(address).status_code == 405
    assert browser(SUPERVISOR).post(address).status_code == 302
    guest.refresh_from_db()
    assert (guest.role, guest.wants_in) == ("former", False)

    page = browser(SUPERVISOR).post(address.replace(str(guest.pk), str(ann.pk)), follow=True)
    assert "Not any more" in page.content.decode()


def test_a_supervisor_ends_conversations_and_an_auditor_is_not_offered_it() -> None:
    room, *_ = talk()
    chosen = {"action": "end_selected", "_selected_action": [str(room.pk)]}

    browser(AUDITOR).post(reverse(LIST), chosen)
    room.refresh_from_db()
    assert room.phase == "talking"
    browser(SUPERVISOR).post(reverse(LIST), chosen)

    room.refresh_from_db()
    assert (room.phase, room.fate) == ("closed", "served")


def test_an_administrator_makes_a_room_whose_pins_differ() -> None:
    client, address = browser(ADMINISTRATOR), reverse("admin:conferences_room_add")
    form = {"name": "Board", "host_pin": "4711", "guest_pin": "4711", "ends_with_host": "on", "most": "20"}

    refused = client.post(address, form)
    made = client.post(address, form | {"guest_pin": "4712"})

    assert (refused.status_code, made.status_code) == (200, 302)
    assert Room.objects.get().guest_pin == "4712"
    assert browser(AUDITOR).get(reverse("admin:conferences_room_changelist")).status_code == 403
