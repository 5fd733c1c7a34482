"""What must not be read or heard is hidden: card numbers, accounts, telephone numbers, addresses, ids, codes. Pure.

Nothing is hidden twice: whatever is left after `redacted`, `redacted` would leave again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from recordings.speech.provider import main_language
from recordings.speech.redaction.contexts import Said
from recordings.speech.redaction.facts import Facts
from recordings.speech.redaction.hiding import hidden
from recordings.speech.redaction.kinds import Finding, Kind, Mark
from recordings.speech.redaction.reading import Token, readings, rows
from recordings.speech.redaction.rules import RULES
from recordings.speech.transcript import Segment, Transcript

__all__ = ["Finding", "Kind", "Redacted", "redacted"]


@dataclass(frozen=True, slots=True)
class Redacted:
    """What may be read, and where sound is to be silenced."""

    transcript: Transcript
    findings: tuple[Finding, ...]


def redacted(transcript: Transcript, *, country: str, more_countries: Sequence[str] = ()) -> Redacted:
    """Hide in a transcript what must not be read, and say when it is heard.

    Numbers without a country belong to `country`; its national numbers and those of `more_countries` are known.
    """
    segments, findings = transcript.segments, list[Finding]()
    countries = tuple(dict.fromkeys(code.upper() for code in (country, *more_countries) if code))
    secrets: list[tuple[Kind, str]] = []
    while True:  # ends: each round hides something
        before = len(findings)
        for language, apart in readings(main_language(transcript.language)):
            marks = _marks(segments, rows(segments, language, apart=apart), countries, secrets)
            segments, found = hidden(segments, marks)
            findings += found
        if len(findings) == before:
            break
    findings.sort(key=lambda finding: (finding.start, finding.end, finding.speaker))
    return Redacted(replace(transcript, segments=segments), tuple(findings))


def _marks(
    segments: Sequence[Segment], speakers: list[list[Token]], countries: Sequence[str], secrets: list[tuple[Kind, str]]
) -> list[Mark]:
    """Go through the rows by the rules; `secrets` grows by what is found."""
    said, marks = Said(segments), list[Mark]()
    for rule in RULES:
        for row in speakers:
            for kind, begin, end in list(rule(row, Facts(said, countries, secrets))):
                tokens = [token for token in row[begin:end] if not token.is_wall]
                secret = kind, "".join(token.digits for token in tokens)
                if secret[1] and secret not in secrets:
                    secrets.append(secret)
                marks += _of_segments(segments, tokens, kind)
                row[begin:end] = [replace(token, text="", digits="", letters="") for token in row[begin:end]]
    return marks


def _of_segments(segments: Sequence[Segment], tokens: Sequence[Token], kind: Kind) -> Iterator[Mark]:
    """Give a mark for each segment that has a part of it, without the fillers at the edges."""
    telling = [token for token in tokens if token.digits or token.letters or kind is Kind.EMAIL]
    for index in sorted({token.segment for token in telling}):
        here = [token for token in telling if token.segment == index]
        start, end, text = here[0].start, here[-1].end, segments[index].text
        is_half = text[start:end].count(")") > text[start:end].count("(")
        while start > 0 and (text[start - 1] == "+" or (is_half and text[start - 1] == "(")):
            start -= 1
        yield Mark(index, start, end, kind)
