"""Keep values under names for the steps after it: fixed texts, or made of what is known already."""

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.kinds.base import ExitName, Leave, Move, Problem, Step, Turn
from ivr.kinds.settings import lines
from ivr.kinds.values import name_problems
from ivr.script import names_in, spoken

#: letters of a value; what is longer is cut, so that no loop can make it grow for ever
MOST_LETTERS = 500


@dataclass(frozen=True, slots=True)
class SetValues(Step):
    values: tuple[str, ...] = lines(
        "Keep",
        help_text="One per line: name = text. A text may hold what was kept before in braces: greeting = Hello "
        "{caller_name}. Each line knows the lines above it. Prompts say it as {greeting}.",
    )

    KIND = "set"
    LABEL = "Set a value"
    EXITS = (ExitName("next", "Next"),)
    SPEAKS = False

    def enter(self, turn: Turn) -> Move:
        known, kept = dict(turn.variables), dict[str, str]()
        for name, text in self._pairs():
            kept[name] = known[name] = " ".join(spoken(text, known).split())[:MOST_LETTERS]
        return Leave("next", variables=tuple(kept.items()))

    def brings(self) -> Iterator[str]:
        yield from dict.fromkeys(name for name, _text in self._pairs())

    def reads(self) -> Iterator[str]:
        above = set[str]()
        for name, text in self._pairs():
            yield from (one for one in names_in(text) if one not in above)
            above.add(name)

    def problems(self) -> Iterator[Problem]:
        where = f"step “{self.name}”"
        if not self.values:
            yield self.warning("nothing_to_set", f"There is nothing to keep in {where}.")
        for line in self.values:
            if "=" not in line:
                yield self.error("bad_value", f"“{line}” in {where} is not such as: name = text.")
        names = [name for name, _text in self._pairs()]
        for name in dict.fromkeys(name for name in names if names.count(name) > 1):
            yield self.warning("set_twice", f"“{name}” is set twice in {where}; only the last counts after it.")
        yield from name_problems(self, names)

    def _pairs(self) -> Iterator[tuple[str, str]]:
        for line in self.values:
            name, equals, text = line.partition("=")
            if equals:
                yield name.strip(), text.strip()
