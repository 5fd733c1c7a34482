import pytest
from django.test import Client

from crm.models import Key
from tests.crm.asking import Asking


@pytest.mark.django_db
def test_what_fails_in_the_api_is_a_problem(monkeypatch):
    somebody = Asking("calls:read")
    somebody.client = Client(headers={"Authorization": f"Bearer {somebody.token}"}, raise_request_exception=False)
    monkeypatch.setattr(Key, "may_come_from", lambda *_rest: 1 / 0)

    answer = somebody.get("/calls")

    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"].endswith("/failed")


def test_what_fails_elsewhere_is_a_page(monkeypatch):
    monkeypatch.setattr("contactcenter.zones.activate", lambda *_rest: 1 / 0, raising=False)
    monkeypatch.setattr("rest.pages.render", lambda *_rest: 1 / 0)

    answer = Client(raise_request_exception=False).get("/api/docs/")

    assert answer.status_code == 500
    assert answer["Content-Type"].startswith("text/html")
