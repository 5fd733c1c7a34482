"""Dial: ring others, connect the first who answers, and tell the action how it went."""

from simulator.process import HungUp, Interruption, Steps
from simulator.twiml import Verb
from simulator.verbs.attempt import Attempt, Outcome, outcome_fields
from simulator.verbs.conference import dial_conference
from simulator.verbs.nouns import NotDialable, Target, targets
from simulator.verbs.queue import dial_queue
from simulator.verbs.running import Jump, Running


def dial(running: Running, verb: Verb) -> Steps[Jump | None]:
    """Ring the nouns; with an action the document ends here, without one the next verb runs."""
    if running.leg.whispering:
        running.complain(13201, "a document for the called party cannot dial")
        running.board.end(running.leg)
        return Jump(None)
    match verb.children:
        case (Verb(name="Conference") as noun,):
            return (yield from dial_conference(running, verb, noun))
        case (Verb(name="Queue") as noun,):
            return (yield from dial_queue(running, verb, noun))
    outcome = Outcome()
    try:
        rung = targets(running, verb)
        caller_id = _caller_id(running, verb, rung)
    except NotDialable:
        running.answer()
        return _over(running, verb, Outcome(failed=True))
    if verb.flag("answerOnBridge", False) and running.is_first:
        running.leg.rings_through = True
    else:
        running.answer()
    attempt = Attempt(running, verb, outcome, caller_id=caller_id)
    try:
        yield from attempt.run(rung)
    except Interruption as reason:
        attempt.abandon()
        if isinstance(reason, HungUp) and verb.get("action"):
            yield from running.tell(running.source(verb, outcome_fields(running, outcome)))
        raise
    return _over(running, verb, outcome)


def _over(running: Running, verb: Verb, outcome: Outcome) -> Jump | None:
    if not verb.get("action"):
        return None
    return Jump(running.source(verb, outcome_fields(running, outcome)))


def _caller_id(running: Running, verb: Verb, rung: list[Target]) -> str:
    """Return what the called see; raise `NotDialable` for a caller ID that is not the account's to show."""
    leg, numbers = running.leg, any(target.noun == "Number" for target in rung)
    wanted = verb.get("callerId")
    if not wanted:
        if numbers and leg.from_.startswith(("client:", "sip:")):
            running.complain(13247, "a client or SIP caller needs a callerId to reach numbers")
            raise NotDialable
        return leg.from_
    theirs = wanted in (leg.from_, leg.to) or (wanted.startswith("client:") and not numbers)
    if not theirs and not running.board.may_call_from(wanted):
        running.warn(13214, "callerId is neither the caller's, nor the called, nor a number of this account")
        raise NotDialable
    return wanted
