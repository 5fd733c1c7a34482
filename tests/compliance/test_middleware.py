import pytest
from django.db import IntegrityError
from django.test import RequestFactory
from django.urls import reverse

from agents import roles
from agents.models import Agent
from compliance.middleware import HoldsAreTold
from contacts.models import Contact
from queues.models import Handling
from tests.agents.factories import user
from tests.compliance.keepers import CALLER, conversation, make_hold
from tests.contacts.factories import contact

pytestmark = pytest.mark.django_db


def test_deleting_an_agent_who_noted_something_on_a_held_call_is_refused_in_a_sentence(client):
    noted = conversation().rows["queues_handling"]
    make_hold(name="Court 7")
    client.force_login(user(roles.ADMINISTRATOR))

    address = reverse("admin:agents_agent_delete", args=[noted.agent_id])
    page = client.post(address, {"post": "yes"}, follow=True).content.decode()

    assert "Court 7" in page
    assert Agent.objects.filter(pk=noted.agent_id).exists()
    assert Handling.objects.get() == noted


def test_a_contact_of_a_held_number_is_not_deleted_and_a_sentence_says_why(client):
    made = contact("Caller 1", CALLER)
    make_hold(name="Court 7")
    client.force_login(user(roles.ADMINISTRATOR))

    address = reverse("admin:contacts_contact_delete", args=[made.pk])
    page = client.post(address, {"post": "yes"}, follow=True).content.decode()

    assert "the legal hold “Court 7”" in page
    assert Contact.objects.get() == made


def test_every_other_error_goes_its_way():
    told = HoldsAreTold(lambda _request: None)
    request = RequestFactory().post(reverse("admin:index"))

    assert told.process_exception(request, IntegrityError("another")) is None
    assert told.process_exception(request, ValueError()) is None
    assert told.process_exception(RequestFactory().post("/voice/inbound"), IntegrityError("another")) is None
