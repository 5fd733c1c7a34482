"""Many visits, one after the other: those that are alike are walked once."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from uuid import UUID

from ivr.replay.comparing import Compared, compare
from ivr.replay.reading import Row
from ivr.replay.recording import Visit
from ivr.replay.worlds import Opened
from telephony import numbers

#: kinds of walks that are remembered; what comes beyond is walked each time
MOST_REMEMBERED = 50_000


class Replayed(NamedTuple):
    call: UUID
    compared: Compared


class Walker:
    """Compares visits with a draft, and remembers what came of those whose text says all that counts."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.remembered: dict[tuple[object, ...], Compared] = {}
        self.walked = 0

    def compare_all(self, rows: Iterable[Row]) -> Iterator[Replayed]:
        for row in rows:
            yield Replayed(row.call, self.compare(row.visit))

    def compare(self, visit: Visit) -> Compared:
        key = self._key(visit)
        found = self.remembered.get(key)
        if found is None:
            self.walked += 1
            found = compare(visit, self.opened.world)
            if not found.timed and len(self.remembered) < MOST_REMEMBERED:
                self.remembered[key] = found
        return found

    def _key(self, visit: Visit) -> tuple[object, ...]:
        """Name all that a walk may depend on, besides the moment."""
        withheld = not numbers.is_e164(visit.caller) or numbers.is_withheld(visit.caller)
        answers = tuple((step, *sorted((said or {}).items())) for step, said in sorted(visit.answers.items()))
        return visit.text, visit.ending, self.opened.editions.at(visit.began), withheld, answers
