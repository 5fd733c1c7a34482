import pytest
from django.db import IntegrityError
from django.test import RequestFactory
from django.urls import reverse

from agents import roles
from agents.models import Agent
from compliance.middleware import HoldsAreTold
from queues.models import Handling
from tests.agents.factories import user
from tests.compliance.keepers import conversation, make_hold

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


def test_every_other_error_goes_its_way():
    told = HoldsAreTold(lambda _request: None)
    request = RequestFactory().post(reverse("admin:index"))

    assert told.process_exception(request, IntegrityError("another")) is None
    assert told.process_exception(request, ValueError()) is None
    assert told.process_exception(RequestFactory().post("/voice/inbound"), IntegrityError("another")) is None
