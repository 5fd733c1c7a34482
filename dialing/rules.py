"""Whether a number may be dialed: from limits and facts to the first rule that forbids it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal

from dialing.calling_hours import Hours, may_call
from dialing.destinations import Destination, Kind
from dialing.states import TO_CUSTOMERS, Purpose, Rule

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is allowed; None sets no bound. Money is in the currency of the account at Twilio.

    `attempts` are to one number within `attempt_days`.
    """

    countries: frozenset[str]
    opens: time
    closes: time
    number_per_hour: int | None = None
    number_per_day: int | None = None
    attempts: int | None = None
    attempt_days: int = 7
    per_hour: int | None = None
    per_day: int | None = None
    spend_per_day: Decimal | None = None
    spend_per_month: Decimal | None = None

    @property
    def hours(self) -> Hours:
        return self.opens, self.closes


@dataclass(frozen=True, slots=True)
class Counts:
    """How many calls were let through before."""

    hour: int = 0
    day: int = 0
    period: int = 0


@dataclass(frozen=True, slots=True)
class Spent:
    """What calls have cost, or are thought to; where Twilio has told no price yet, by its rates."""

    day: Decimal = NOTHING
    month: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class Facts:
    """What is so at the moment of dialing. `zones` are those in which the called person may be."""

    destination: Destination
    purpose: Purpose
    zones: Sequence[str] = ()
    is_ours: bool = False
    opted_out: bool = False
    number: Counts = Counts()
    everybody: Counts = Counts()
    spent: Spent = Spent()
    estimate: Decimal = NOTHING


def forbidden_by(facts: Facts, bounds: Bounds, at: datetime) -> Rule | None:
    """Give the first rule that forbids the call; None: it may be dialed."""
    return next(_forbidding(facts, bounds, at), None)


def lasting(facts: Facts, bounds: Bounds) -> Rule | None:
    """Give the rule that forbids a call at any time."""
    return next(_of_number(facts, bounds), None)


def _forbidding(facts: Facts, bounds: Bounds, at: datetime) -> Iterator[Rule]:
    yield from _of_number(facts, bounds)
    if facts.purpose in TO_CUSTOMERS:
        if not may_call(facts.zones, at, bounds.hours):
            yield Rule.HOURS
        yield from _of_attempts(facts, bounds)
    yield from _of_totals(facts, bounds)


def _of_number(facts: Facts, bounds: Bounds) -> Iterator[Rule]:
    match facts.destination.kind:
        case Kind.NONE:
            yield Rule.NO_NUMBER
        case Kind.EMERGENCY:
            yield Rule.EMERGENCY
        case Kind.PREMIUM:
            yield Rule.PREMIUM
    if facts.is_ours:
        yield Rule.OWN
    if facts.destination.country not in bounds.countries:
        yield Rule.COUNTRY
    if facts.opted_out:
        yield Rule.DO_NOT_CALL


def _of_attempts(facts: Facts, bounds: Bounds) -> Iterator[Rule]:
    if _full(facts.number.hour, bounds.number_per_hour):
        yield Rule.NUMBER_PER_HOUR
    if _full(facts.number.day, bounds.number_per_day):
        yield Rule.NUMBER_PER_DAY
    if _full(facts.number.period, bounds.attempts):
        yield Rule.ATTEMPTS


def _of_totals(facts: Facts, bounds: Bounds) -> Iterator[Rule]:
    if _full(facts.everybody.hour, bounds.per_hour):
        yield Rule.PER_HOUR
    if _full(facts.everybody.day, bounds.per_day):
        yield Rule.PER_DAY
    if _exceeds(facts.spent.day + facts.estimate, bounds.spend_per_day):
        yield Rule.SPEND_PER_DAY
    if _exceeds(facts.spent.month + facts.estimate, bounds.spend_per_month):
        yield Rule.SPEND_PER_MONTH


def _full(count: int, bound: int | None) -> bool:
    return bound is not None and count >= bound


def _exceeds(amount: Decimal, bound: Decimal | None) -> bool:
    return bound is not None and amount > bound
