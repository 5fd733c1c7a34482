"""Who had access to one recording, for people: a player's many requests are one listening."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from compliance import words
from compliance.models import AccessEntry
from compliance.states import Access

ONE_LISTENING = timedelta(minutes=10)
SOUND = frozenset({Access.PLAYED, Access.HEARD, Access.HEARD_ORIGINAL})
REPEATED = SOUND | {Access.READ, Access.READ_ORIGINAL}
SHOWN = 12
READ_FOR_THAT = 200


@dataclass(slots=True)
class Line:
    """What somebody did. `heard` are the parts of the sound that were sent, in seconds."""

    who: str
    since: datetime
    until: datetime
    action: str
    reason: str
    heard: list[tuple[int, int]] = field(default_factory=list)
    whole: int = 0

    @property
    def done(self) -> Promise | str:
        return words.ACTIONS.get(self.action, self.action)

    @property
    def part(self) -> str:
        """Tell how much was heard, in minutes."""
        parts = merged(self.heard)
        if len(parts) == 1:
            return words.stretch({"seconds": list(parts[0]), "of": self.whole})
        if not parts:
            return ""
        heard = sum(end - start for start, end in parts)
        return _("%(heard)s of %(whole)s, in parts") % {"heard": words.clock(heard), "whole": words.clock(self.whole)}


def listenings(recording_id: UUID) -> list[Line]:
    """Read what the log tells of a recording lately, the latest first."""
    entries = AccessEntry.objects.filter(subject="recording", subject_id=str(recording_id)).order_by("-id")
    return lines(reversed(entries[:READ_FOR_THAT]))[:SHOWN]


def lines(entries: Iterable[AccessEntry]) -> list[Line]:
    """Tell of entries, given from the oldest on, the latest first."""
    told: list[Line] = []
    lately: dict[tuple[str, object], Line] = {}
    for entry in entries:
        key = (entry.who, entry.detail.get("copy") if entry.action in SOUND else entry.action)
        line = lately.get(key) if entry.action in REPEATED else None
        if line is None or entry.at - line.until > ONE_LISTENING:
            line = Line(entry.who, entry.at, entry.at, entry.action, entry.reason)
            told.append(line)
        if entry.action in REPEATED:
            lately[key] = line
            _add(line, entry)
    return sorted(told, key=lambda line: line.until, reverse=True)


def _add(line: Line, entry: AccessEntry) -> None:
    line.until, line.reason = entry.at, entry.reason or line.reason
    if entry.action not in SOUND - {Access.PLAYED}:
        return
    line.action = entry.action
    match entry.detail:
        case {"seconds": [int(start), int(end)], "of": int(whole)} if start < end:
            line.heard.append((start, end))
            line.whole = whole


def merged(parts: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Lay together the parts that touch each other."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(parts):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
