"""Choose the way by what is known: a value that was kept, the date and time, our number, or the caller's country."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo, available_timezones

from ivr import lines
from ivr.kinds import values
from ivr.kinds.base import ExitName, Leave, Move, Option, Problem, Step, Turn
from ivr.kinds.comparing import Comparison, OneOf, Test, When, comparison, first_fit, never_taken, when
from ivr.kinds.settings import NAME, Broken, choice, text
from telephony import countries, numbers

VARIABLE, TIME, CALLED, COUNTRY = "variable", "time", "called", "country"
BY = (
    (VARIABLE, "A value that was kept of the call"),
    (TIME, "The date and time"),
    (CALLED, "The number that was called"),
    (COUNTRY, "The country that is called from"),
)
#: in place of a country: the caller shows no number, or one of no country
NOWHERE = "withheld"
ZONES = tuple((zone, zone.replace("_", " ")) for zone in sorted(available_timezones()))


@dataclass(frozen=True, slots=True)
class Branch(Step):
    by: str = choice(VARIABLE, "Choose the way by", BY)
    variable: str = text(
        "",
        "Which value",
        pattern=f"(?:{NAME})?",
        help_text="The name under which an earlier step has kept it, such as order_number.",
        only=("by", VARIABLE),
    )
    zone: str = choice("UTC", "Time zone", ZONES, help_text="Whose clocks count.", only=("by", TIME))

    KIND = "branch"
    LABEL = "Branch"
    EXITS = (ExitName("otherwise", "Otherwise"),)
    HAS_OPTIONS = True
    SPEAKS = False

    def enter(self, turn: Turn) -> Move:
        tests = [self.test(option) for option in self.options]
        match self.by:
            case "time":
                local = turn.now.astimezone(ZoneInfo(self.zone)) if turn.now else None
                chosen = first_fit(
                    tests, lambda test: isinstance(test, When) and local is not None and test.fits(local)
                )
            case _:
                value = self._value(turn)
                chosen = first_fit(tests, lambda test: not isinstance(test, When) and test.fits(value))
        return Leave("otherwise" if chosen is None else self.options[chosen].exit)

    def reads(self) -> Iterator[str]:
        if self.by == VARIABLE and self.variable:
            yield self.variable

    def exit_names(self) -> Iterator[ExitName]:
        yield from values.exit_names(self)

    def in_words(self, option: Option) -> str:
        try:
            test = self.read(option.words)
        except Broken:
            return ", ".join(option.words)
        match test:
            case Comparison():
                return test.in_words(self.variable or "the value")
            case When():
                return test.in_words()
            case OneOf(found) if self.by == COUNTRY:
                return ", ".join(countries.COUNTRIES.get(one, "number withheld") for one in found)
            case OneOf(found):
                return ", ".join(map(numbers.show, found))

    def problems(self) -> Iterator[Problem]:
        where = f"step “{self.name}”"
        if self.by == VARIABLE and not self.variable:
            text = f"The options of {where} are never taken: it does not say which value chooses the way."
            yield self.error("nothing_decides", text)
        if not self.options:
            yield self.warning("nothing_to_decide", f"There are no options in {where}: every call goes “Otherwise”.")
        for option in self.options:
            if option.keys:
                text = f"Option “{option.exit}” of {where} has a key; values are compared here, callers press nothing."
                yield self.error("keys_for_values", text)
            try:
                self.read(option.words)
            except Broken as broken:
                yield self.error("bad_comparison", f"Option “{option.exit}” of {where}: {broken}.")
        for hidden, before in never_taken([self.test(option) for option in self.options]):
            names = f"“{self.options[hidden].exit}” of {where}", f"“{self.options[before].exit}”"
            yield self.warning(
                "never_taken",
                f"Option {names[0]} is never taken: what fits it is taken by others first, as by {names[1]}.",
            )

    def test(self, option: Option) -> Test | None:
        """Give what an option asks; None where it cannot be read."""
        try:
            return self.read(option.words)
        except Broken:
            return None

    def read(self, words: Sequence[str]) -> Test:
        """Read what an option asks. Raises Broken with what is wrong, to follow the option's name."""
        match self.by:
            case "variable":
                return comparison(words)
            case "time":
                return when(words)
            case "country":
                return OneOf(tuple(map(_country, _some(words, "country"))))
            case _:
                return OneOf(tuple(map(_called, _some(words, "number"))))

    def _value(self, turn: Turn) -> str:
        match self.by:
            case "variable":
                return turn.variables.get(self.variable, "")
            case "country":
                return numbers.country(turn.caller) or NOWHERE
            case _:
                return _called(turn.called)


def _some(words: Sequence[str], what: str) -> Sequence[str]:
    if not words:
        raise Broken(f"it names no {what}")
    return words


def _country(word: str) -> str:
    if word.strip().casefold() == NOWHERE:
        return NOWHERE
    found = countries.code(word)
    if not found:
        raise Broken(f"“{word}” is no country, by its English name or two letters, and not “{NOWHERE}”")
    return found


def _called(address: str) -> str:
    """Give an address of ours as it is compared: a number however it is written, SIP without parameters."""
    return numbers.parse(address, country="") or lines.address(address)
