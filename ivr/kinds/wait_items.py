"""What callers hear while they wait, piece by piece."""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from ivr.kinds.settings import Broken

#: what somebody who waits can be given, one after the other
ItemKind: TypeAlias = Literal["message", "music", "position", "estimate", "pause"]


@dataclass(frozen=True, slots=True)
class WaitItem:
    """A piece of what callers hear while they wait.

    `seconds` counts for a pause, `prompt` for all else; music without one is the house's own.
    """

    kind: ItemKind
    prompt: str = ""
    seconds: int = 0


ITEM_KINDS = frozenset(get_args(ItemKind))


def wait_item(data: object) -> WaitItem:
    """Read an item of a document's JSON. Raises Broken."""
    match data:
        case {"kind": str(kind), "prompt": str(prompt), "seconds": int(seconds)} if kind in ITEM_KINDS:
            return WaitItem(kind, prompt, seconds)  # type: ignore[arg-type]  # `in` does not narrow to a literal
        case _:
            raise Broken(f"{data!r} is nothing to give to those who wait")
