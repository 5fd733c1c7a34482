"""The sheet of prompts for whoever translates: written by language, read back, and compared with what is there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from ivr.models import Prompt
from ivr.prompts import saying, ssml, voices
from sheets import table
from sheets.table import Line, Problem

PROMPT, WHERE = "prompt", "said in"
SOUND = "♪ "  # how a sound is told in a cell: it is left alone when it comes back
MOST_LETTERS = 10_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file says: its rows, and the languages that have a column."""

    lines: tuple[Line, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A text that the sheet would write. `plays`: callers hear a sound in its place, and go on to."""

    prompt: int
    name: str
    language: str
    before: str
    after: str
    plays: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What a whole sheet would do. Nothing is saved of a sheet with problems."""

    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]

    @property
    def fingerprint(self) -> str:
        """The same for the same changes, so that what is confirmed is what was shown."""
        return sha256(repr(self.changes).encode()).hexdigest()


def export(*, flow: int | None = None) -> str:
    """Write the prompts that flows say as a sheet that `read` reads back."""
    found = saying.table(flow=flow)
    texts = _texts()
    return table.write(
        [PROMPT, WHERE, *found.languages],
        (
            {PROMPT: row.name, WHERE: "; ".join(row.flows)}
            | {
                cell.language: f"{SOUND}{cell.words}"
                if cell.state == "sound"
                else texts.get((row.name, cell.language), ("", False))[0]
                for cell in row.cells
            }
            for row in found.rows
        ),
    )


def read(content: bytes) -> Sheet:
    """Read a sheet. Raises `table.Unreadable`."""
    found = table.read(content, name=_column, known=f"{PROMPT}, {WHERE}, and languages such as en-US", needed=PROMPT)
    return Sheet(found.lines, tuple(sorted(found.columns - {PROMPT, WHERE})))


def plan(sheet: Sheet) -> Plan:
    """Compare a sheet with what is there. Cells that are empty, or tell of a sound, leave it as it is."""
    keys = dict(Prompt.objects.values_list("name", "pk"))
    texts = _texts()
    changes: dict[tuple[int, str], Change] = {}
    problems: list[Problem] = []
    for line in sheet.lines:
        name = line.cells.get(PROMPT, "")
        if line.has_more:
            problems.append(Problem(line.row, "", "has more cells than the heading"))
        if name not in keys:
            problems.append(Problem(line.row, PROMPT, f"there is no prompt “{name}”" if name else "is missing"))
            continue
        for language in sheet.languages:
            after = line.cells.get(language, "")
            if not after or after.startswith(SOUND):
                continue
            problems += [Problem(line.row, language, text) for text in _faults(after)]
            before, plays = texts.get((name, language), ("", False))
            if after != before:
                changes[keys[name], language] = Change(keys[name], name, language, before, after, plays)
    return Plan(tuple(changes.values()), tuple(problems))


def _texts() -> Mapping[tuple[str, str], tuple[str, bool]]:
    """Give the text of each prompt in each language as a sheet holds it, and whether a sound is played in its place."""
    rows = Prompt.objects.filter(wordings__isnull=False).values_list(
        "name", "wordings__language", "wordings__text", "wordings__audio"
    )
    return {(name, language): (text.strip(), audio is not None) for name, language, text, audio in rows}


def _faults(text: str) -> Iterator[str]:
    if len(text) > MOST_LETTERS:
        yield f"is longer than {MOST_LETTERS} characters"
    if ssml.is_markup(text):
        for fault in ssml.check(text):
            yield f"at character {fault.position + 1}: {fault.text.rstrip('.')}"


def _column(heading: str) -> str | None:
    known = {PROMPT: PROMPT, WHERE: WHERE} | {language.lower(): language for language in voices.LANGUAGES}
    return known.get(heading.lower())
