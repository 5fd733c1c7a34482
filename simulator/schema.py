"""What TwiML allows: elements, attributes, values and nesting, read from data."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

# Documented by Twilio, but not in the type definitions that the data was read from.
MORE_ATTRIBUTES: dict[str, dict[str, dict[str, Any]]] = {
    "Dial": {"callReason": {"type": "string"}},
    "Client": {"clientNotificationUrl": {"type": "string"}},
    "Transcription": {
        "enableProviderData": {"type": "boolean"},
        "conversationConfiguration": {"type": "string"},
        "conversationId": {"type": "string"},
    },
}
MORE_CHILDREN = {"Stop": {"Recording": "Recording"}}
MORE_VALUES = {"DialRecord": ["true", "false"]}
# Start's Recording takes a name on Twilio's pages.
MORE_ATTRIBUTES["Recording"] = {"name": {"type": "string"}}

# Answers to texts have a grammar of their own, of which the data knows nothing.
_TEXT, _URL = {"name": "body", "required": False}, {"name": "url", "required": True}
MESSAGING: dict[str, dict[str, Any]] = {
    "MessagingResponse": {
        "element": "Response",
        "attributes": {},
        "children": {"Message": "Message", "Redirect": "Redirect"},
        "text": None,
    },
    "Message": {
        "element": "Message",
        "attributes": {name: {"type": "string"} for name in ("to", "from", "action", "method", "statusCallback")},
        "children": {"Body": "Body", "Media": "Media"},
        "text": _TEXT,
    },
    "Body": {"element": "Body", "attributes": {}, "children": {}, "text": _TEXT},
    "Media": {"element": "Media", "attributes": {}, "children": {}, "text": _URL},
}

NUMBER = re.compile(r"\d+")
METHODS = {"method", "statusCallbackMethod", "waitMethod", "recordingStatusCallbackMethod", "referMethod"}


@dataclass(frozen=True, slots=True)
class Attribute:
    """What one attribute may hold."""

    type: str
    is_list: bool
    values: frozenset[str]

    def problem(self, name: str, value: str) -> str:
        """Return why a value is not allowed, or an empty string."""
        words = value.split() if self.is_list else [value]
        if self.type == "boolean" and value not in ("true", "false"):
            return "must be true or false"
        if self.type == "number" and not all(NUMBER.fullmatch(word) for word in words):
            return "must be a whole number"
        if self.type == "enum" and not (words and self.values.issuperset(words)):
            return f"must be one of {', '.join(sorted(self.values)[:12])}"
        if name in METHODS and value not in ("GET", "POST"):
            return "must be GET or POST"
        return ""


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its attributes, the elements it may hold (XML name to node name), and its text."""

    name: str
    attributes: Mapping[str, Attribute]
    children: Mapping[str, str]
    takes_text: bool
    needs_text: bool


@cache
def elements() -> Mapping[str, Element]:
    """Return every element by node name; the node name differs from the XML name where one name has two meanings."""
    data = json.loads((Path(__file__).parent / "data" / "twiml-schema.json").read_text(encoding="utf-8"))
    values = {name: frozenset(known + MORE_VALUES.get(name, [])) for name, known in data["enums"].items()}
    return {name: _element(name, node, values) for name, node in (data["nodes"] | MESSAGING).items()}


def _element(name: str, node: dict[str, Any], values: Mapping[str, frozenset[str]]) -> Element:
    attributes = node["attributes"] | MORE_ATTRIBUTES.get(name, {})
    text = node["text"]
    return Element(
        name=node["element"],
        attributes={
            key: Attribute(
                type=spec["type"],
                is_list=spec.get("list", False),
                values=values.get(spec.get("enum", ""), frozenset()),
            )
            for key, spec in attributes.items()
        },
        children=node["children"] | MORE_CHILDREN.get(name, {}),
        takes_text=text is not None,
        needs_text=bool(text and text["required"]),
    )
