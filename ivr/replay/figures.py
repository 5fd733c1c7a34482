"""What a replay came to, in numbers that grow batch by batch. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ivr.replay.comparing import Compared
from ivr.replay.ends import End, Kind
from ivr.replay.unknown import Why


class Move(NamedTuple):
    """From where to where, by the keys of ends; `open`: how it goes on there is not known."""

    was: str
    would: str
    open: bool


class Gap(NamedTuple):
    """What is not known, and in which step."""

    why: str
    step: str


@dataclass(slots=True)
class Figures:
    """How many visits come to the same place, to another, or to one that is not known.

    `ends` are the places by key, as kind, id and the name of the step; `steps` names those in which nothing is known.
    """

    same: int = 0
    moves: Counter[Move] = field(default_factory=Counter)
    gaps: Counter[Gap] = field(default_factory=Counter)
    ends: dict[str, End] = field(default_factory=dict)
    steps: dict[str, str] = field(default_factory=dict)

    @property
    def moved(self) -> int:
        return self.moves.total()

    @property
    def unknown(self) -> int:
        return self.gaps.total()

    @property
    def total(self) -> int:
        return self.same + self.moved + self.unknown

    def add(self, compared: Compared) -> None:
        for end in (compared.was, compared.would):
            if end is not None:
                self.ends[end.key] = end
        if compared.would is None or compared.was is None:
            why, step, name = compared.unknown or (Why.ERASED, "", "")
            self.gaps[Gap(why, step)] += 1
            self.steps[step] = name
        elif compared.differs:
            self.moves[Move(compared.was.key, compared.would.key, compared.open)] += 1
        else:
            self.same += 1

    def to_json(self) -> dict[str, Any]:
        return {
            "same": self.same,
            "moves": _rows(self.moves),
            "gaps": _rows(self.gaps),
            "ends": {key: list(end) for key, end in self.ends.items()},
            "steps": self.steps,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Figures":
        return cls(
            same=data.get("same", 0),
            moves=Counter({Move(*keys): count for *keys, count in data.get("moves", ())}),
            gaps=Counter({Gap(*keys): count for *keys, count in data.get("gaps", ())}),
            ends={key: End(Kind(kind), of, step) for key, (kind, of, step) in data.get("ends", {}).items()},
            steps=dict(data.get("steps", {})),
        )


def _rows(counted: Mapping[Any, int]) -> Iterable[Any]:
    return [[*key, count] for key, count in counted.items()]
