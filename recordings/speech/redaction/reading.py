"""The words of one speaker as a row of tokens, numbers read as digits however they were written or spoken. Pure."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from text_to_num import find_numbers

from recordings.speech.redaction.kinds import MARKER
from recordings.speech.transcript import Segment

# The languages in which the library knows numbers.
LANGUAGES = ("en", "de", "es", "fr", "it", "nl", "pt")
# Where a speaker has said nothing for so long, something new begins.
SILENCE_SECONDS = 30.0

# What the library does not take for what it is, as it is heard and as recognizers write it.
_VARIANTS: Mapping[str, Mapping[str, str]] = {
    "en": dict.fromkeys(("oh", "o", "nought", "naught", "aught"), "zero") | {"niner": "nine", "fourty": "forty"},
    "es": {"veintidos": "veintidós", "veintitres": "veintitrés"},
    "fr": {"zero": "zéro", "vingts": "vingt", "cents": "cent"},
    "nl": {"een": "één"},
    "pt": {"tres": "três", "meia": "seis"},
}
_UMLAUTS = (("fuenf", "fünf"), ("zwoelf", "zwölf"))
_ZEROS = frozenset({"zero", "null", "cero", "zéro", "nul"})
_TIMES: Mapping[str, int] = {
    **dict.fromkeys(("double", "doppel", "zweimal", "doble", "doppio", "dubbel", "dubbele", "duplo", "dobro"), 2),
    **dict.fromkeys(("triple", "treble", "dreimal", "tripel", "triplo", "driedubbel"), 3),
}
# Where one number may also be meant as two: 800 555 is said like 805 55, and in French 60 10 like 70.
_ENDS_AFTER: Mapping[str, frozenset[str] | None] = {"en": frozenset({"hundred"}), "fr": None}  # None: after each word

# What may stand between two digits of one number without ending it.
_FILLERS = """
    and then uh um er erm ah eh hm mm mhm mmhm okay ok yes yeah yep right sure so next also again dash hyphen minus
    space slash dot point stroke comma sorry well like to too for und dann ähm äh ja genau gut jawohl strich bindestrich
    leerzeichen schrägstrich punkt komma weiter y e luego después entonces sí si vale bueno guion guión barra espacio
    punto coma et puis euh ensuite alors oui d'accord tiret espace virgule poi allora ehm trattino spazio virgola en dan
    streepje spatie depois então sim hífen espaço vírgula ponto traço
