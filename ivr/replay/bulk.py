"""Many visits, one after the other: those that are alike are walked once."""

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, NamedTuple
from uuid import UUID

from ivr.hours.opening import Opening
from ivr.replay.comparing import Compared, compare
from ivr.replay.recording import Visit
from ivr.replay.worlds import Opened
from telephony import numbers

#: kinds of walks that are remembered; what comes beyond is walked each time
MOST_REMEMBERED = 50_000


class Replayed(NamedTuple):
    call: UUID
    compared: Compared


@dataclass(slots=True)
class _Asked:
    """A schedule that a walk asks, and how walks go on that are alike until then, by what it says."""

    schedule: str
    place: int
    following: "dict[Opening | None, _Asked | Compared]" = field(default_factory=dict)


class Walker:
    """Compares visits with a draft, and remembers what came of those whose text says all that counts.

    Where a walk asks a schedule, visits are alike for whom it says the same.
    """

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.remembered: dict[tuple[object, ...], _Asked | Compared] = {}
        self.walked = 0

    def compare(self, visit: Visit) -> Compared:
        key = self._key(visit)
        found = self.remembered.get(key)
        while isinstance(found, _Asked):
            found = found.following.get(self.opened.world.opening(found.schedule, visit.moment(found.place)))
        if found is None:
            self.walked += 1
            found = compare(visit, self.opened.world)
            if not found.timed and self.walked <= MOST_REMEMBERED:
                self._remember(key, found)
        return found

    def _remember(self, key: tuple[object, ...], compared: Compared) -> None:
        place: dict[Any, _Asked | Compared] = self.remembered
        for asked in compared.consulted:
            node = place.get(key)
            if not isinstance(node, _Asked):
                node = place[key] = _Asked(asked.schedule, asked.place)
            place, key = node.following, asked.opening  # type: ignore[assignment]  # from here on by what they said
        place[key] = compared

    def _key(self, visit: Visit) -> tuple[object, ...]:
        """Name all that a walk may depend on, besides the moment."""
        withheld = not numbers.is_e164(visit.caller) or numbers.is_withheld(visit.caller)
        answers = tuple((step, *sorted((said or {}).items())) for step, said in sorted(visit.answers.items()))
        text = blake2b(visit.text.encode(), digest_size=16).digest()  # the texts themselves would fill the memory
        return text, visit.ending, self.opened.editions.at(visit.began), withheld, answers
