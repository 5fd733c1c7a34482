"""Numbers that a flow rings, shows or calls back: whether they may be rung, and from which number. Pure."""

from collections.abc import Iterator

from dialing.destinations import Kind, destination
from ivr.kinds.base import Problem, Step
from ivr.kinds.call_back import CallBack, countries_of
from ivr.kinds.raw_twiml import RawTwiml
from ivr.kinds.ring import E164, Ring
from ivr.problems.knowledge import Knowledge
from telephony import markup
from telephony.markup import Unreadable


def found(step: Step, knowledge: Knowledge) -> Iterator[Problem]:
    """Look at the numbers of a step that calls somebody."""
    match step:
        case Ring():
            for target in step.targets:
                if E164.fullmatch(target):
                    yield from _target(step, target, knowledge)
            yield from _shown(step, knowledge)
        case RawTwiml():
            for target in rung(step.twiml):
                yield from _target(step, target, knowledge)
        case CallBack():
            yield from _offered(step, knowledge)
            yield from _from(step, knowledge)


def rung(twiml: str) -> list[str]:
    """Give the numbers that TwiML rings: in Number, or in Dial itself. What cannot be read is told of elsewhere."""
    try:
        root = markup.read(twiml)
    except Unreadable:
        return []
    written = [node.text.strip() for node in root.all() if node.tag in ("Dial", "Number")]
    return [number for number in dict.fromkeys(written) if E164.fullmatch(number)]


def of_lines(knowledge: Knowledge) -> Iterator[Problem]:
    """Look at the numbers that are rung when a flow cannot be walked."""
    for line in knowledge.lines:
        country = _country(line.forward_to, knowledge)
        if line.direct and country and _is_closed(country, knowledge):
            text = f"In an emergency line “{line.name}” rings {line.forward_to}. Calls to {country} are not allowed."
            yield Problem("country_not_allowed", "warning", "", text)


def _target(step: Step, number: str, knowledge: Knowledge) -> Iterator[Problem]:
    where = f"Step “{step.name}” rings {number}"
    to = destination(number, home=knowledge.home)
    if to.kind == Kind.EMERGENCY:
        yield step.error("emergency_number", f"{where}, an emergency number.")
    elif to.kind == Kind.PREMIUM:
        yield step.error("premium_number", f"{where}: a call to that number is charged at a higher rate.")
    elif to.kind == Kind.NONE:
        yield step.error("impossible_number", f"{where}, which is no telephone number.")
    elif to.country and _is_closed(to.country, knowledge):
        yield step.error("country_not_allowed", f"{where}. Calls to {to.country} are not allowed.")


def _shown(step: Ring, knowledge: Knowledge) -> Iterator[Problem]:
    country = _country(step.caller_id, knowledge)
    if country and _is_closed(country, knowledge):
        text = (
            f"Step “{step.name}” shows {step.caller_id}, a number of {country}, where calls are not allowed:"
            " telephone companies may refuse or mark calls from abroad."
        )
        yield step.warning("country_not_allowed", text)


def _offered(step: CallBack, knowledge: Knowledge) -> Iterator[Problem]:
    for country in countries_of(step.countries):
        if _is_closed(country, knowledge):
            text = f"Step “{step.name}” offers to call back to {country}. Calls there are not allowed, so none is made."
            yield step.warning("country_not_allowed", text)


def _from(step: CallBack, knowledge: Knowledge) -> Iterator[Problem]:
    """People are called back from the queue's number, else the one that they have called, else the standard one."""
    queue = knowledge.queues.get(step.reference)
    if queue is None or queue.calls_from:
        return
    without = [line for line in knowledge.lines if not line.address.startswith(("+", "*"))]
    if without and len(without) == len(knowledge.lines):
        text = (
            f"Step “{step.name}” offers to call back, but there is no number to call from: no line that leads here is"
            f" one, and queue “{queue.name}” has none."
        )
        yield step.error("no_number_to_call_from", text)
    elif without or not knowledge.lines:
        who = " or ".join(f"“{line.name}”" for line in without)
        came = f"who came by line {who}" if who else "who did not call a number of ours"
        text = f"Step “{step.name}” cannot call back {came}: queue “{queue.name}” has no number to call from."
        yield step.warning("no_number_to_call_from", text)


def _country(number: str, knowledge: Knowledge) -> str:
    return destination(number, home=knowledge.home).country if number else ""


def _is_closed(country: str, knowledge: Knowledge) -> bool:
    return knowledge.countries is not None and country not in knowledge.countries