"""
FILLERS = frozenset(_FILLERS.split())
# Punctuation that ends a number; all other may stand within one. A time of day has a colon.
_ENDS = frozenset(":@=<>|")
_HYPHENS = frozenset("-\u2010\u2011")
_CURRENCY = frozenset("$€£¥₹%")
_MOST_OF_AN_AMOUNT = 9  # digits; more are no money
_MOST_OF_A_WORD = 5  # digits; "two hundred thousand" is a quantity, nobody reads a number like that

_TOKEN = re.compile(rf"(?P<marker>{MARKER.pattern})|\d+|[^\W\d_]+(?:['\u2019][^\W\d_]+)*|\S")


@dataclass(frozen=True, slots=True)
class Token:
    """A number, a word, a letter or a sign, and where it stands."""

    segment: int
    start: int
    end: int
    text: str  # casefolded; empty for a wall, which nothing reaches across
    digits: str = ""
    letters: str = ""  # in capitals, where it may be part of a code

    @property
    def is_wall(self) -> bool:
        return not self.text

    @property
    def is_filler(self) -> bool:
        if self.is_wall or self.text in FILLERS or self.text in _TIMES:
            return not self.is_wall
        return not self.text[0].isalnum() and self.text not in _ENDS

    def touches(self, other: "Token") -> bool:
        """Tell whether another one follows without a space."""
        return self.segment == other.segment and self.end == other.start


def readings(language: str) -> Iterator[tuple[str, bool]]:
    """Give the ways to read numbers in a language: which, and whether what may be two numbers is.

    Where nobody knows the language, all of them.
    """
    for known in (language,) if language in LANGUAGES else LANGUAGES:
        yield known, False
        if known in _ENDS_AFTER:
            yield known, True


def rows(segments: Sequence[Segment], language: str, *, apart: bool) -> list[list[Token]]:
    """Give one row of tokens for each speaker, over all segments, with a wall where a long silence is."""
    of_speakers: dict[str, list[Token]] = {}
    ends: dict[str, float] = {}
    for index, segment in enumerate(segments):
        row = of_speakers.setdefault(segment.speaker, [])
        if row and segment.start - ends[segment.speaker] > SILENCE_SECONDS:
            row.append(Token(index, 0, 0, ""))
        ends[segment.speaker] = max(segment.end, ends.get(segment.speaker, 0.0))
        row.extend(_numbers(_tokens(index, segment.text), language, apart=apart))
    return [_multiplied(row) for row in of_speakers.values()]


def _tokens(index: int, text: str) -> list[Token]:
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        token = Token(index, match.start(), match.end(), "" if match["marker"] else word.casefold())
        if not token.is_wall and word.isdecimal():
            token = replace(token, digits="".join(str(int(digit)) for digit in word))
        elif not token.is_wall and word.isascii() and word.isalpha() and (len(word) == 1 or _is_code(word)):
            token = replace(token, letters=word.upper())
        found.append(token)
    return _glued(_without_amounts(found))


def _is_code(word: str) -> bool:
    return word.isupper() and len(word) <= 6


def _glued(tokens: list[Token]) -> list[Token]:
    """Take letters that touch digits for a part of the same code, capitals or not."""
    made = list(tokens)
    for left, right in itertools.pairwise(range(len(made))):
        if made[left].touches(made[right]):
            for one, other in ((left, right), (right, left)):
                word = made[one].text
                if made[other].digits and word.isascii() and word.isalpha() and len(word) <= 6:
                    made[one] = replace(made[one], letters=word.upper())
    return made


def _without_amounts(tokens: list[Token]) -> list[Token]:
    """Read no digits where it is money or a percentage."""
    made = list(tokens)
    for left, right in itertools.pairwise(range(len(tokens))):
        for sign, number in ((left, right), (right, left)):
            if tokens[sign].text in _CURRENCY and 0 < len(tokens[number].digits) <= _MOST_OF_AN_AMOUNT:
                made[number] = replace(made[number], digits="")
    return made


class _Spoken:
    """A word as the library asks for it."""

    def __init__(self, text: str, *, begins_anew: bool) -> None:
        self._text, self._begins_anew = text, begins_anew

    def text(self) -> str:
        return self._text

    def nt_separated(self, _previous: "_Spoken") -> bool:
        return self._begins_anew

    def not_a_number_part(self) -> bool:
        return False


def _numbers(tokens: list[Token], language: str, *, apart: bool) -> list[Token]:
    """Put the spoken numbers among the tokens together and read them."""
    words = [index for index, token in enumerate(tokens) if token.text[:1].isalnum() or token.is_wall]
    spoken, before, text_before = list[_Spoken](), -1, ""
    for index in words:
        text = _plain(tokens[index].text, language)
        # "oh one" are two digits, not the number 1 with a nought before it
        anew = _is_cut(tokens, before, index) or text_before in _ZEROS
        if apart and index == before + 1 and "et" not in {text_before, text}:  # no hyphen between
            anew = anew or _may_end(text_before, language)
        spoken.append(_Spoken(text, begins_anew=anew))
        before, text_before = index, text
    made, done = list[Token](), 0
    for number in find_numbers(spoken, language, threshold=0):
        first, last = tokens[words[number.start]], tokens[words[number.end - 1]]
        digits = "" if number.is_ordinal else re.sub(r"\D", "", number.text)
        digits = "" if len(digits) > _MOST_OF_A_WORD else digits
        made += tokens[done : words[number.start]]
        made.append(replace(first, end=last.end, digits=digits, letters=first.letters if first is last else ""))
        done = words[number.end - 1] + 1
    return made + tokens[done:]


def _multiplied(tokens: list[Token]) -> list[Token]:
    """Read `double one` as two ones."""
    made = list[Token]()
    for token in tokens:
        times = _TIMES.get(made[-1].text, 1) if made and not made[-1].digits and 0 < len(token.digits) <= 2 else 1
        if times > 1:
            token = replace(token, digits=token.digits * times, letters="")
            if made[-1].segment == token.segment:
                token = replace(token, start=made.pop().start)
        made.append(token)
    return made


def _plain(text: str, language: str) -> str:
    if language == "de":
        for written, plain in _UMLAUTS:
            text = text.replace(written, plain)
    return _VARIANTS.get(language, {}).get(text, text)


def _may_end(text: str, language: str) -> bool:
    words = _ENDS_AFTER[language]
    return words is None or text in words


def _is_cut(tokens: list[Token], before: int, index: int) -> bool:
    """Whether a comma or the like stands before a word."""
    return any(token.text not in _HYPHENS for token in tokens[before + 1 : index])
