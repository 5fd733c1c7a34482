import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agents import roles
from crm.actions import keys
from crm.models import Key
from tests.agents.factories import user
from tests.crm.asking import Asking, make_key

pytestmark = pytest.mark.django_db

LIST, ADD = reverse("admin:crm_key_changelist"), reverse("admin:crm_key_add")
GIVEN = {"name": "Our CRM", "scopes": ["calls:read"], "addresses": "", "last_day": ""}


@pytest.fixture
def owner(client: Client):
    made = user(roles.SUPERVISOR)
    client.force_login(made)
    return made


def test_a_key_is_made_by_its_owner_shown_once_and_opens_the_api(client, owner):
    page = client.post(ADD, GIVEN | {"addresses": "127.0.0.1, 192.0.2.0/24", "last_day": "2099-12-31"})

    key = Key.objects.get()
    token = page.context["token"]
    assert token in page.text
    assert "no-store" in page["Cache-Control"]
    assert key.sha256 == keys.digest(token)
    assert (key.owner, key.name, key.scopes) == (owner, "Our CRM", ["calls:read"])
    assert key.addresses == ["127.0.0.1", "192.0.2.0/24"]
    assert key.expires_at.isoformat() == "2100-01-01T00:00:00+00:00"
    assert Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/calls").status_code == 200
    assert token not in client.get(reverse("admin:crm_key_change", args=[key.pk])).text
    assert token not in client.get(LIST).text


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["calls:fly"]}, "scopes"),
        ({"addresses": "example.com"}, "addresses"),
        ({"last_day": "2020-01-01"}, "last_day"),
    ],
)
def test_what_makes_no_key_is_told_at_the_field(client, owner, given, field):
    page = client.post(ADD, GIVEN | given)

    assert field in page.context["form"].errors
    assert not Key.objects.exists()


def test_the_form_offers_each_scope_of_each_resource(client, owner):
    text = client.get(ADD).text

    assert "<legend>calls</legend>" in text
    assert 'value="calls:hang-up"' in text
    assert "requests_per_minute" not in text


def test_only_who_watches_over_keys_sets_a_limit(client, owner):
    client.post(ADD, GIVEN | {"requests_per_minute": "100000"})
    assert Key.objects.get().requests_per_minute is None

    client.force_login(user(roles.ADMINISTRATOR))
    client.post(ADD, GIVEN | {"requests_per_minute": "100000", "name": "Another"})
    assert Key.objects.get(name="Another").requests_per_minute == 100000


def test_a_key_is_taken_back_by_its_owner(client, owner):
    somebody = Asking("calls:read", owner=owner)

    client.post(reverse("admin:crm_key_revoke", args=[somebody.key.pk]))

    assert somebody.get("/calls").status_code == 401
    assert "taken back" in client.get(LIST).text


def test_nobody_sees_or_takes_back_the_keys_of_others(client, owner):
    key, _ = make_key(name="Not yours")

    assert "Not yours" not in client.get(LIST).text
    assert client.get(reverse("admin:crm_key_change", args=[key.pk])).status_code == 403
    assert client.post(reverse("admin:crm_key_revoke", args=[key.pk])).status_code == 403
    key.refresh_from_db()
    assert key.revoked_at is None


def test_an_administrator_sees_and_takes_back_everybodys(client, owner):
    key, _ = make_key(owner=owner, name="Of somebody")
    client.force_login(user(roles.ADMINISTRATOR))

    assert "Of somebody" in client.get(LIST).text
    client.post(reverse("admin:crm_key_revoke", args=[key.pk]))

    key.refresh_from_db()
    assert key.revoked_at is not None


def test_a_key_is_taken_back_by_a_press_alone(client, owner):
    key, _ = make_key(owner=owner)

    assert client.get(reverse("admin:crm_key_revoke", args=[key.pk])).status_code == 405


def test_the_list_is_a_fixed_number_of_statements(client, owner):
    client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for _ in range(3):
        make_key(owner=owner, expires_at=timezone.now())

    with CaptureQueriesContext(connection) as more:
        client.get(LIST)

    assert len(more) == len(few)
