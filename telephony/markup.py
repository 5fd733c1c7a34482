"""TwiML that people write: read into a tree, with where each element stands, and compared with the schema. Pure.

The schema (`data/twiml-schema.json`) is what Twilio's own library knows; what its pages document besides is added here.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, Locator

from defusedxml.common import DefusedXmlException
from defusedxml.sax import parseString

from telephony.twiml import Client, Dial, Gather, Number, Pause, Play, Redirect, Say, Sip, Verb, element, escape

_INPUTS: Mapping[str, Literal["dtmf", "speech"]] = {"dtmf": "dtmf", "speech": "speech"}
DEEPEST = 12  # elements within each other
METHODS = frozenset({"method", "statusCallbackMethod", "waitMethod", "recordingStatusCallbackMethod", "referMethod"})
MORE_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "Dial": frozenset({"callReason"}),
    "Client": frozenset({"clientNotificationUrl"}),
    "Transcription": frozenset({"enableProviderData", "conversationConfiguration", "conversationId"}),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a document, and where: both count from 1."""

    line: int
    column: int
    text: str

    def __str__(self) -> str:
        return f"Line {self.line}, column {self.column}: {self.text}"


class Unreadable(Exception):
    """This is no XML, or holds what no document may."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(slots=True)
class Node:
    """An element: its parts are texts and elements, in order."""

    tag: str
    attributes: dict[str, str]
    line: int
    column: int
    parts: list["Node | str"] = field(default_factory=list)

    @property
    def children(self) -> list["Node"]:
        return [part for part in self.parts if isinstance(part, Node)]

    @property
    def text(self) -> str:
        return "".join(part for part in self.parts if isinstance(part, str))

    def all(self) -> Iterator["Node"]:
        """Give it and everything in it."""
        yield self
        for child in self.children:
            yield from child.all()

    def fault(self, text: str) -> Fault:
        return Fault(self.line, self.column, text)

    def written(self) -> str:
        """Write it as XML again, in one way; comments are left out, and space between verbs."""
        keeps_space = self.tag == "Say" or self.tag[:1].islower()
        parts = [
            part.written() if isinstance(part, Node) else escape(part)
            for part in self.parts
            if isinstance(part, Node) or part.strip() or keeps_space
        ]
        return element(self.tag, "".join(parts), **self.attributes)


def read(text: str) -> Node:
    """Read a document's root. Raises Unreadable."""
    reader = _Reader()
    try:
        parseString(text.strip().encode(), reader, forbid_dtd=True)
    except SAXParseException as error:
        raise Unreadable(Fault(error.getLineNumber() or 1, (error.getColumnNumber() or 0) + 1, _why(error))) from error
    except DefusedXmlException as error:
        raise Unreadable(Fault(1, 1, "It declares a document type or entities, which is not possible.")) from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(Fault(1, 1, "It is not XML that could be read.")) from error
    assert reader.root is not None  # XML has one, or is none
    return reader.root


def faults(root: Node) -> Iterator[Fault]:
    """Find where a document is not as the schema says."""
    schema = _schema()
    if root.tag != schema["root"]:
        yield root.fault(f"The document must stand in <{schema['root']}>, not in <{root.tag}>.")
        return
    yield from _element(root, root.tag, schema)


def verbs(xml: str) -> tuple[Verb, ...]:
    """Give what written verbs say, ask, ring and lead to; what nothing here knows more of is left out.

    Raises Unreadable.
    """
    root = read(f"<Response>{xml}</Response>")
    return tuple(verb for child in root.children if (verb := _verb(child)) is not None)


def _verb(node: Node) -> Verb | None:
    get = node.attributes.get
    match node.tag:
        case "Gather":
            return Gather(
                action=get("action", ""),
                prompts=[prompt for child in node.children if (prompt := _prompt(child)) is not None],
                input=_INPUTS.get(get("input", "dtmf"), "dtmf speech"),
                timeout=_whole(get("timeout")),
                finish_on_key=get("finishOnKey"),
                num_digits=_whole(get("numDigits")),
                speech_timeout=str(_whole(get("speechTimeout")) or "") or None,
            )
        case "Dial":
            nouns = [noun for child in node.children if (noun := _noun(child)) is not None]
            return Dial(nouns or [Number(node.text.strip())], action=get("action"), timeout=_whole(get("timeout")))
        case "Redirect":
            return Redirect(node.text.strip())
        case _:
            return _prompt(node)


