"""Reading the JSON of a document, value by value."""

from collections.abc import Mapping

from ivr.kinds.settings import Broken


def read_text(data: Mapping[str, object], name: str) -> str:
    value = data.get(name, "")
    if not isinstance(value, str):
        raise Broken(f"{name!r} must be a text, not {value!r}")
    return value


def read_texts(data: Mapping[str, object], name: str) -> Mapping[str, str]:
    value = data.get(name, {})
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise Broken(f"{name!r} must hold texts by name")
    return value


def read_list(data: Mapping[str, object], name: str) -> list[object]:
    value = data.get(name, [])
    if not isinstance(value, list):
        raise Broken(f"{name!r} must be a list")
    return value
