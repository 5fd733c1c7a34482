"""One call side by side, in words."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ivr.history import Event
from ivr.kinds import KINDS
from ivr.replay import words
from ivr.replay.ends import End, Met
from ivr.replay.sides import Row, Sides
from ivr.replay.words import Names

Show = Callable[[str], str]

_DIFFERS: Mapping[str, Promise] = {
    "step": gettext_lazy("Here it differs: the call would come to “%(would)s”, and not to “%(was)s”."),
    "exit": gettext_lazy("Here it differs: “%(would)s” would be left by “%(by)s”, and not by “%(was_by)s”."),
    "words": gettext_lazy("Here it differs: the caller would hear something else in “%(would)s”."),
    "more": gettext_lazy("Here it differs: the call would go on with “%(would)s”; then it was over."),
    "less": gettext_lazy("Here it differs: the call would not come to “%(was)s” any more."),
    "unknown": gettext_lazy("Here the recording does not tell how the call would go on."),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A step on one side: its name and kind, what was heard and done there, and the way out."""

    name: str
    kind: str
    lines: tuple[tuple[str, str], ...]
    exit: str


@dataclass(frozen=True, slots=True)
class Told:
    was: Cell | None
    would: Cell | None
    differs: str


def told(sides: Sides, *, show: Show) -> dict[str, Any]:
    """Give what the page of one call shows; `show` hides numbers in texts from those who may not see them."""
    compared = sides.compared
    names = Names(filter(None, (compared.was, compared.would)))
    unknown = compared.unknown
    return {
        "rows": [_row(row, show) for row in sides.rows],
        "was": _end(compared.was, names),
        "would": _end(compared.would, names),
        "beyond": words.beyond(compared.would) if compared.would and compared.open else "",
        "unknown": words.why(unknown.why) if unknown else "",
        "unknown_step": unknown.name if unknown else "",
        "differs": compared.differs,
    }


def _end(end: End | None, names: Names) -> str:
    return words.says(end, names) if end else ""


def _row(row: Row, show: Show) -> Told:
    differs = ""
    if row.differs:
        named = {
            "was": row.was.name if row.was else "",
            "would": row.would.name if row.would else "",
            "was_by": _exit(row.was) if row.was else "",
            "by": _exit(row.would) if row.would else "",
        }
        differs = str(_DIFFERS[row.differs]) % named
    return Told(_cell(row.was, show), _cell(row.would, show), differs)


def _cell(met: Met | None, show: Show) -> Cell | None:
    if met is None:
        return None
    kind = KINDS.get(met.kind)
    lines = [*(_heard(said, show) for said in met.heard), *_did(met.did, show)]
    return Cell(met.name, kind.LABEL if kind else met.kind, tuple(lines), _exit(met) if met.exit else "")


def _exit(met: Met) -> str:
    """Give the label of a way out, or its own name where it is an option's."""
    kind = KINDS.get(met.kind)
    return next((row.label for row in kind.EXITS if row.name == met.exit), met.exit) if kind else met.exit


def _heard(said: str, show: Show) -> tuple[str, str]:
    if said.startswith("audio "):
        return "heard", _("a sound")
    return "heard", show(strip_tags(said.split("\t", 1)[0]))


def _did(events: list[Event], show: Show) -> Iterator[tuple[str, str]]:
    for kind, data in events:
        match kind:
            case "pressed":
                yield "did", _("presses %(keys)s") % {"keys": show(str(data.get("digits", "")))}
            case "spoke":
                yield "did", _("says “%(words)s”") % {"words": show(str(data.get("text", "")))}
            case "silent":
                yield "did", _("does nothing")
            case "dialed":
                yield "did", _("ringing ends: %(how)s") % {"how": str(data.get("status", "")).replace("-", " ")}
