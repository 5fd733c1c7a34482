"""Enqueue: wait in a queue with a document that loops, until taken, told to leave, redirected, or gone."""

from simulator.legs import Source
from simulator.process import HungUp, Interruption, Steps, Wait
from simulator.queues import MAX_NAME, MAX_SIZE, MAX_SIZE_EVER, Full, Member, Taken, Taker
from simulator.twiml import Verb
from simulator.verbs.running import Jump, Left, Running

WAIT_VERBS = frozenset({"Say", "Play", "Pause", "Gather", "Redirect", "Leave", "Hangup"})
GREETING_VERBS = frozenset({"Say", "Play", "Pause", "Redirect"})
SHORTEST_LOOP_SECONDS = 1.0
REDIRECTED = {
    "waiting": "redirected",
    "bridging": "bridging-in-process",
    "bridged": "redirected-from-bridged",
}


def enqueue(running: Running, verb: Verb) -> Steps[Jump | None]:
    """Wait; with an action the document ends here, without one the next verb runs."""
    if verb.get("workflowSid"):
        running.not_executed("Enqueue with a workflow", "the next verb runs")
        return None
    running.answer()
    queues, name = running.board.queues, verb.text
    if not name or len(name) > MAX_NAME:
        running.complain(12200, f"a queue's name has 1 to {MAX_NAME} characters")
        return _over(running, verb, {"QueueResult": "error"})
    wait = _wait_source(running, verb)
    queue = queues.named(name) or queues.create(name, min(verb.number("maxQueueSize", MAX_SIZE), MAX_SIZE_EVER))
    try:
        member = queues.join(running.leg, queue)
    except Full:
        return _over(running, verb, {"QueueResult": "queue-full", "QueueSid": queue.sid, "QueueTime": "0"})
    try:
        result = yield from _wait_or_talk(running, member, wait)
    except Interruption as reason:
        if verb.get("action"):
            hung_up = "bridged" if member.phase == "bridged" else "hangup"
            result = hung_up if isinstance(reason, HungUp) else REDIRECTED[member.phase]
            yield from running.tell(running.source(verb, _fields(running, member, result)))
        raise
    queues.remove(member)
    return _over(running, verb, _fields(running, member, result))


def _wait_or_talk(running: Running, member: Member, wait: Source | None) -> Steps[str]:
    try:
        return (yield from _wait(running, member, wait))
    except Left:
        return "leave"
    except Taken as taken:
        return (yield from _talk(running, member, taken.by))


def _wait_source(running: Running, verb: Verb) -> Source | None:
    """Return the wait document; None for Twilio's own music, without a URL for silence."""
    if "waitUrl" not in verb.attributes:
        return None
    url = verb.get("waitUrl")
    return Source(running.url(url), verb.get("waitUrlMethod", "POST")) if url else Source()


def _wait(running: Running, member: Member, wait: Source | None) -> Steps[str]:
    board, leg = running.board, running.leg
    board.do(leg, f"waiting in queue {member.queue.friendly_name}")
    if wait is None or not wait.url:
        board.hear(leg, "silence" if wait else "note", "" if wait else "Hold music")
        while True:
            yield Wait()
    while True:
        begun = board.clock.now()
        source = Source(wait.url, wait.method, _wait_fields(running, member))
        failure = yield from board.aside(leg, source, WAIT_VERBS)
        if failure:
            return "error"
        if not leg.live:
            # It hung up by itself: the news of that comes as an interruption.
            yield Wait()
        spent = (board.clock.now() - begun).total_seconds()
        if spent < SHORTEST_LOOP_SECONDS:
            yield Wait(SHORTEST_LOOP_SECONDS - spent)


def _talk(running: Running, member: Member, by: Taker) -> Steps[str]:
    """Hear the greeting, be connected, and come back when that is over."""
    if by.greeting is not None:
        fields = {
            "DequeingCallSid": by.call_sid,
            "QueueSid": member.queue.sid,
            "QueueTime": str(member.seconds(running.board.clock.now())),
        }
        source = Source(by.greeting.url, by.greeting.method, fields)
        failure = yield from running.board.aside(running.leg, source, GREETING_VERBS)
        if failure:
            by.inbox.put(None)
            return "error"
    by.inbox.put(member)
    yield Wait(inbox=member.inbox)
    return "bridged" if member.phase == "bridged" else "error"


def _wait_fields(running: Running, member: Member) -> dict[str, str]:
    queue, now = member.queue, running.board.clock.now()
    return {
        "AvgQueueTime": str(queue.average_seconds(now)),
        "CurrentQueueSize": str(len(queue.members)),
        "MaxQueueSize": str(queue.max_size),
        "QueuePosition": str(queue.position(member)),
        "QueueSid": queue.sid,
        "QueueTime": str(member.seconds(now)),
    }


def _fields(running: Running, member: Member, result: str) -> dict[str, str]:
    seconds = member.seconds(running.board.clock.now())
    return {"QueueResult": result, "QueueSid": member.queue.sid, "QueueTime": str(seconds)}


def _over(running: Running, verb: Verb, fields: dict[str, str]) -> Jump | None:
    return Jump(running.source(verb, fields)) if verb.get("action") else None
