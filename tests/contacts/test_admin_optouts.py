"""The pages of the ledger, and of other systems."""

import pytest
from django.urls import reverse

from agents import roles
from contacts.actions import opt_out
from contacts.models import OptOut, System
from contacts.states import Channel, How
from tests.agents import factories as people
from tests.contacts.factories import AT, CALLER, contact, external_id, system

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor(client):
    client.user = people.user(roles.SUPERVISOR)
    client.force_login(client.user)
    return client


def test_an_opt_out_is_noted_and_ended_with_how_it_is_known(supervisor):
    contact("Caller 1")
    sent = {"number": "(415) 555-0123", "channel": "calls", "note": "A letter of March 3"}
    supervisor.post(reverse("admin:contacts_optout_add"), sent)
    entry = OptOut.objects.get()

    page = supervisor.get(reverse("admin:contacts_optout_change", args=[entry.pk])).content.decode()
    assert (entry.number, entry.how, entry.by) == (CALLER, How.SAID, supervisor.user)
    assert "Caller 1" in page
    assert "A letter of March 3" in page

    end = reverse("admin:contacts_optout_end", args=[entry.pk])
    supervisor.post(end, {"note": " "})
    entry.refresh_from_db()
    assert entry.ended_at is None
    supervisor.post(end, {"note": "Called us"})
    entry.refresh_from_db()
    assert (entry.ended_note, entry.ended_by) == ("Called us", supervisor.user)


def test_only_a_number_can_opt_out(supervisor):
    page = supervisor.post(reverse("admin:contacts_optout_add"), {"number": "12", "channel": "texts"})

    assert "no number that could be rung" in page.content.decode()
    assert not OptOut.objects.exists()


def test_entries_are_found_by_number_and_state(supervisor):
    opt_out(CALLER, Channel.TEXTS, how=How.TEXT, at=AT)
    opt_out("+4930901820", Channel.CALLS, how=How.API, at=AT)
    address = reverse("admin:contacts_optout_changelist")

    page = supervisor.get(address, {"q": "415 555 0123", "state": "present"}).content.decode()

    assert "+1 415-555-0123" in page
    assert "+49 30 901820" not in page
    assert "+1 415-555-0123" not in supervisor.get(address, {"state": "ended"}).content.decode()


@pytest.mark.parametrize(
    ("role", "status"), [(roles.AGENT, 403), (roles.AUDITOR, 403), (roles.COMPLIANCE_OFFICER, 200)]
)
def test_who_may_write_into_the_ledger(client, role, status):
    client.force_login(people.user(role))
    entry = opt_out(CALLER, Channel.TEXTS, how=How.TEXT, at=AT)

    assert client.get(reverse("admin:contacts_optout_add")).status_code == status
    assert client.get(reverse("admin:contacts_optout_change", args=[entry.pk])).status_code == 200
    assert client.get(reverse("admin:contacts_optout_delete", args=[entry.pk])).status_code == 403


def test_a_system_takes_only_a_safe_address_and_stays_while_it_is_used(client):
    client.force_login(people.user(roles.ADMINISTRATOR))
    add = reverse("admin:contacts_system_add")

    page = client.post(add, {"name": "CRM", "url_template": "javascript:alert(1)"}).content.decode()
    assert "It begins with https://" in page
    page = client.post(add, {"name": "CRM", "url_template": "", "embeds": "on"}).content.decode()
    assert "nothing to show" in page
    assert not System.objects.exists()

    client.post(add, {"name": "CRM", "url_template": "https://crm.example.com/{id}", "embeds": "on"})
    made = System.objects.get()
    external_id(contact(), made, "7")
    assert client.get(reverse("admin:contacts_system_changelist")).status_code == 200
    assert client.get(reverse("admin:contacts_system_delete", args=[made.pk])).status_code == 403
    assert client.get(reverse("admin:contacts_system_delete", args=[system("Shop").pk])).status_code == 200
