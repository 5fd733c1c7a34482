"""What else can be supposed, or pressed, so that a step is left another way; a search tries it all. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import chain
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import PhoneNumberFormat

from ivr.document import Document
from ivr.kinds.base import Step
from ivr.kinds.branch import NOWHERE, Branch
from ivr.kinds.call_back import CallBack
from ivr.kinds.caller import Caller
from ivr.kinds.collect import Collect
from ivr.kinds.comparing import Comparison, OneOf, When, first_fit, number
from ivr.kinds.conference_room import ConferenceRoom
from ivr.kinds.hours import Hours
from ivr.kinds.known import KnownCaller
from ivr.kinds.look_up import LookUp
from ivr.kinds.queue import Queue
from ivr.kinds.ring import Ring
from ivr.kinds.send_away import SendAway
from ivr.kinds.share import Share
from ivr.kinds.text import Text
from ivr.scenarios.standin import NOBODY
from ivr.trial.conditions import AWAY, CALL_BACKS, CONSENTS, RUNG, STATES, Conditions, QueueAs, RoomAs

#: what nobody has in mind who compares a value
OTHER = "other"
#: a caller whose own telephone system can be asked to call another
BY_SIP = "sip:somebody@example.com"
HALF_HOURS, DAYS = 8 * 48, 400


def supposed(conditions: Conditions) -> tuple[object, ...]:
    """Give all that is supposed, to be compared."""
    return tuple(sorted((key, repr(value)) for key, value in conditions.to_json().items()))


def supposed_of(step: Step, conditions: Conditions) -> tuple[object, ...]:
    """Give what is supposed of the one step in which a call stands."""
    key = step.reference
    return (conditions.queues.get(key), conditions.rooms.get(key), conditions.rung.get(step.id), conditions.call_backs)


def otherwise(step: Step, now: Conditions, document: Document) -> Iterator[Conditions]:
    """Give the conditions under which the step might be left another way."""
    match step:
        case Hours(reference=key):
            yield from (replace(now, openings={**now.openings, key: state}) for state in STATES)
        case Queue(reference=key):
            for queue in (QueueAs(staffed=False), QueueAs(full=True), QueueAs(answered_after=None)):
                yield replace(now, queues={**now.queues, key: queue})
        case Ring():
            yield from (replace(now, rung={**now.rung, step.id: word}) for word in RUNG)
        case Share():
            yield from (replace(now, drawn={**now.drawn, step.id: option.exit}) for option in step.options)
        case LookUp(reference=key):
            usual = dict.fromkeys(step.brings(), "1")
            for name, value in _answers(step, document):
                yield replace(now, looked_up={**now.looked_up, key: {**usual, name: value} if name else usual})
        case Caller():
            somebody = KnownCaller(contact=NOBODY, name="Somebody")
            known = (somebody, replace(somebody, is_vip=True), replace(somebody, is_blocked=True))
            yield from (replace(now, known=one) for one in known)
            for name, value in _answers(step, document):
                yield replace(now, known=replace(somebody, attributes={name: value}))
        case SendAway():
            for caller in dict.fromkeys((now.caller, BY_SIP)):
                yield from (replace(now, caller=caller, away={**now.away, step.id: word}) for word in AWAY)
        case Branch():
            yield from _branching(step, now)
        case CallBack():
            yield from (replace(now, call_backs=word) for word in CALL_BACKS)
            yield replace(now, caller="")
        case Text():
            yield from (replace(now, texts="refused"), replace(now, caller=""))
        case ConferenceRoom(reference=key):
            yield from (
                replace(now, rooms={**now.rooms, key: room}) for room in (RoomAs(full=True), RoomAs(closed=True))
            )
    if step.consents:
        yield from (replace(now, consent=word) for word in CONSENTS)


def digits(step: Collect, document: Document) -> Iterator[str]:
    """Give what may be keyed in: as few digits as are enough, and those that another step looks at."""
    yield "1" * step.min_length
    for value in dict.fromkeys(_looked_at(step.variable, document)):
        if value.isascii() and value.isdecimal() and len(value) <= step.max_length:
            yield value.zfill(step.min_length)


def wrong_key(keys: Iterable[str]) -> str:
    """Give a key with which no option begins, "" where there is none."""
    begun = {key[0] for key in keys if key}
    return next((key for key in "0987654321*" if key not in begun), "")


def _answers(step: LookUp | Caller, document: Document) -> Iterator[tuple[str, str]]:
    """Give names with values that the step itself or a later one looks at; nothing in particular first."""
    yield "", ""
    for name in dict.fromkeys(filter(None, (*step.brings(), step.decide))):
        yield from ((name, value) for value in dict.fromkeys(_looked_at(name, document)))


def _looked_at(name: str, document: Document) -> Iterator[str]:
    """Give values by which steps choose a way that look at what is kept under this name."""
    for step in document.steps.values():
        match step:
            case Caller(decide=decide) | LookUp(decide=decide) if decide == name:
                yield from chain.from_iterable(option.words for option in step.options)
            case Branch(by="variable", variable=variable) if variable == name:
                for option in step.options:
                    test = step.test(option)
                    yield from _samples(test) if isinstance(test, Comparison) else ()


def _samples(test: Comparison) -> Iterator[str]:
    """Give values that fit, and some that do not."""
    yield from test.values if test.how != "is not" else (OTHER,)
    for bound in filter(None, map(number, test.values)):
        yield from (format(bound + beside, "f") for beside in (Decimal(-1), Decimal(1)))
    yield from ("", OTHER)


def _branching(step: Branch, now: Conditions) -> Iterator[Conditions]:
    tests = [step.test(option) for option in step.options]
    match step.by:
        case "time":
            yield from (replace(now, at=at) for at in _moments(step, now.at))
        case "called":
            for test in tests:
                yield from (replace(now, number=value) for value in (test.values if isinstance(test, OneOf) else ()))
        case "country":
            for test in tests:
                for country in test.values if isinstance(test, OneOf) else ():
                    yield replace(now, caller="" if country == NOWHERE else _from(country))
            yield replace(now, caller="")


def _moments(step: Branch, at: datetime) -> Iterator[datetime]:
    """Give for each way of a branch by time the next moment at which it is taken."""
    tests = [step.test(option) for option in step.options]
    soon = (at + timedelta(minutes=30 * number) for number in range(HALF_HOURS))
    later = (at + timedelta(days=number) for number in range(DAYS))
    taken = set[int | None]()
    zone = ZoneInfo(step.zone)
    for moment in chain(soon, later):
        local = moment.astimezone(zone)
        chosen = first_fit(tests, lambda test, local=local: isinstance(test, When) and test.fits(local))  # type: ignore[misc]
        if chosen not in taken:
            taken.add(chosen)
            yield moment


def _from(country: str) -> str:
    example = phonenumbers.example_number(country)
    return phonenumbers.format_number(example, PhoneNumberFormat.E164) if example else ""