def _prompt(node: Node) -> Say | Play | Pause | None:
    get = node.attributes.get
    match node.tag:
        case "Say":
            said = " ".join("".join(part.text for part in node.all()).split())
            return Say(said, voice=get("voice"), language=get("language"))
        case "Play":
            return Play(node.text.strip() or None, get("digits"), _whole(get("loop")))
        case "Pause":
            return Pause(_whole(get("length")) or 1)
        case _:
            return None


def _noun(node: Node) -> Number | Client | Sip | None:
    text = node.text.strip() or next((child.text.strip() for child in node.children), "")
    match node.tag:
        case "Number":
            return Number(text)
        case "Client":
            return Client(text)
        case "Sip":
            return Sip(text)
        case _:
            return None


def _whole(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"\d{1,6}", text, re.ASCII) else None


def _element(node: Node, name: str, schema: Mapping[str, Any]) -> Iterator[Fault]:
    spec = schema["nodes"][name]
    for attribute, value in node.attributes.items():
        known = spec["attributes"].get(attribute)
        if known is None and attribute not in MORE_ATTRIBUTES.get(name, ()):
            yield node.fault(f"<{node.tag}> has no attribute “{attribute}”.")
        elif known is not None and (told := _wrong(attribute, value, known, schema)):
            yield node.fault(f"“{attribute}” of <{node.tag}> {told}")
    text = node.text.strip()
    if text and spec["text"] is None:
        yield node.fault(f"<{node.tag}> holds no text, only other elements.")
    if spec["text"] and spec["text"]["required"] and not text and not node.children:
        yield node.fault(f"<{node.tag}> needs a text.")
    for child in node.children:
        kind = spec["children"].get(child.tag)
        if kind is not None:
            yield from _element(child, kind, schema)
        elif any(child.tag == other["element"] for other in schema["nodes"].values()):
            yield child.fault(f"<{child.tag}> cannot stand in <{node.tag}>.")
        else:
            yield child.fault(f"There is no <{child.tag}> in TwiML. Capitals count.")


def _wrong(name: str, value: str, spec: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    values = value.split() if spec["list"] else [value]
    match spec["type"]:
        case "boolean" if value not in ("true", "false"):
            return "must be true or false."
        case "number" if not values or not all(re.fullmatch(r"\d{1,9}", one, re.ASCII) for one in values):
            return "must be a whole number."
        case "enum" if not values or not set(values) <= set(schema["enums"][spec["enum"]]):
            known = schema["enums"][spec["enum"]]
            few = ", ".join(known[:8]) + (", …" if len(known) > 8 else "")
            return f"must be one of {few}."
    return "must be GET or POST." if name in METHODS and value not in ("GET", "POST") else ""


def _why(error: SAXParseException) -> str:
    told = error.getMessage()
    return {
        "mismatched tag": "The tag that closes here is not the one that was opened last.",
        "no element found": "It ends before all tags are closed, or is empty.",
        "undefined entity": "& begins a name that XML does not know; write &amp; for the character itself.",
        "junk after document element": "Something follows after the end of the document.",
    }.get(told, f"This is no XML: {told}.")


@cache
def _schema() -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads((Path(__file__).parent / "data" / "twiml-schema.json").read_text("utf-8"))
    return data


class _Reader(ContentHandler):
    """Builds the tree."""

    def __init__(self) -> None:
        super().__init__()
        self.root: Node | None = None
        self._open: list[Node] = []
        self._locator: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802 (the parser's name for it)
        self._locator = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802
        line = self._locator.getLineNumber() if self._locator else 1
        column = self._locator.getColumnNumber() if self._locator else 0
        node = Node(name, dict(attrs.items()), line or 1, (column or 0) + 1)
        if len(self._open) > DEEPEST:
            raise ValueError("too deep")
        if self._open:
            self._open[-1].parts.append(node)
        else:
            self.root = node
        self._open.append(node)

    def endElement(self, _name: str) -> None:  # noqa: N802
        self._open.pop()

    def characters(self, content: str) -> None:
        parts = self._open[-1].parts
        if parts and isinstance(parts[-1], str):
            parts[-1] += content
        else:
            parts.append(content)
