"""By which rule a text is not sent, and what is sent in place of a call that did not come about, and when. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from dialing import calling_hours
from messaging.states import Missed, Rule
from messaging.words import fits

# Kinds of line that get no texts, as Twilio names them; the last is ours, for what Twilio has refused as no mobile.
NO_MOBILE = "no-mobile"
WITHOUT_TEXTS = frozenset({"landline", NO_MOBILE})


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of who is to get a text. `line`: the kind of line, "" where nobody knows."""

    is_number: bool
    is_ours: bool
    has_sender: bool
    opted_out: bool
    line: str


def refused_by(facts: Facts) -> Rule | None:
    """Name the rule by which no text is sent to this number, whatever it says; None where there is none."""
    if not facts.is_number:
        return Rule.NO_NUMBER
    if facts.is_ours:
        return Rule.OUR_OWN
    if facts.opted_out:
        return Rule.OPTED_OUT
    if facts.line in WITHOUT_TEXTS:
        return Rule.LANDLINE
    return None if facts.has_sender else Rule.NO_SENDER


@dataclass(frozen=True, slots=True)
class Fallback:
    """A rule of the house for texts in place of calls. `every` and `waits` as timedelta, hours in the number's zone."""

    id: int
    queue: int | None
    language: str
    after: frozenset[Missed]
    every: timedelta
    opens: time
    closes: time
    waits: timedelta


def governing(rules: Iterable[Fallback], *, queue: int | None, language: str) -> Fallback | None:
    """Give the most specific rule for a call: of its queue before any queue, then in its language before any.

    What that one does not want to follow is followed by nothing.
    """
    fitting = [
        (rule.queue is not None, how_well, -rule.id, rule)
        for rule in rules
        if rule.queue in (None, queue) and (how_well := fits(language, rule.language))
    ]
    return max(fitting, key=lambda one: one[:3])[3] if fitting else None


def comes_again(rule: Fallback, sent: Collection[datetime], *, at: datetime) -> bool:
    """Tell whether the person has had such a text within the rule's period, or is to get one."""
    return any(at - one < rule.every for one in sent)


def goes_at(rule: Fallback, places: Sequence[str], *, at: datetime) -> datetime | None:
    """Give when the text may go to a number in these time zones; None where that is too far away."""
    chance = calling_hours.next_chance(places, at, (rule.opens, rule.closes))
    return chance if chance is not None and chance - at <= rule.waits else None
