import json

import pytest
from django.core.exceptions import ImproperlyConfigured

from agents.models import Skill
from rest.views import Resource
from tests.crm.asking import Asking, asking
from tests.rest.things import Skills, ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> Asking:
    return asking("test-skills:read", permissions=("agents.view_skill",))


@pytest.fixture
def writer() -> Asking:
    return asking("test-skills:read", "test-skills:write", permissions=("agents.view_skill",))


def told(answer) -> dict:
    return json.loads(answer.content)


def test_without_a_key_nobody_is_let_in(client):
    answer = client.get("/api/v1/calls")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "https://contact.example.com/api/problems/not-authenticated"
    assert "Authorization: Bearer" in answer.json()["detail"]


def test_a_key_without_the_scope_is_told_which_one_it_lacks(reader):
    answer = ask(reader, "POST", body=b'{"name": "Sales"}')

    assert answer.status_code == 403
    assert "test-skills:write" in told(answer)["detail"]
    assert not Skill.objects.exists()


def test_an_owner_without_the_permission_is_refused_whatever_the_scope():
    answer = ask(asking("test-skills:read", permissions=()), "GET")

    assert answer.status_code == 403
    assert "role" in told(answer)["detail"]


def test_an_action_without_a_permission_is_open_to_nobody(writer):
    class Careless(Resource):
        scope = "test-skills"

    page = Careless()
    page.action = "list"

    with pytest.raises(ImproperlyConfigured, match="Careless names no permission for list"):
        page.permissions_needed()


def test_unknown_parameters_are_errors_that_name_them(reader):
    answer = ask(reader, "GET", "?colour=red")

    assert answer.status_code == 400
    assert [fault["field"] for fault in told(answer)["errors"]] == ["colour"]
    assert "limit" in told(answer)["errors"][0]["message"]


def test_a_parameter_that_is_given_twice_is_refused(reader):
    answer = ask(reader, "GET", "?limit=1&limit=2")

    assert answer.status_code == 400
    assert [fault["field"] for fault in told(answer)["errors"]] == ["limit"]


def test_options_are_not_taken_like_any_other_method_that_an_address_has_not():
    answer = asking("agents:write", permissions=()).client.options("/api/v1/agents")

    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    assert "GET" in answer["Allow"]


def test_unknown_fields_are_errors_that_name_them(writer):
    answer = ask(writer, "POST", body=b'{"name": "Sales", "colour": "red"}')

    assert answer.status_code == 400
    assert [fault["field"] for fault in told(answer)["errors"]] == ["colour"]
    assert not Skill.objects.exists()


def test_a_row_is_answered_with_its_version(reader):
    skill = Skill.objects.create(name="Sales")

    answer = ask(reader, "GET", f"/{skill.pk}")

    assert told(answer) == {"id": skill.pk, "name": "Sales"}
    assert answer["ETag"].startswith('"')


def test_a_write_for_another_version_is_refused_and_changes_nothing(writer):
    skill = Skill.objects.create(name="Sales")
    read = ask(writer, "GET", f"/{skill.pk}")["ETag"]
    first = ask(writer, "PATCH", f"/{skill.pk}", b'{"name": "Sales north"}', **{"If-Match": read})

    second = ask(writer, "PATCH", f"/{skill.pk}", b'{"name": "Sales south"}', **{"If-Match": read})

    assert first.status_code == 200
    assert second.status_code == 412
    assert told(second)["type"].endswith("/changed-meanwhile")
    assert second["ETag"] == first["ETag"]
    assert Skill.objects.get().name == "Sales north"


@pytest.mark.parametrize("headers", [{}, {"If-Match": "*"}])
def test_a_write_for_any_version_goes_through(writer, headers):
    skill = Skill.objects.create(name="Sales")

    assert ask(writer, "PATCH", f"/{skill.pk}", b'{"name": "Sales north"}', **headers).status_code == 200


def test_what_an_action_noted_before_it_refused_is_kept(writer):
    skill = Skill.objects.create(name="Sales")

    answer = ask(writer, "POST", f"/{skill.pk}/refuse")

    assert answer.status_code == 409
    assert Skill.objects.filter(name="noted").exists()


def test_what_is_not_there_and_what_takes_no_such_method_are_problems(writer):
    assert told(ask(writer, "GET", "/999999"))["type"].endswith("/not-found")
    assert told(ask(writer, "PUT", "/999999"))["type"].endswith("/method-not-allowed")


def test_a_body_that_is_no_json_is_a_problem(writer):
    answer = ask(writer, "POST", body=b"{")

    assert answer.status_code == 400
    assert told(answer)["type"].endswith("/unreadable")


def test_every_resource_makes_its_scopes_known():
    assert Skills.scope == "test-skills"
