"""TwiML, parsed strictly: what Twilio refuses raises, what it only warns about is kept as violations."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element as XmlElement
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from simulator.exchanges import Violation, violation
from simulator.schema import Element, elements

MAX_BYTES = 65_536

# Which warning Twilio gives for a wrong value; everything else is 12200, the schema warning.
VALUE_CODES = {
    ("Dial", "method"): 13210, ("Dial", "timeout"): 13212, ("Dial", "hangupOnStar"): 13213,
    ("Dial", "timeLimit"): 13216, ("Dial", "record"): 13217, ("Dial", "sequential"): 13218,
    ("Conference", "muted"): 13230, ("Conference", "endConferenceOnExit"): 13231,
    ("Conference", "startConferenceOnEnter"): 13232, ("Conference", "waitMethod"): 13234,
    ("Conference", "beep"): 13235, ("Conference", "trim"): 13239,
    ("Number", "method"): 13221, ("Sip", "method"): 13241,
    ("Gather", "method"): 13312, ("Gather", "timeout"): 13313, ("Gather", "numDigits"): 13314,
    ("Gather", "input"): 13326, ("Gather", "maxSpeechTime"): 13328, ("Gather", "language"): 13331,
    ("Gather", "bargeIn"): 13332, ("Gather", "profanityFilter"): 13333,
    ("Play", "loop"): 13410, ("Say", "loop"): 13510, ("Say", "voice"): 13511, ("Say", "language"): 13512,
    ("Record", "method"): 13610, ("Record", "timeout"): 13611, ("Record", "maxLength"): 13612,
    ("Record", "transcribe"): 13614, ("Record", "playBeep"): 13616,
    ("Message", "method"): 14104,
    ("Redirect", "method"): 13710, ("Pause", "length"): 13910,
}  # fmt: skip
NESTING_CODES = {"Gather": 13320, "Dial": 13215}

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class TwimlError(Exception):
    """Raise for a document that Twilio does not run; `code` is its error."""

    def __init__(self, code: int, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb or noun: its valid attributes, its text without markup, and its valid children."""

    name: str
    attributes: dict[str, str]
    text: str
    children: tuple["Verb", ...] = ()
    marked_up: bool = False
    """Whether the text held SSML."""

    def get(self, name: str, default: str = "") -> str:
        """Return an attribute as text."""
        return self.attributes.get(name, default)

    def number(self, name: str, default: int) -> int:
        """Return an attribute as a whole number."""
        return int(self.attributes.get(name, default))

    def flag(self, name: str, default: bool) -> bool:
        """Return an attribute as true or false."""
        value = self.attributes.get(name)
        return default if value is None else value == "true"


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed document."""

    verbs: tuple[Verb, ...]
    violations: tuple[Violation, ...] = field(default=())


def parse(body: bytes, *, root: str = "Response") -> Document:
    """Return the verbs of a document and what Twilio would warn about; raise `TwimlError` if it would not run it.

    `root` names the node that stands for the document in the schema; in the document it is always called Response.
    """
    if len(body) > MAX_BYTES:
        raise TwimlError(11750, f"{len(body)} bytes")
    if body.startswith(b"\xef\xbb\xbf"):
        raise TwimlError(12100, "a byte order mark stands before the XML")
    try:
        response = fromstring(body, forbid_dtd=True)
    except ParseError as error:
        raise TwimlError(12100, str(error)) from error
    except (DefusedXmlException, ValueError, LookupError) as error:
        raise TwimlError(12100, f"not allowed here: {type(error).__name__}") from error
    if response.tag != "Response":
        raise TwimlError(12102, f"it is {response.tag}")
    if response.get("version", "2010-04-01") not in ("2010-04-01", "2008-08-01"):
        raise TwimlError(12101, f"version={response.get('version')}")
    response.attrib.pop("version", None)
    found: list[Violation] = []
    whole = _verb(response, elements()[root], found)
    return Document(verbs=whole.children, violations=tuple(found))


def _verb(xml: XmlElement, element: Element, found: list[Violation]) -> Verb:
    attributes = dict(_attributes(xml, element, found))
    children = tuple(_children(xml, element, found))
    text = _text(xml, element, found)
    return Verb(
        name=element.name,
        attributes=attributes,
        text=text,
        children=children,
        marked_up=element.name == "Say" and len(xml) > 0,
    )


def _attributes(xml: XmlElement, element: Element, found: list[Violation]) -> Iterator[tuple[str, str]]:
    for raw_name, value in xml.attrib.items():
        name = "xml:lang" if raw_name == XML_LANG else raw_name
        spec = element.attributes.get(name)
        if spec is None:
            found.append(violation(12200, "warning", f"{element.name} has no attribute {name}"))
        elif problem := spec.problem(name, value):
            code = VALUE_CODES.get((element.name, name), 12200)
            found.append(violation(code, "warning", f'{element.name} {name}="{value}" {problem}'))
        else:
            yield name, value


def _children(xml: XmlElement, element: Element, found: list[Violation]) -> Iterator[Verb]:
    for child in xml:
        node = element.children.get(child.tag)
        if node is None:
            code = NESTING_CODES.get(element.name, 12200)
            known = "cannot stand in" if child.tag in elements() else "is unknown in"
            found.append(violation(code, "warning", f"{child.tag} {known} {element.name}"))
        else:
            yield _verb(child, elements()[node], found)


def _text(xml: XmlElement, element: Element, found: list[Violation]) -> str:
    if element.name == "Say" or element.name[0].islower():
        text = " ".join("".join(xml.itertext()).split())
    else:
        # Text after a comment belongs to the element too.
        parts = [xml.text or "", *(child.tail or "" for child in xml)]
        text = "".join(parts).strip()
    if text and not element.takes_text:
        found.append(violation(12200, "warning", f"{element.name} holds no text"))
        return ""
    if not text and element.needs_text:
        code = 13520 if element.name == "Say" else 12200
        found.append(violation(code, "warning", f"{element.name} needs a text"))
    return text
