"""The pieces of which the schemas of events are made, and what the catalogue tells of a type. Pure.

Of a telephone number the schema says `x-number`, so that it can be hidden from who may not see numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
Example = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """A value in an event's data: what is allowed, and one that could be there."""

    schema: Schema
    example: Any


@dataclass(frozen=True, slots=True)
class EventType:
    """One type of event.

    `told` says when it is told, as a sentence; `permission` is what its receiver must be allowed to see, as Django
    writes it; `schema` (JSON Schema) and `example` are of `data`.
    """

    name: str
    version: int
    told: str
    permission: str
    schema: Schema
    example: Example


def event_type(name: str, told: str, permission: str, version: int = 1, /, **fields: Piece) -> EventType:
    data = group(**fields)
    return EventType(name, version, told, permission, data.schema, data.example)


def text(example: str, about: str = "") -> Piece:
    return _piece({"type": "string"}, example, about)


def word(*words: str, example: str = "", about: str = "") -> Piece:
    """One of a few words."""
    return _piece({"type": "string", "enum": list(words)}, example or words[0], about)


def number(example: str, about: str = "") -> Piece:
    """E.164, or as Twilio wrote it: `client:`, `sip:`, a word."""
    return _piece({"type": "string", "x-number": True}, example, about)


def uuid(example: str, about: str = "") -> Piece:
    return _piece({"type": "string", "format": "uuid"}, example, about)


def moment(example: str, about: str = "") -> Piece:
    return _piece({"type": "string", "format": "date-time"}, example, about)


def whole(example: int, about: str = "") -> Piece:
    return _piece({"type": "integer"}, example, about)


def flag(example: bool, about: str = "") -> Piece:
    return _piece({"type": "boolean"}, example, about)


def anything(example: Mapping[str, Any], about: str = "") -> Piece:
    return _piece({"type": "object"}, dict(example), about)


def group(about: str = "", /, **fields: Piece) -> Piece:
    """An object with these fields, all of them there."""
    schema = {
        "type": "object",
        "properties": {name: piece.schema for name, piece in fields.items()},
        "required": list(fields),
    }
    return _piece(schema, {name: piece.example for name, piece in fields.items()}, about)


def several(piece: Piece, about: str = "") -> Piece:
    return _piece({"type": "array", "items": piece.schema}, [piece.example], about)


def perhaps(piece: Piece, *, empty: bool = False) -> Piece:
    """The same, or null; `empty`: the example is null."""
    schema = dict(piece.schema)
    schema["type"] = [schema["type"], "null"]
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    return Piece(schema, None if empty else piece.example)


def masked(schema: Schema, data: Any, hide: Any) -> Any:
    """Give the data with each number in it passed through `hide`."""
    if schema.get("x-number") and isinstance(data, str):
        return hide(data)
    if isinstance(data, Mapping):
        properties = schema.get("properties", {})
        return {name: masked(properties.get(name, {}), value, hide) for name, value in data.items()}
    if isinstance(data, list):
        return [masked(schema.get("items", {}), value, hide) for value in data]
    return data


def _piece(schema: dict[str, Any], example: Any, about: str) -> Piece:
    return Piece(schema | ({"description": about} if about else {}), example)
