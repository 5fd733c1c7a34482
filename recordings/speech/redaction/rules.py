"""What is to be hidden in the rows of what was said: one function for each way to tell, the surest first. Pure."""

from collections.abc import Iterator, Sequence

from recordings.speech.redaction import checks
from recordings.speech.redaction.facts import Facts, Found, Rule
from recordings.speech.redaction.kinds import Kind
from recordings.speech.redaction.mails import mails
from recordings.speech.redaction.reading import Token
from recordings.speech.redaction.runs import Run, closely, codes, loosely

_SHORTEST_PIECE = 2
_SHORTEST_LOOSE = 12
_SHORTEST_ECHO = 4
_LISTING = frozenset({"and", "und", "y", "e", "et", "en", "to", "too", "for"})
_FEWEST_DIGITS_OF_A_CODE = 4


def cards(row: Sequence[Token], _facts: Facts) -> Iterator[Found]:
    """Find card numbers by their checksum. What is read along in the same breath (expiry, code) goes with them."""
    for run in closely(row):
        if checks.is_card(run.digits) or _holds_card(run):
            yield Kind.CARD, run.begin, run.end


def _holds_card(run: Run) -> bool:
    for index in range(len(run.numbers)):
        rest = "".join(token.digits for token in run.numbers[index:])
        if any(checks.is_branded_card(rest[:length]) for length in checks.CARD_LENGTHS if length <= len(rest)):
            return True
    return False


def interrupted_cards(row: Sequence[Token], facts: Facts) -> Iterator[Found]:
    """Find card numbers between whose digits other words stand."""
    for chain in loosely(row, closely(row)):
        for begin in range(len(chain)):
            digits = ""
            for end in range(begin, len(chain)):
                digits += chain[end].digits
                if end > begin and checks.is_branded_card(digits):
                    yield from ((Kind.CARD, run.begin, run.end) for run in chain[begin : end + 1])
        length = sum(len(run.digits) for run in chain)
        if len(chain) > 1 and length >= _SHORTEST_LOOSE and facts.said.speaks_of(Kind.CARD, chain[0].tokens[0]):
            yield from ((Kind.CARD, run.begin, run.end) for run in chain if len(run.digits) >= _SHORTEST_PIECE)


def accounts(row: Sequence[Token], _facts: Facts) -> Iterator[Found]:
    """Find IBANs."""
    for begin, end, value in _codes(row, as_iban=True):
        if checks.is_iban(value):
            yield Kind.ACCOUNT, begin, end


def ids(row: Sequence[Token], facts: Facts) -> Iterator[Found]:
    """Find national numbers; those of bare digits only as a whole."""
    for run in closely(row):
        for part in (run, *run.parts()):
            spoken_of = facts.said.speaks_of(Kind.ID, part.numbers[0]) or _is_dashed_like_ssn(part)
            if checks.is_id(part.digits, facts.countries, spoken_of=spoken_of):
                yield Kind.ID, part.begin, part.end
    for begin, end, value in _codes(row, as_iban=False):
        # as it is written, too: in some the sign is a part of the number
        whole = "".join(token.text for token in row[begin:end]).upper()
        if any(checks.is_id(form, facts.countries, spoken_of=False) for form in (value, whole)):
            yield Kind.ID, begin, end


def _is_dashed_like_ssn(run: Run) -> bool:
    return ["#" * len(token.digits) or token.text for token in run.tokens] == ["###", "-", "##", "-", "####"]


def phones(row: Sequence[Token], facts: Facts) -> Iterator[Found]:
    """Find telephone numbers that are valid where we are, or anywhere after a plus."""
    for run in closely(row):
        # years and amounts, one after the other, are no telephone number
        if not any(token.text in _LISTING for token in run.tokens) and _is_phone(row, run, facts):
            yield Kind.PHONE, run.begin, run.end
            continue
        for part in run.parts():
            if _is_phone(row, part, facts):
                yield Kind.PHONE, part.begin, part.end


def _is_phone(row: Sequence[Token], run: Run, facts: Facts) -> bool:
    plus = run.begin > 0 and row[run.begin - 1].text in {"+", "plus"}
    return checks.is_phone(f"{'+' if plus else ''}{run.digits}", facts.countries)


def asked_for(row: Sequence[Token], facts: Facts) -> Iterator[Found]:
    """Find what is no valid number, and is one by what was just spoken of: digits are misheard."""
    for run in closely(row):
        kind = facts.said.kind_of(run.tokens[0], run.tokens[-1], length=len(run.digits))
        if kind is not None:
            yield kind, run.begin, run.end
    for begin, end, value in _codes(row, as_iban=False):
        if sum(letter.isdecimal() for letter in value) < _FEWEST_DIGITS_OF_A_CODE:
            continue
        kind = facts.said.kind_of(row[begin], row[end - 1], length=len(value))
        if kind in {Kind.ID, Kind.ACCOUNT}:
            yield kind, begin, end


def echoes(row: Sequence[Token], facts: Facts) -> Iterator[Found]:
    """Find what repeats a part of what was found elsewhere: the agent reads the digits back."""
    for run in closely(row):
        place = run.begin
        while place < run.end:
            end, kind = _echo(row, place, run.end, facts)
            if kind is not None:
                yield kind, place, end
            place = max(end, place + 1)


def _echo(row: Sequence[Token], begin: int, end: int, facts: Facts) -> tuple[int, Kind | None]:
    """Give the end and kind of the longest part from a place on that repeats a secret; codes only as a whole."""
    digits, longest, found = "", begin, None
    for place in range(begin, end):
        digits += row[place].digits
        if not row[begin].digits or not row[place].digits:
            continue
        for kind, secret in facts.secrets:
            is_part = len(digits) >= _SHORTEST_ECHO and digits in secret if kind is not Kind.CODE else digits == secret
            if is_part:
                longest, found = place + 1, kind
    return longest, found


def _codes(row: Sequence[Token], *, as_iban: bool) -> Iterator[tuple[int, int, str]]:
    """Give all that may be a code of letters and digits in a row: where it begins and ends, and what it is."""
    for begin in range(len(row)):
        for value, end in codes(row, begin, as_iban=as_iban):
            if any(letter.isdecimal() for letter in value) and not value.isdecimal():
                yield begin, end, value


# In this order: what proves itself before what is only spoken of.
RULES: Sequence[Rule] = (mails, accounts, cards, ids, phones, interrupted_cards, asked_for, echoes)
