"""The SSML that wordings may hold: a safe list of tags, as Twilio lets them stand in Say. Pure.

A text is markup as soon as it holds something shaped like a tag, known or not, so that a mistyped tag is told instead
of spoken. "5 < 6" and "Tom & Jerry" are plain.
"""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import NamedTuple
from xml.parsers import expat

_TAG = re.compile(r"</?[A-Za-z][\w:.-]*(?:\s[^<>]*)?/?>")

_INSIDE_SENTENCE = frozenset({"break", "emphasis", "lang", "phoneme", "prosody", "say-as", "sub", "w"})
_ANYTHING = _INSIDE_SENTENCE | {"p", "s"}

#: each tag with what may stand in it
CHILDREN: Mapping[str, frozenset[str]] = {
    "break": frozenset(),
    "emphasis": _INSIDE_SENTENCE,
    "lang": _ANYTHING,
    "p": _INSIDE_SENTENCE | {"s"},
    "phoneme": frozenset(),
    "prosody": _ANYTHING,
    "s": _INSIDE_SENTENCE,
    "say-as": frozenset(),
    "sub": frozenset(),
    "w": frozenset({"break", "emphasis", "phoneme", "prosody", "say-as", "sub"}),
}
ALL = frozenset(CHILDREN)

_LANGUAGES = (
    "arb ar-AE ca-ES cmn-CN cy-GB da-DK de-AT de-DE en-AU en-GB en-GB-WLS en-IN en-NZ en-US en-ZA es-ES es-MX es-US"
    " fi-FI fr-CA fr-FR he-IL hi-IN is-IS it-IT ja-JP ko-KR nb-NO nl-NL pl-PL pt-BR pt-PT ro-RO ru-RU sv-SE tr-TR"
    " yue-CN"
)
_KINDS = "characters spell-out cardinal number ordinal digits fraction unit date time address expletive telephone"
_ALPHABETS = "ipa x-sampa x-amazon-jyutping x-amazon-pinyin x-amazon-pron-kana x-amazon-yomigana"
_SIGNED_PERCENT = r"[+-]\d{1,3}(?:\.\d+)?%"

#: each tag with its attributes: words that are allowed, or a pattern (in parentheses); those with ! are required
_ATTRIBUTES: Mapping[str, Mapping[str, str]] = {
    "break": {
        "strength": "none x-weak weak medium strong x-strong",
        "time": r"((?:10|\d(?:\.\d+)?)s|(?:10000|\d{1,4})ms)",
    },
    "emphasis": {"level": "strong moderate reduced"},
    "lang": {"xml:lang!": _LANGUAGES},
    "p": {},
    "phoneme": {"alphabet": _ALPHABETS, "ph!": "(.+)"},
    "prosody": {
        "volume": r"(default|silent|x-soft|soft|medium|loud|x-loud|[+-]\d{1,2}(?:\.\d+)?dB)",
        "rate": r"(default|x-slow|slow|medium|fast|x-fast|\d{2,3}%)",
        "pitch": rf"(default|x-low|low|medium|high|x-high|{_SIGNED_PERCENT})",
    },
    "s": {},
    "say-as": {"interpret-as!": _KINDS, "format": "mdy dmy ymd md dm ym my d m y yyyymmdd"},
    "sub": {"alias!": "(.+)"},
    "w": {"role!": r"(amazon:(?:VB|VBD|NN|DT|IN|JJ|SENSE_1|DEFAULT))"},
}


class Fault(NamedTuple):
    """What is wrong, and before which character of the text it stands."""

    position: int
    text: str


def is_markup(text: str) -> bool:
    return "<" in text and _TAG.search(text) is not None


def bare(text: str) -> str:
    """Give the text without its tags."""
    return _TAG.sub("", text)


@lru_cache(maxsize=4096)
def check(text: str, tags: Collection[str] = ALL) -> tuple[Fault, ...]:
    """Find what is wrong with a marked-up text for a voice that speaks `tags`."""
    reader = _Reader(text, tags)
    reader.read()
    return tuple(reader.faults)


class _Reader:
    """One pass of the XML parser over a text, set in an element of its own."""

    _START = "<t>"

    def __init__(self, text: str, tags: Collection[str]) -> None:
        self.text = text
        self.tags = tags
        self.faults: list[Fault] = []
        self.open: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.CommentHandler = lambda _: self.fault("Comments are not spoken; leave them out.")
        self.parser.ProcessingInstructionHandler = lambda *_: self.fault("Instructions like <?...?> are not possible.")
        self.parser.StartCdataSectionHandler = lambda: self.fault("CDATA is not possible.")

    def read(self) -> None:
        try:
            self.parser.Parse(f"{self._START}{self.text}</t>".encode(errors="replace"), True)
        except expat.ExpatError as error:
            what = expat.errors.messages.get(error.code, "")
            position = self._position(self.parser.ErrorByteIndex)
            self.faults.append(Fault(position, _NOT_XML.get(what, f"This is not well-formed: {what}.")))

    def fault(self, text: str) -> None:
        self.faults.append(Fault(self._position(self.parser.CurrentByteIndex), text))

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        parent = self.open[-1] if self.open else ""
        self.open.append(tag)
        if len(self.open) == 1:
            return
        if tag not in CHILDREN:
            self.fault(
                f"The tag <{tag}> is not possible. Possible are {', '.join(f'<{known}>' for known in CHILDREN)}."
            )
            return
        if tag not in self.tags:
            self.fault(f"This voice does not know the tag <{tag}>.")
        if tag not in CHILDREN.get(parent, ALL):
            self.fault(f"<{tag}> cannot stand in <{parent}>.")
        self.attributes(tag, attributes)

    def attributes(self, tag: str, given: dict[str, str]) -> None:
        known = {name.rstrip("!"): values for name, values in _ATTRIBUTES[tag].items()}
        for name, value in given.items():
            if name not in known:
                self.fault(f"<{tag}> has no attribute {name}.")
            elif not _is_allowed(value, known[name]):
                self.fault(f"<{tag} {name}> cannot be “{value}”.")
        for name in _ATTRIBUTES[tag]:
            if name.endswith("!") and name[:-1] not in given:
                self.fault(f"<{tag}> needs the attribute {name[:-1]}.")

    def end(self, _tag: str) -> None:
        self.open.pop()

    def characters(self, text: str) -> None:
        if self.open[-1] == "break" and text.strip():
            self.fault("<break> holds no text: write <break/>.")

    def _position(self, index: int) -> int:
        before = self.text.encode(errors="replace")[: max(index - len(self._START), 0)]
        return len(before.decode(errors="ignore"))


_NOT_XML = {
    "mismatched tag": "A tag is closed that was not opened here, or one is left open.",
    "not well-formed (invalid token)": "A sign is wrong here: write &amp; for &, &lt; for <, and values in quotes.",
    "undefined entity": "Of the names with & only &amp; &lt; &gt; &quot; and &apos; are known.",
}


def _is_allowed(value: str, allowed: str) -> bool:
    if allowed.startswith("("):
        return re.fullmatch(allowed, value) is not None
    return value in allowed.split()
