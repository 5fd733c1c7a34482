"""What a scenario expects of its call, as data. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from ivr.kinds.settings import Broken


class Goal(NamedTuple):
    """Where a call is to get: a step by its key, or the kind of an end with the key of what the caller reaches there.

    `kind` is `step`, or a word of a trial's `Reached`. `key` is "" where any will do.
    """

    kind: str
    key: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}" if self.key else self.kind

    @classmethod
    def read(cls, written: str) -> Self:
        kind, _colon, key = written.partition(":")
        return cls(kind, key)


class Way(NamedTuple):
    """An exit that a step is to be left by."""

    step: str
    exit: str


@dataclass(frozen=True, slots=True)
class Expected:
    """What has to be so after the call. What is empty is not looked at.

    `said` are texts, or parts of texts, in the order in which they are heard. `variables` are by name.
    """

    said: tuple[str, ...] = ()
    reached: Goal | None = None
    exits: tuple[Way, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "said": list(self.said),
            "reached": str(self.reached) if self.reached else "",
            "exits": [list(way) for way in self.exits],
            "variables": dict(self.variables),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote. Raises Broken."""
        try:
            return cls(
                said=tuple(map(str, data.get("said", ()))),
                reached=Goal.read(data["reached"]) if data.get("reached") else None,
                exits=tuple(Way(str(step), str(exit_)) for step, exit_ in data.get("exits", ())),
                variables={str(name): str(value) for name, value in data.get("variables", {}).items()},
            )
        except (AttributeError, TypeError, ValueError) as error:
            raise Broken("what is expected cannot be read") from error
