"""Public holidays as the library `holidays` knows them: by country and region, other dates in each year. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import holidays as library
from holidays.registry import COUNTRIES

LONGEST_NAME = 80
ENGLISH = ("en_US", "en_GB", "en")


@dataclass(frozen=True, slots=True)
class PublicDay:
    date: date
    name: str


@dataclass(frozen=True, slots=True)
class Change:
    """A day against the year before: `was` is its date then, None where there was none of its name."""

    day: PublicDay
    was: date | None

    @property
    def is_new(self) -> bool:
        return self.was is None

    @property
    def has_moved(self) -> bool:
        """Whether it falls on another day of the year than it did."""
        return self.was is not None and (self.was.month, self.was.day) != (self.day.date.month, self.day.date.day)


@cache
def countries() -> tuple[tuple[str, str], ...]:
    """Give all countries that are known, by code and English name, in the order of their names."""
    found = [(entry[1], _titled(module)) for module, entry in COUNTRIES.items()]
    return tuple(sorted(found, key=lambda one: one[1]))


def _titled(module: str) -> str:
    small = {"and", "of", "the"}
    return " ".join(word if word in small else word.capitalize() for word in module.split("_"))


@cache
def regions(country: str) -> tuple[tuple[str, str], ...]:
    """Give the regions of a country that have holidays of their own, by code and name."""
    if country not in dict(countries()):
        return ()
    made = library.country_holidays(country)
    names = {code: alias for alias, code in getattr(made, "subdivisions_aliases", {}).items()}
    found = [(code, names.get(code, code)) for code in made.subdivisions]
    return tuple(sorted(found, key=lambda one: one[1]))


@cache
def days(country: str, region: str, year: int) -> tuple[PublicDay, ...]:
    """Give the public holidays of a year, in order; none for a country or region that is not known."""
    if country not in dict(countries()) or region not in {"", *dict(regions(country))}:
        return ()
    spoken = library.country_holidays(country).supported_languages
    language = next((one for one in ENGLISH if one in spoken), None)
    found = library.country_holidays(country, subdiv=region or None, years=year, language=language)
    return tuple(PublicDay(day, name[:LONGEST_NAME]) for day, name in sorted(found.items()) if day.year == year)


def changes(now: Sequence[PublicDay], before: Iterable[PublicDay]) -> tuple[tuple[Change, ...], tuple[PublicDay, ...]]:
    """Compare the days of a year with those of the year before: each day now, and those that there are no more."""
    earlier: dict[str, list[PublicDay]] = {}
    for day in before:
        earlier.setdefault(day.name, []).append(day)
    compared = []
    for day in now:
        of_name = earlier.get(day.name, [])
        compared.append(Change(day, of_name.pop(0).date if of_name else None))
    gone = sorted((day for left in earlier.values() for day in left), key=lambda day: day.date)
    return tuple(compared), tuple(gone)


def place(country: str, region: str) -> str:
    """Name a country and its region for a person: "Germany, Bayern"."""
    names = [dict(countries()).get(country, country), dict(regions(country)).get(region, region)]
    return ", ".join(filter(None, names))
