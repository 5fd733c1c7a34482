from copy import deepcopy
from typing import Any

import pytest

from rest.compatibility import breaks

PARAMETERS: list[dict[str, Any]] = [
    {"name": "status", "in": "query", "schema": {"type": "string", "enum": ["live", "over"]}},
    {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}},
]
SCHEMA: dict[str, Any] = {
    "paths": {
        "/calls/{id}": {
            "get": {
                "operationId": "calls_retrieve",
                "x-scope": "calls:read",
                "parameters": PARAMETERS,
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Call"}}}},
                    "404": {"description": ""},
                },
            },
            "patch": {
                "operationId": "calls_partial_update",
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Body"}}}},
                "responses": {"204": {"description": ""}},
            },
        }
    },
    "components": {
        "schemas": {
            "Call": {
                "type": "object",
                "required": ["id", "legs"],
                "properties": {
                    "id": {"type": "string"},
                    "note": {"type": "string", "nullable": True},
                    "kind": {"type": "string", "enum": ["a", "b"]},
                    "legs": {"type": "array", "items": {"$ref": "#/components/schemas/Call"}},
                    "parent": {"allOf": [{"$ref": "#/components/schemas/Parent"}], "nullable": True},
                },
            },
            "Parent": {"type": "object", "required": ["sid"], "properties": {"sid": {"type": "string"}}},
            "Body": {
                "type": "object",
                "properties": {"name": {"type": "string", "maxLength": 80}, "size": {"type": "integer", "minimum": 1}},
            },
        }
    },
}
GET, PATCH = "GET /calls/{id}", "PATCH /calls/{id}"


def changed(*way: str | int, to: Any = None, **values: Any) -> dict[str, Any]:
    """Give the schema with one place of it replaced, or with these words set there; None takes a word away."""
    new = deepcopy(SCHEMA)
    place: Any = new
    for part in way[:-1] if to is not None else way:
        place = place[part]
    if to is not None:
        place[way[-1]] = to
    for word, value in values.items():
        if value is None:
            del place[word]
        else:
            place[word] = value
    return new


CALL, BODY = ("components", "schemas", "Call"), ("components", "schemas", "Body")
READ, WRITE = ("paths", "/calls/{id}", "get"), ("paths", "/calls/{id}", "patch")


@pytest.mark.parametrize(
    ("new", "told"),
    [
        (changed("paths", **{"/calls/{id}": None}), [f"{GET} is gone", f"{PATCH} is gone"]),
        (changed("paths", "/calls/{id}", get=None), [f"{GET} is gone"]),
        (changed(*READ, operationId="x"), [f"{GET} has another name: calls_retrieve was name before, now x"]),
        (changed(*READ, **{"x-scope": "y"}), [f"{GET} has another scope: calls:read was scope before, now y"]),
        (changed(*READ, parameters=PARAMETERS[1:]), [f"{GET}: parameter status is gone"]),
        (changed(*READ, "parameters", 0, required=True), [f"{GET}: parameter status must be given now"]),
        (
            changed(*READ, parameters=[*PARAMETERS, {"name": "new", "in": "query", "required": True}]),
            [f"{GET}: parameter new is new and must be given"],
        ),
        (
            changed(*READ, "parameters", 0, "schema", enum=["live"]),
            [f"{GET}: parameter status may not be over any more"],
        ),
        (changed(*READ, "parameters", 0, "schema", pattern="x"), [f"{GET}: parameter status has another pattern now"]),
        (
            changed(*READ, "parameters", 1, "schema", format="int"),
            [f"{GET}: parameter id has another format: int, not uuid"],
        ),
        (changed(*READ, "responses", **{"200": None}), [f"{GET} answers 200 no more"]),
        (
            changed(*READ, "responses", "200", content={"text/csv": {}}),
            [f"{GET}: the answer 200 is no application/json any more"],
        ),
        (changed(*CALL, "properties", id=None), [f"{GET}: answer 200.id is gone"]),
        (changed(*CALL, required=["id"]), [f"{GET}: answer 200.legs is not always there any more"]),
        (
            changed(*CALL, "properties", "id", type="integer"),
            [f"{GET}: answer 200.id has another type: integer, not string"],
        ),
        (changed(*CALL, "properties", "id", nullable=True), [f"{GET}: answer 200.id may be null now"]),
        (changed(*CALL, "properties", "kind", enum=["a", "b", "c"]), [f"{GET}: answer 200.kind may be c now"]),
        (changed(*CALL, "properties", "kind", enum=None), [f"{GET}: answer 200.kind may be anything now"]),
        (
            changed("components", "schemas", "Parent", "properties", sid=None),
            [f"{GET}: answer 200.parent.sid is gone"],
        ),
        (changed(*WRITE, requestBody=None), [f"{PATCH} takes no body any more"]),
        (changed(*WRITE, "requestBody", required=True), [f"{PATCH}: the body must be given now"]),
        (
            changed(*WRITE, "requestBody", content={"text/csv": {}}),
            [f"{PATCH}: the body may not be application/json any more"],
        ),
        (changed(*READ, requestBody={"required": True, "content": {}}), [f"{GET}: a body must be given now"]),
        (changed(*BODY, required=["name"]), [f"{PATCH}: body.name must be given now"]),
        (changed(*BODY, "properties", name=None), [f"{PATCH}: body.name is gone"]),
        (changed(*BODY, "properties", "name", maxLength=40), [f"{PATCH}: body.name has a narrower maxLength now"]),
        (changed(*BODY, "properties", "size", minimum=2), [f"{PATCH}: body.size has a narrower minimum now"]),
        (changed(*BODY, "properties", "size", maximum=9), [f"{PATCH}: body.size has a narrower maximum now"]),
        (changed(*BODY, "properties", "name", enum=["a"]), [f"{PATCH}: body.name may only be one of a few now"]),
        (changed(*BODY, "properties", "name", oneOf=[{}]), [f"{PATCH}: body.name has other alternatives"]),
    ],
)
def test_what_breaks_a_client_is_told(new, told):
    assert breaks(SCHEMA, new) == told


@pytest.mark.parametrize(
    "new",
    [
        SCHEMA,
        changed("paths", to={}) | {"paths": {**SCHEMA["paths"], "/queues": {"get": {"operationId": "queues_list"}}}},
        changed("paths", "/calls/{id}", delete={"operationId": "calls_destroy"}),
        changed(*READ, parameters=[*PARAMETERS, {"name": "new", "in": "query", "schema": {"type": "string"}}]),
        changed(*READ, "parameters", 0, "schema", enum=["live", "over", "lost"]),
        changed(*READ, "responses", **{"404": None, "429": {"description": ""}}),
        changed(*READ, requestBody={"content": {}}),
        changed(*CALL, "properties", fresh={"type": "string"}),
        changed(*CALL, required=["id", "legs", "note"]),
        changed(*CALL, "properties", "kind", enum=["a"]),
        changed(*CALL, "properties", "note", nullable=None),
        changed(*BODY, "properties", fresh={"type": "string"}),
        changed(*BODY, "properties", "name", maxLength=None),
        changed(*BODY, "properties", "size", minimum=0),
        changed(*BODY, "properties", "size", nullable=True),
    ],
)
def test_what_only_adds_breaks_nobody(new):
    assert breaks(SCHEMA, new) == []


def test_what_may_no_longer_be_null_is_told():
    nullable = changed(*BODY, "properties", "name", nullable=True)

    assert breaks(nullable, SCHEMA) == [f"{PATCH}: body.name may not be null any more"]
