import pytest

from contactcenter import schema as api


@pytest.fixture(scope="module")
def schema() -> dict:
    return api.present()


def test_operations_have_short_names_and_tell_their_scope(schema):
    hang_up = schema["paths"]["/api/v1/calls/{id}/hang-up"]["post"]

    assert hang_up["operationId"] == "calls_hang_up"
    assert hang_up["x-scope"] == "calls:hang-up"
    assert "calls:hang-up" in hang_up["description"]
    assert hang_up["security"] == [{"key": []}]
    assert {"202", "400", "401", "403", "404", "409", "422", "429"} <= set(hang_up["responses"])
    assert [parameter["name"] for parameter in hang_up["parameters"]] == ["Idempotency-Key", "id"]


def test_what_is_expanded_is_not_always_there(schema):
    call = schema["components"]["schemas"]["Call"]

    assert "timeline" in call["properties"]
    assert "timeline" not in call["required"]
    assert "status" in call["required"]


def test_lists_are_pages(schema):
    page = schema["components"]["schemas"]["CallPage"]

    assert page["required"] == ["items", "next"]


def test_a_body_is_shown_with_its_example(schema):
    body = schema["components"]["schemas"]["PresenceBodyRequest"]

    assert body["example"] == {"chosen": "not-ready", "reason": 1}
