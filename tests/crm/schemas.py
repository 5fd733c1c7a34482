"""Checks an event's data against its schema, without a field that the schema does not name."""

from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from crm.catalogue import TYPES


def strict(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Give the schema with no room for other fields."""
    narrow = dict(schema)
    if "properties" in schema:
        narrow["properties"] = {name: strict(one) for name, one in schema["properties"].items()}
        narrow["additionalProperties"] = False
    if "items" in schema:
        narrow["items"] = strict(schema["items"])
    return narrow


def check(name: str, data: Any) -> None:
    validator = Draft202012Validator(strict(TYPES[name].schema), format_checker=FormatChecker())
    assert [f"{name} {error.json_path}: {error.message}" for error in validator.iter_errors(data)] == []
