from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from crm.actions import keys
from tests.agents.factories import user
from tests.crm.asking import Asking

pytestmark = pytest.mark.django_db


def test_who_comes_with_a_key_is_its_owner_and_the_use_is_noted():
    somebody = Asking("calls:read")

    assert somebody.get("/calls").status_code == 200
    somebody.key.refresh_from_db()
    assert somebody.key.last_used_at is not None


@pytest.mark.parametrize("header", ["Bearer cc_nonsense", "Bearer", "Bearer ", "Basic YTpi", "Bearer é", "cc_x"])
def test_what_is_no_key_opens_nothing(header):
    answer = Client(headers={"Authorization": header.encode().decode("latin-1")}).get("/api/v1/calls")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_key_that_was_taken_back_opens_nothing():
    somebody = Asking("calls:read")
    keys.revoke(somebody.key, at=timezone.now())

    answer = somebody.get("/calls")

    assert answer.status_code == 401
    assert "taken back" in answer.json()["detail"]


def test_a_key_that_has_expired_opens_nothing():
    assert Asking("calls:read", expires_at=timezone.now() - timedelta(seconds=1)).get("/calls").status_code == 401


def test_the_key_of_somebody_who_left_opens_nothing():
    somebody = Asking("calls:read", owner=user("Administrator", is_active=False))

    assert somebody.get("/calls").status_code == 401


def test_a_key_is_refused_from_other_addresses_than_its_own():
    assert Asking("calls:read", addresses=["127.0.0.0/8"]).get("/calls").status_code == 200
    answer = Asking("calls:read", addresses=["192.0.2.0/24"]).get("/calls")

    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"


def test_behind_a_proxy_the_address_is_what_the_proxy_added(settings):
    settings.BEHIND_PROXY = True
    somebody = Asking("calls:read", addresses=["192.0.2.0/24"])

    assert somebody.get("/calls", **{"X-Forwarded-For": "198.51.100.1, 192.0.2.7"}).status_code == 200
    assert somebody.get("/calls", **{"X-Forwarded-For": "192.0.2.7, 198.51.100.1"}).status_code == 403


def test_who_is_logged_in_at_our_pages_may_read_and_writes_with_the_token_against_forgery():
    client = Client(enforce_csrf_checks=True)
    client.force_login(user("Administrator"))

    assert client.get("/api/v1/calls").status_code == 200
    answer = client.post("/api/v1/calls/6ba7b810-9dad-11d1-80b4-00c04fd430c8/hang-up")
    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"
