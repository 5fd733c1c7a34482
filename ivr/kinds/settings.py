"""The typed settings of a step: each knows its label and bounds, for the form that asks and the parser that checks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

#: what a value of a call is kept under
NAME = r"[a-z][a-z0-9_]{0,31}"


class Broken(Exception):
    """A document that cannot be read. The message is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a form shows for a setting, and what a value must be. `kind` is the Python type of the value.

    It counts `only` while another setting, the first, has the second as its value. A text of several lines has `rows`.
    """

    kind: type[int] | type[float] | type[bool] | type[str] | type[tuple[str, ...]]
    default: Any
    label: str
    help_text: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[tuple[str, str], ...] = ()
    pattern: str = ""
    only: tuple[str, str] = ("", "")
    rows: int = 0

    def read(self, value: Any) -> Any:
        """Give `value` as the setting's type. Raises Broken with a sentence."""
        if self.kind is tuple:
            if not isinstance(value, list | tuple) or not all(isinstance(line, str) for line in value):
                raise Broken(f"{self.label}: a list of texts is wanted")
            return tuple(line.strip() for line in value if line.strip())
        if self.kind is float and type(value) is int:
            value = float(value)
        if type(value) is not self.kind:
            raise Broken(f"{self.label}: {_WANTED[self.kind]} is wanted, not {value!r}")
        if isinstance(value, str):
            self._read_text(value)
        elif isinstance(value, int | float):
            self._read_number(value)
        return value

    def _read_number(self, value: float) -> None:
        if self.minimum is not None and self.maximum is not None and not self.minimum <= value <= self.maximum:
            raise Broken(f"{self.label}: from {self.minimum:g} to {self.maximum:g}, not {value}")

    def _read_text(self, value: str) -> None:
        if self.choices and value not in dict(self.choices):
            raise Broken(f"{self.label}: {value!r} is none of {', '.join(choice for choice, _ in self.choices)}")
        if self.pattern and not re.fullmatch(self.pattern, value):
            raise Broken(f"{self.label}: {value!r} is not possible here")


_WANTED: Mapping[type, str] = {int: "a whole number", float: "a number", bool: "yes or no", str: "a text"}


def _field(setting: Setting) -> Any:
    return field(default=setting.default, metadata={"setting": setting})


def whole(default: int, label: str, *, minimum: int, maximum: int, help_text: str = "") -> Any:
    return _field(Setting(int, default, label, help_text, minimum, maximum))


def decimal(default: float, label: str, *, minimum: float, maximum: float, help_text: str = "") -> Any:
    return _field(Setting(float, default, label, help_text, minimum, maximum))


def flag(default: bool, label: str, *, help_text: str = "") -> Any:
    return _field(Setting(bool, default, label, help_text))


def text(
    default: str,
    label: str,
    *,
    pattern: str = "",
    help_text: str = "",
    only: tuple[str, str] = ("", ""),
    rows: int = 0,
) -> Any:
    return _field(Setting(str, default, label, help_text, pattern=pattern, only=only, rows=rows))


def choice(
    default: str,
    label: str,
    choices: Sequence[tuple[str, str]],
    *,
    help_text: str = "",
    only: tuple[str, str] = ("", ""),
) -> Any:
    return _field(Setting(str, default, label, help_text, choices=tuple(choices), only=only))


def lines(label: str, *, help_text: str = "") -> Any:
    return _field(Setting(tuple, (), label, help_text))
