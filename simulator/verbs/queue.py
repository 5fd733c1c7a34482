"""Queue in Dial: talk to who is at the front of a queue, or wait for somebody to come."""

from datetime import timedelta

from simulator.legs import Key, Source
from simulator.process import HungUp, Inbox, Interruption, Steps, Wait
from simulator.queues import Member, Queue, Taker
from simulator.twiml import Verb
from simulator.verbs.attempt import DEFAULT_TIMEOUT, Attempt, Outcome, outcome_fields
from simulator.verbs.running import Jump, Running


def dial_queue(running: Running, dial: Verb, noun: Verb) -> Steps[Jump | None]:
    """Take the front of a queue and talk; who was taken goes on with the own document afterwards."""
    running.answer()
    board, outcome = running.board, Outcome()
    queue = board.queues.named(noun.text)
    if queue is None:
        running.complain(0, f"there is no queue {noun.text}")
        return _over(running, dial, {"DialBridged": "false", "DialCallStatus": "failed", "QueueResult": "error"})
    attempt = Attempt(running, dial, outcome, let_go=board.unbridge)
    member: Member | None = None
    try:
        with running.listening(Key) as inbox:
            greeting = Source(running.url(noun.get("url")), noun.get("method", "POST")) if noun.get("url") else None
            member = yield from _front(running, dial, queue, Taker(running.leg.sid, inbox, greeting))
            if member is not None:
                yield from _talk(member, attempt, outcome, inbox)
    except Interruption as reason:
        attempt.abandon()
        if isinstance(reason, HungUp) and dial.get("action"):
            yield from running.tell(running.source(dial, _fields(running, outcome, member)))
        raise
    finally:
        if member is not None:
            member.inbox.put("over")
    attempt.abandon()
    return _over(running, dial, _fields(running, outcome, member))


def _front(running: Running, dial: Verb, queue: Queue, taker: Taker) -> Steps[Member | None]:
    """Return who is at the front, as soon as there is somebody; None when the Dial's time is over."""
    board = running.board
    end = board.clock.now() + timedelta(seconds=dial.number("timeout", DEFAULT_TIMEOUT))
    member = board.queues.take(queue, taker)
    board.do(running.leg, f"waiting for somebody in queue {queue.friendly_name}")
    queue.takers.append(taker.inbox)
    try:
        while member is None and board.clock.now() < end:
            yield Wait(board.seconds_until(end), taker.inbox)
            member = board.queues.take(queue, taker)
    finally:
        queue.takers.remove(taker.inbox)
    return member


def _talk(member: Member, attempt: Attempt, outcome: Outcome, inbox: Inbox) -> Steps[None]:
    outcome.child = member.leg
    while member.leg.live:
        match (yield Wait(inbox=inbox)):
            case Member() as ready if ready is member:
                member.phase = "bridged"
                yield from attempt.connect(member.leg, inbox)
                break
            case Key() | Member():
                continue
            case _:
                # The greeting failed, or the one taken has gone elsewhere.
                outcome.failed = True
                break
    if member.leg.watcher is inbox:
        member.leg.watcher = None


def _fields(running: Running, outcome: Outcome, member: Member | None) -> dict[str, str]:
    if member is None:
        return {"DialBridged": "false", "DialCallStatus": "no-answer"}
    fields = outcome_fields(running, outcome)
    if outcome.failed and not outcome.bridged:
        fields["DialCallStatus"] = "failed"
    return fields | {
        "QueueResult": "bridged" if outcome.bridged else "error",
        "QueueSid": member.queue.sid,
        "QueueTime": str(member.seconds(running.board.clock.now())),
    }


def _over(running: Running, dial: Verb, fields: dict[str, str]) -> Jump | None:
    return Jump(running.source(dial, fields)) if dial.get("action") else None
