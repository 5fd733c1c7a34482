"""What a scenario supposes, and what its caller does, as a person would tell it. Pure."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from zoneinfo import ZoneInfo

from ivr.scenarios import words
from ivr.trial.conditions import (
    Conditions,
    HangUp,
    Input,
    Press,
    QueueAs,
    RoomAs,
    Say,
    Speak,
    StaySilent,
    Wait,
)
from ivr.trial.world import World
from telephony import numbers

RUNG = {
    "answered": "is answered",
    "busy": "is busy",
    "no-answer": "is answered by nobody",
    "failed": "fails",
    "declined": "is picked up by somebody who does not press 1",
}
AWAY = {
    "taken": "others take the call",
    "refused": "the caller's telephone system refuses",
    "failed": "nobody can be reached",
}
CONSENT = {
    "ask": "callers are asked whether they may be recorded",
    "tell": "callers are told that they are recorded",
    "none": "nobody is asked about recording",
}
CALL_BACKS = {
    "present": "the caller waits to be called back already",
    "refused": "the caller may not be called back",
    "failed": "the wish to be called back cannot be stored",
}


def does(inputs: Sequence[Input]) -> str:
    """Tell what the caller does: "presses 1, then stays silent 3 times"."""
    told = []
    for one, same in groupby(inputs):
        times = len(list(same))
        told.append(_done(one) + (f" ({times} times)" if times > 1 else ""))
    return ", then ".join(told) or "does nothing"


def _done(one: Input) -> str:
    match one:
        case Press(keys):
            return f"presses {keys}"
        case Say(said, confidence):
            return f"says “{said}”" + ("" if confidence is None else f" (understood to {confidence:.0%})")
        case StaySilent():
            return "stays silent"
        case Wait(seconds):
            return f"waits {seconds} seconds"
        case Speak(seconds, hangs_up):
            return f"leaves a message of {seconds} seconds" + (" and hangs up" if hangs_up else "")
        case HangUp():
            return "hangs up"


def supposes(conditions: Conditions, world: World) -> Iterator[str]:
    """Tell when the call comes, from whom, and what is supposed of queues, people, hours and so on."""
    local = conditions.at.astimezone(ZoneInfo(conditions.zone))
    yield f"{local:%A}, {local.day} {local:%B %Y} at {local:%H:%M} ({conditions.zone})"
    known = conditions.known
    if known is not None:
        flags = [word for word, is_so in (("VIP", known.is_vip), ("blocked", known.is_blocked)) if is_so]
        yield f"caller known{' as ' + known.name if known.name else ''}{', ' + ', '.join(flags) if flags else ''}"
    elif not conditions.caller:
        yield "caller's number withheld"
    for key, queue in conditions.queues.items():
        yield from (f"queue “{_name(world, 'queue', key)}”: {told}" for told in _queue(queue))
    for key, state in conditions.openings.items():
        yield f"opening hours “{_name(world, 'schedule', key)}”: {state}"
    for key, rung in conditions.rung.items():
        told = ", then ".join(RUNG.get(word, word) for word in rung.split())
        yield f"whoever “{_name(world, 'step', key)}” rings: {told}"
    for key, answer in conditions.looked_up.items():
        told = ", ".join(f"{name} {value}" for name, value in answer.items()) if answer else ""
        yield (
            f"“{_name(world, 'source', key)}” answers {told}"
            if told
            else f"no answer of “{_name(world, 'source', key)}”"
        )
    for key, exit_ in conditions.drawn.items():
        step = words.find_step(world, key)
        yield f"chance in “{_name(world, 'step', key)}”: {words.exit_label(step, exit_) if step else exit_}"
    for key, word in conditions.away.items():
        yield f"where “{_name(world, 'step', key)}” sends the call: {AWAY.get(word, word)}"
    for key, room in conditions.rooms.items():
        yield from (f"room “{_name(world, 'room', key)}”: {told}" for told in _room(room))
    if conditions.consent in CONSENT:
        yield CONSENT[conditions.consent]
    if conditions.call_backs in CALL_BACKS:
        yield CALL_BACKS[conditions.call_backs]
    if conditions.texts == "refused":
        yield "the caller may not be texted"


def caller(conditions: Conditions) -> str:
    return numbers.mask(conditions.caller) if conditions.caller else "withheld"


def _queue(queue: QueueAs) -> Iterator[str]:
    if not queue.staffed:
        yield "nobody is staffed"
    elif queue.full:
        yield "full"
    elif queue.answered_after is None:
        yield "nobody takes the call"
    else:
        yield f"somebody takes the call after {queue.answered_after} seconds"


def _room(room: RoomAs) -> Iterator[str]:
    if room.full:
        yield "full"
    if room.closed:
        yield "closed by its host"


def _name(world: World, kind: str, key: str) -> str:
    return words.name_of(world, kind, key) or "which is gone"
