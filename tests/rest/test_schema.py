import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft4Validator

from contactcenter import schema as api


@pytest.fixture(scope="module")
def schema() -> dict:
    return api.present()


def test_operations_have_short_names_and_tell_their_scope(schema):
    hang_up = schema["paths"]["/api/v1/calls/{id}/hang-up"]["post"]

    assert hang_up["operationId"] == "calls_hang_up"
    assert hang_up["x-scope"] == "calls:hang-up"
    assert "calls:hang-up" in hang_up["description"]
    assert hang_up["summary"] == "Calls: hang up"
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


def test_every_parameter_is_described_and_every_body_has_an_example(schema):
    operations = [operation for methods in schema["paths"].values() for operation in methods.values()]
    bare = [
        (operation["operationId"], parameter["name"])
        for operation in operations
        for parameter in operation.get("parameters", ())
        if not parameter.get("description")
    ]
    bodies = {
        content["schema"]["$ref"].rpartition("/")[2]
        for operation in operations
        for content in operation.get("requestBody", {}).get("content", {}).values()
    }

    assert bare == []
    assert [name for name in sorted(bodies) if "example" not in schema["components"]["schemas"][name]] == []


def test_what_stands_for_what_is_left_out_could_be_said_too(schema):
    """A validator refuses a default that its own schema does not allow."""
    assert list(unfit(schema)) == []


def test_the_library_leaves_no_remarks_of_its_own(schema):
    assert "x-spec" not in json.dumps(schema)


def unfit(part: Any, way: str = "") -> Iterator[str]:
    if isinstance(part, dict):
        if "default" in part and "type" in part and not Draft4Validator(part).is_valid(part["default"]):
            yield way
        for name, inner in part.items():
            yield from unfit(inner, f"{way}/{name}")
    elif isinstance(part, list):
        for place, inner in enumerate(part):
            yield from unfit(inner, f"{way}/{place}")


def test_no_two_operations_have_the_same_heading(schema):
    headings = [operation["summary"] for path in schema["paths"].values() for operation in path.values()]

    assert len(headings) == len(set(headings)) > 100
