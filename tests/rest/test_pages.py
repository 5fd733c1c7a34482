import pytest

from rest.problems import TITLES


@pytest.mark.django_db
def test_the_documentation_is_a_page_under_the_strict_policy(client):
    answer = client.get("/api/docs/")

    assert answer.status_code == 200
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert b"<script>" not in answer.content
    assert b"/api/schema/" in answer.content


@pytest.mark.django_db
@pytest.mark.parametrize("kind", TITLES)
def test_the_type_of_a_problem_leads_to_a_page_about_it(client, kind):
    answer = client.get(f"/api/problems/{kind}")

    assert answer.status_code == 200
    assert str(TITLES[kind]) in answer.text


@pytest.mark.django_db
def test_a_kind_that_is_none_has_no_page(client):
    assert client.get("/api/problems/nonsense").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/v1/nonsense", "/api/v1/calls/", "/api/v2/calls"])
def test_an_address_that_no_resource_has_is_a_problem(client, path):
    answer = client.get(path)

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"].endswith("/not-found")
