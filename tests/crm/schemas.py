"""Checks an event's data against its schema, without a field that the schema does not name."""

import json
from collections.abc import Callable, Mapping
from functools import cache
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
    assert [f"{name} {error.json_path}: {error.message}" for error in _validator(name).iter_errors(data)] == []


def check_written(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    """Check what `crm.actions.events.note` writes, as a wrapper of the statements of a connection."""
    if isinstance(sql, str) and sql.startswith("INSERT INTO crm_event (key, type,"):
        many = isinstance(params[-1], list)
        for data in params[-1] if many else [params[-1]]:
            check(params[0 if many else 1], json.loads(data))
    return execute(sql, params, many, context)


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(strict(TYPES[name].schema), format_checker=FormatChecker())
