"""Options that are taken by a value which is known of the caller, and not by what they press or say."""

import re
from collections.abc import Iterable, Iterator

from ivr.kinds.asking import normal
from ivr.kinds.base import ExitName, Option, Problem, Step
from ivr.kinds.settings import NAME

MOST_NAMES = 20


def way(options: Iterable[Option], value: str, *, otherwise: str) -> str:
    """Give the exit of the option that has the value; capitals and accents do not count."""
    wanted = normal(value)
    return next((row.exit for row in options if wanted and wanted in map(normal, row.words)), otherwise)


def exit_names(step: Step) -> Iterator[ExitName]:
    """All ways out of a step whose options nobody chooses."""
    yield from step.EXITS
    for option in step.options:
        yield ExitName(option.exit, option.exit)


def value_problems(step: Step, decide: str, *, source: str) -> Iterator[Problem]:
    """Find what is wrong with options by value; `decide` names the value, `source` what it comes from."""
    where = f"step “{step.name}”"
    if step.options and not decide:
        text = f"The options of {where} are never taken: it does not say what of the {source} chooses the way."
        yield step.error("nothing_decides", text)
    if decide and not step.options:
        yield step.warning("nothing_to_decide", f"There are no options for the value “{decide}” of {where}.")
    seen: dict[str, str] = {}
    for option in step.options:
        if option.keys:
            text = f"Option “{option.exit}” of {where} has a key; values are compared here, callers press nothing."
            yield step.error("keys_for_values", text)
        if not option.words:
            yield step.error("option_without_value", f"Option “{option.exit}” of {where} has no value.")
        for value in map(normal, option.words):
            if value in seen:
                both = f"“{seen[value]}” and “{option.exit}”"
                yield step.error("duplicate_values", f"Options {both} of {where} have the same value “{value}”.")
            seen[value] = option.exit


def name_problems(step: Step, *lists: Iterable[str]) -> Iterator[Problem]:
    """Find names that nothing can be kept under, and lists of too many."""
    where = f"step “{step.name}”"
    for name in dict.fromkeys(name for names in lists for name in names):
        if re.fullmatch(NAME, name) is None:
            text = f"“{name}” in {where} is not a name: small letters, digits and _, at most 32, a letter first."
            yield step.error("bad_name", text)
    if any(len(list(names)) > MOST_NAMES for names in lists):
        yield step.error("too_many_names", f"{where[0].upper()}{where[1:]} names more than {MOST_NAMES} values.")
