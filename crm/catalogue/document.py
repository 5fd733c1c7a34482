"""The catalogue as a page for people: each type with when it is told, its fields, and an example. Pure."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from crm.catalogue.schemas import EventType, Schema

MARK = "<!-- From here on this page is made by `python manage.py write_event_catalogue`. -->"


def written(page: str, types: Mapping[str, EventType]) -> str:
    """Give the page with everything after the mark made anew."""
    head = page.partition(MARK)[0]
    return head + MARK + "\n\n" + "\n".join(_lines(types)) + "\n"


def _lines(types: Mapping[str, EventType]) -> Iterator[str]:
    yield "## Catalogue"
    yield ""
    yield "| Type | Version | Told when |"
    yield "|---|---|---|"
    for one in types.values():
        yield f"| [`{one.name}`](#{_anchor(one.name)}) | {one.version} | {one.told} |"
    for one in types.values():
        yield from _section(one)


def _section(one: EventType) -> Iterator[str]:
    yield ""
    yield f"### {one.name}"
    yield ""
    yield one.told
    yield ""
    yield f"Version {one.version}. Its receiver needs the permission `{one.permission}`."
    yield ""
    yield "| Field of `data` | Type | What it says |"
    yield "|---|---|---|"
    yield from _fields(one.schema, "")
    yield ""
    yield "```json"
    yield json.dumps(one.example, indent=2, ensure_ascii=False)
    yield "```"


def _fields(schema: Schema, way: str) -> Iterator[str]:
    for name, piece in schema.get("properties", {}).items():
        path = f"{way}{name}"
        yield f"| `{path}` | {_kind(piece)} | {piece.get('description', '')} |"
        inner = piece.get("items", piece)
        if "properties" in inner:
            yield from _fields(inner, f"{path}[]." if "items" in piece else f"{path}.")


def _kind(piece: Mapping[str, Any]) -> str:
    kinds = piece["type"] if isinstance(piece["type"], list) else [piece["type"]]
    word: str = {"uuid": "id", "date-time": "moment"}.get(piece.get("format", ""), str(kinds[0]))
    word = "number (telephone)" if piece.get("x-number") else word
    return f"{word} or null" if "null" in kinds else word


def _anchor(name: str) -> str:
    return name.replace(".", "")
