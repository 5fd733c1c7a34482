"""Checks a TwiML document against the shape that Twilio's own library for Node.js knows (`telephony/data`)."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

SCHEMA = json.loads((Path(__file__).parents[2] / "telephony" / "data" / "twiml-schema.json").read_text())
NODES: dict[str, Any] = SCHEMA["nodes"]
ENUMS: dict[str, list[str]] = SCHEMA["enums"]

MOST_BYTES = 64 * 1024


def violations(document: str) -> list[str]:
    """Give all that is wrong with a document, in words; nothing if it is valid."""
    found = [] if len(document.encode()) <= MOST_BYTES else ["the document is larger than 64 kB"]
    try:
        root = ElementTree.fromstring(document.encode())
    except ElementTree.ParseError as error:
        return [*found, f"not XML: {error}"]
    if root.tag != SCHEMA["root"]:
        return [*found, f"the root is {root.tag}"]
    return found + _element(root, NODES[root.tag])


def verbs(document: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(document.encode()))


def _element(element: ElementTree.Element, node: dict[str, Any]) -> list[str]:
    found = []
    for name, value in element.attrib.items():
        name = name.replace("{http://www.w3.org/XML/1998/namespace}", "xml:")
        if name not in node["attributes"]:
            found.append(f"<{element.tag}> has no attribute {name}")
        else:
            found += [f"<{element.tag} {name}>: {text}" for text in _value(value, node["attributes"][name])]
    texts = [element.text or "", *(child.tail or "" for child in element)]
    if node["text"] is None and any(text.strip() for text in texts):
        found.append(f"<{element.tag}> holds text")
    if node["text"] and node["text"]["required"] and not "".join(element.itertext()).strip():
        found.append(f"<{element.tag}> holds no text")
    for child in element:
        if child.tag not in node["children"]:
            found.append(f"<{child.tag}> cannot stand in <{element.tag}>")
        else:
            found += _element(child, NODES[node["children"][child.tag]])
    return found


def _value(value: str, attribute: dict[str, Any]) -> list[str]:
    match attribute["type"]:
        case "number" if not value.isdigit():
            return [f"{value!r} is not a number"]
        case "boolean" if value not in ("true", "false"):
            return [f"{value!r} is neither true nor false"]
        case "enum":
            allowed = ENUMS[attribute["enum"]]
            values = value.split(" ") if attribute["list"] else [value]
            return [f"{one!r} is not allowed" for one in values if one not in allowed]
    return []
