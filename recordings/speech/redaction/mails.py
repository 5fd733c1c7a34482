"""E-mail addresses, written or spelled out: "j dot smith at example dot com". Pure."""

from collections.abc import Iterator, Sequence

from recordings.speech.redaction.facts import Facts, Found
from recordings.speech.redaction.kinds import Kind
from recordings.speech.redaction.reading import Token

_AT = frozenset({"@", "arroba", "arobase", "klammeraffe", "chiocciola", "apenstaartje", "ät", "at"})
_DOTS = frozenset({"dot", "punkt", "punto", "point", "punt", "ponto"})
_JOINING = """
    dash hyphen minus underscore bindestrich unterstrich guion guión tiret trattino streepje hífen souligné plus
    subrayado
"""
_JOINERS = frozenset(_JOINING.split())
_SIGNS = frozenset("._-+'\u2019%&")
_TOP_DOMAINS = """
    com net org info biz edu gov mil eu io co me app dev cloud online shop ai tv uk us ca au nz ie de at
    ch li fr be lu nl es pt it gr pl cz sk hu ro bg hr si rs se no fi dk is ee lv lt ua tr il za in cn jp kr br mx ar cl
    pe ve cat berlin
"""
_DOMAINS = frozenset(_TOP_DOMAINS.split())
# Words that stand before an address and are no part of it.
_BEFORE_NAMES = """
    is its it's are my me to at the und ist lautet an meine mail email e-mail address adresse es son mi la correo est
    mon ma à è con and or y et
"""
_NOT_IN_NAMES = frozenset(_BEFORE_NAMES.split())
_MOST = 40  # tokens of a name that is spelled


def mails(row: Sequence[Token], facts: Facts) -> Iterator[Found]:
    """Find e-mail addresses."""
    for at, token in enumerate(row):
        if token.text not in _AT:
            continue
        begin, end = _name(row, at), _domain(row, at + 1)
        if begin == at or end == at + 1:
            continue
        if token.text == "@":
            is_mail = row[at - 1].touches(token) or _has_dot(row, at + 1, end)
        else:
            is_mail = _has_dot(row, at + 1, end) and row[end - 1].text in _DOMAINS
        # "look at example.com" is no address, unless one was asked for
        if token.text == "at" and at - begin == 1 and not facts.said.speaks_of_mail(row[begin]):
            is_mail = False
        if is_mail:
            yield Kind.EMAIL, begin, end


def _name(row: Sequence[Token], at: int) -> int:
    """Return where the part before the at begins."""
    begin = at
    while begin > 0 and at - begin < _MOST:
        before, here = row[begin - 1], row[begin]
        is_part = _is_label(before) or before.text in _SIGNS or before.text in _DOTS or before.text in _JOINERS
        if before.is_wall or not is_part:
            break
        if begin == at:
            if not _is_label(before):
                break
        elif not (before.touches(here) or _joins(before) or _joins(here) or _spells(before, here)):
            break
        begin -= 1
    while begin < at and not _is_label(row[begin]):
        begin += 1
    return begin


def _spells(before: Token, here: Token) -> bool:
    """Whether two tokens belong together though a space is between: letters and digits one by one."""
    if before.text in _NOT_IN_NAMES or not _is_label(before):
        return False
    return (
        len(here.text) == 1
        or bool(here.digits)
        or ((len(before.text) == 1 or bool(before.digits)) and here.text.isalpha())
    )


def _domain(row: Sequence[Token], begin: int) -> int:
    """Return where the part behind the at ends."""
    end = _label(row, begin)
    while end > begin and end + 1 < len(row):
        is_dot = row[end].text in _DOTS or (row[end].text == "." and row[end].touches(row[end + 1]))
        behind = _label(row, end + 1) if is_dot else end
        if behind <= end + 1:
            break
        end = behind
    return end


def _label(row: Sequence[Token], begin: int) -> int:
    """Return where a name between dots ends: one word, what touches it, or letters one by one."""
    if begin >= len(row) or not _is_label(row[begin]):
        return begin
    end = begin + 1
    while end < len(row):
        last, token = row[end - 1], row[end]
        behind = row[end + 1] if end + 1 < len(row) else None
        is_hyphen = token.text in _JOINERS or (token.text == "-" and last.touches(token))
        if is_hyphen and behind is not None and _is_label(behind) and (token.text != "-" or token.touches(behind)):
            end += 2
        elif _is_label(token) and (last.touches(token) or (_is_spelled(last) and _is_spelled(token))):
            end += 1
        else:
            break
    return end


def _is_spelled(token: Token) -> bool:
    return len(token.text) == 1 or bool(token.digits)


def _is_label(token: Token) -> bool:
    return token.text[:1].isalnum() and token.text not in _DOTS and token.text not in _AT


def _joins(token: Token) -> bool:
    return token.text in _DOTS or token.text in _JOINERS


def _has_dot(row: Sequence[Token], begin: int, end: int) -> bool:
    return any(token.text in _DOTS or token.text == "." for token in row[begin:end])
