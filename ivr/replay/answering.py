"""What a call that stands in a step of the draft hears next, as it was recorded: a rule for each kind of step. Pure."""

from dataclasses import replace

from ivr import engine
from ivr.engine import Facts, Outcome
from ivr.history import DOTS
from ivr.kinds.base import Asked, Dialed, Keys, Leave, Place, Progress, Queued, QueueStatus, Silence, Speech, Step
from ivr.kinds.call_back import ASKED as ASKED_BACK
from ivr.kinds.call_back import CallBack
from ivr.kinds.collect import Collect
from ivr.kinds.conference_room import ConferenceRoom
from ivr.kinds.language import Language
from ivr.kinds.look_up import LookUp
from ivr.kinds.menu import Menu
from ivr.kinds.queue import Queue
from ivr.kinds.raw_twiml import RawTwiml
from ivr.kinds.ring import Ring
from ivr.kinds.text import Text
from ivr.kinds.voicemail import Voicemail
from ivr.replay.ends import AWAY
from ivr.replay.recording import Input, Stay
from ivr.replay.unknown import CannotKnow, Why
from ivr.replay.walking import URLS, Replay

#: how the rules for callers whom nobody is there for grow stricter
STRICT = ("never", "arriving", "always")


def go_on(replay: Replay, outcome: Outcome) -> Outcome:
    """Let the call hear what it heard then. Raises CannotKnow, and Over where it has come where it stays."""
    if outcome.position.pending:
        return replay.step(outcome, Silence())
    step, stay = outcome.document.steps[outcome.position.step], replay.stay
    match step:
        case Menu() | Language() | Collect():
            return _asked(replay, outcome, step, stay)
        case Queue():
            return _waited(replay, outcome, step, stay)
        case Ring():
            return _rang(replay, outcome, step, stay)
        case Voicemail():
            return _spoke(replay, outcome, step, stay)
        case LookUp():
            return _looked_up(replay, outcome, step, stay)
        case Text():
            return _texted(replay, outcome, step, stay)
        case CallBack():
            return _called_back(replay, outcome, step, stay)
        case ConferenceRoom():
            return _met(replay, outcome, step, stay)
        case RawTwiml():
            return _written(replay, outcome, step, stay)
        case _:
            return _left(replay, outcome, step, stay)


def _asked(replay: Replay, outcome: Outcome, step: Menu | Language | Collect, stay: Stay | None) -> Outcome:
    if stay is None:
        raise CannotKnow(Why.NEVER_ASKED, step.id, step.name)
    if replay.index >= len(stay.inputs):
        raise replay.give_up(step, stay)
    given = stay.inputs[replay.index]
    if isinstance(step, Menu) and outcome.position.progress.phase != _phase(replay, outcome, stay):
        raise CannotKnow(Why.NEVER_ASKED, step.id, step.name)
    replay.index += 1
    replay.come_to(given.at, given.place)
    if given.is_erased:
        raise CannotKnow(Why.ERASED, step.id, step.name)
    if given.is_secret:
        return _secret(replay, outcome, step, stay)
    return replay.step(outcome, given.heard)


def _secret(replay: Replay, outcome: Outcome, step: Step, stay: Stay) -> Outcome:
    """Take what was pressed as it was taken then, if it is still asked in the same way."""
    if not replay.same(step, stay, "hides_input", "min_length", "max_length", "end_key", "max_mistakes"):
        raise CannotKnow(Why.SECRET, step.id, step.name)
    if stay.exit == "collected" and replay.index == len(stay.inputs):
        return replay.leave(outcome, Leave("collected"))
    return replay.step(outcome, Keys(DOTS))  # wrong then, wrong now


def _phase(replay: Replay, outcome: Outcome, stay: Stay) -> str:
    """Give the phase in which the menu of then stood before the next input: whether it asked if it understood."""
    if not any(isinstance(given.heard, Speech) for given in stay.inputs[: replay.index]):
        return ""
    published = replay.published(stay)
    if published is None or stay.step not in published.steps:
        raise CannotKnow(Why.VERSION, stay.step, stay.name)
    position = replace(outcome.position, flow=stay.flow, step=stay.step, progress=Progress())
    for given in stay.inputs[: replay.index]:
        then = engine.step(published, position, given.heard, facts=Facts(), urls=URLS)
        if then.position.step != stay.step:
            return ""
        position = then.position
    return position.progress.phase


def _waited(replay: Replay, outcome: Outcome, step: Queue, stay: Stay | None) -> Outcome:
    replay.path[-1].joined = True
    was = replay.same(step, stay)
    if stay is None or not isinstance(was, Queue) or not stay.queued:
        raise replay.reach(open=True)
    limit, limit_then = (_longest(one, replay.world.longest.get(step.reference)) for one in (step, was))
    changed, unknown = limit != limit_then, CannotKnow(Why.WAIT, step.id, step.name)
    for given in stay.inputs:
        if changed and limit and given.at - stay.entered >= limit:
            break
        gone = _chosen(replay, outcome, step, given)
        if gone is not None:
            return gone
    if changed:
        replay.timed = True
        if limit and (stay.waited is None or stay.waited >= limit):
            if stay.waited is None:
                raise unknown
            replay.come_to(stay.entered + limit)
            return _out(replay, outcome, step, "timed-out", float(limit))
        if stay.exit == "timed_out":
            raise unknown
    return _ended_wait(replay, outcome, step, stay, was)


def _ended_wait(replay: Replay, outcome: Outcome, step: Queue, stay: Stay, was: Queue) -> Outcome:
    """Let the wait end as it did then."""
    if stay.waited is not None:
        replay.come_to(stay.entered + stay.waited)
    stricter = STRICT.index(step.unstaffed) - STRICT.index(was.unstaffed)
    following = _next(replay, stay)
    match stay.exit:
        case "" if following is not None:
            return replay.step(
                outcome,
                Queued("leave"),
                place=Place("answered", step.reference, 0.0, f"step:{following.flow}:{following.step}"),
            )
        case "" | "answered" if stricter > 0 and not (stay.talked or stay.exit):
            raise CannotKnow(Why.STAFFED, step.id, step.name)
        case "":
            raise replay.reach()
        case "answered":
            return _out(replay, outcome, step, "answered")
        case "timed_out":
            return _out(replay, outcome, step, "timed-out")
        case "full":
            return replay.step(outcome, Queued("queue-full"))
        case "unstaffed" if step.unstaffed == was.unstaffed:
            return replay.leave(outcome, Leave("unstaffed"))
        case _:  # by a key that leads nowhere any more, or because nobody was there, which no longer counts
            raise CannotKnow(Why.WAIT, step.id, step.name)


def _chosen(replay: Replay, outcome: Outcome, step: Queue, given: Input) -> Outcome | None:
    """Press a key in the wait, and give what follows where it leads out of it."""
    if not isinstance(given.heard, Keys):
        return None
    place, queues = Place("waiting", step.reference, 0.0), {step.reference: QueueStatus(staffed=True)}
    facts = Facts(place=place, queues=queues)
    waiting = engine.wait(outcome.document, outcome.position, given.heard, 0, facts=facts, urls=URLS)
    if not waiting.position.progress.noted:
        return None
    replay.come_to(given.at, given.place)
    if replay.tells:
        replay.path[-1].did += waiting.events
    return replay.step(outcome, Queued("leave"), position=waiting.position)


def _out(replay: Replay, outcome: Outcome, step: Queue, state: str, waited: float = 0.0) -> Outcome:
    return replay.step(outcome, Queued("leave"), place=Place(state, step.reference, waited))


def _next(replay: Replay, stay: Stay) -> Stay | None:
    """Give the step to which somebody has sent a caller who was talked to."""
    stays = replay.recorded.stays
    place = next(index for index, one in enumerate(stays) if one is stay)
    return stays[place + 1] if place + 1 < len(stays) else None


def _longest(step: Queue, own: int | None) -> int:
    return min(filter(None, (step.longest, own)), default=0)


def _rang(replay: Replay, outcome: Outcome, step: Ring, stay: Stay | None) -> Outcome:
    was = replay.same(step, stay, "targets", "order", "screening")
    if stay is None or not isinstance(was, Ring):
        raise replay.reach(open=True)
    if replay.index >= len(stay.inputs):
        if not stay.exit:
            raise replay.reach()
        raise CannotKnow(Why.RUNG, step.id, step.name)
    given = stay.inputs[replay.index]
    longer, answered = step.seconds - was.seconds, stay.exit == "answered"
    if (longer > 0 and not answered) or (longer < 0 and answered):
        raise CannotKnow(Why.RUNG, step.id, step.name)
    replay.index += 1
    replay.come_to(given.at, given.place)
    accepted = stay.accepted and replay.index == len(stay.inputs)
    return replay.step(outcome, given.heard if isinstance(given.heard, Dialed) else Silence(), accepted=accepted)


def _spoke(replay: Replay, outcome: Outcome, step: Voicemail, stay: Stay | None) -> Outcome:
    was = replay.same(step, stay)
    if stay is None or not isinstance(was, Voicemail):
        raise replay.reach(open=True)
    if not stay.exit:
        raise replay.reach()
    if ("refused" in step.exits) != ("refused" in was.exits) and stay.inputs and stay.exit != "recorded":
        raise CannotKnow(Why.CONSENT, step.id, step.name)
    if (stay.exit == "recorded" and step.min_seconds > was.min_seconds) or (
        stay.exit == "empty" and step.min_seconds < was.min_seconds
    ):
        raise CannotKnow(Why.OUTCOME, step.id, step.name)
    is_last = stay is replay.recorded.stays[-1]
    return replay.leave(outcome, Leave(stay.exit, over=is_last and replay.recorded.gave_up))


def _looked_up(replay: Replay, outcome: Outcome, step: LookUp, stay: Stay | None) -> Outcome:
    was = replay.same(step, stay, "send")
    if stay is None or not isinstance(was, LookUp):
        return _any_way(replay, outcome, step, "default", CannotKnow(Why.LOOKED_UP, step.id, step.name))
    if not stay.exit:
        raise replay.give_up(step, stay)
    unknown = CannotKnow(Why.LOOKED_UP, step.id, step.name)
    if stay.exit == "default":
        if step.seconds > was.seconds:
            raise unknown
        return replay.step(outcome, Silence(), asked=Asked(is_over=True))
    if step.seconds < was.seconds:
        raise unknown
    answer = replay.visit.answers.get(step.id)
    if answer is None:
        if step.decide != was.decide or step.options != was.options:
            raise CannotKnow(Why.ERASED, step.id, step.name)
        replay.unsure |= set(step.brings())
        return replay.leave(outcome, Leave(stay.exit))
    missing = set(step.brings()) - set(was.brings())
    if step.options and step.decide in missing:
        raise unknown
    replay.unsure |= missing
    return replay.step(outcome, Silence(), asked=Asked({**answer, **dict.fromkeys(missing, "")}))


def _texted(replay: Replay, outcome: Outcome, step: Text, stay: Stay | None) -> Outcome:
    if stay is None or not replay.same(step, stay) or not stay.exit:
        if stay is not None and not stay.exit:
            raise replay.give_up(step, stay)
        return _any_way(replay, outcome, step, "sent", CannotKnow(Why.NOT_TEXTED, step.id, step.name))
    return _noted(replay, outcome, "sent" if stay.exit == "sent" else "refused")


def _called_back(replay: Replay, outcome: Outcome, step: CallBack, stay: Stay | None) -> Outcome:
    if stay is None:
        raise CannotKnow(Why.NEVER_ASKED, step.id, step.name)
    if not replay.same(step, stay, "countries", "max_tries"):
        raise CannotKnow(Why.SECRET, step.id, step.name)
    if not stay.exit:
        raise replay.give_up(step, stay)
    if stay.inputs:
        replay.come_to(stay.inputs[-1].at, stay.inputs[-1].place)
    return _noted(replay, outcome, stay.exit, phase=ASKED_BACK)


def _met(replay: Replay, outcome: Outcome, step: ConferenceRoom, stay: Stay | None) -> Outcome:
    if stay is None:
        raise CannotKnow(Why.NEVER_ASKED, step.id, step.name)
    if not replay.same(step, stay, "max_tries"):
        raise CannotKnow(Why.SECRET, step.id, step.name)
    if not stay.exit and stay.joined:
        raise replay.reach(joined=True)
    if not stay.exit:
        raise replay.give_up(step, stay)
    return replay.leave(outcome, Leave(stay.exit))


def _written(replay: Replay, outcome: Outcome, step: RawTwiml, stay: Stay | None) -> Outcome:
    if stay is None or not replay.same(step, stay, "twiml"):
        return _any_way(replay, outcome, step, "next", CannotKnow(Why.NEVER_ASKED, step.id, step.name))
    if not stay.exit:
        raise replay.give_up(step, stay)
    if stay.inputs:
        given = stay.inputs[0]
        replay.come_to(given.at, given.place)
        return replay.step(outcome, given.heard)
    if stay.exit == "next":
        return replay.step(outcome, Silence())
    return _left(replay, outcome, step, stay)


def _left(replay: Replay, outcome: Outcome, step: Step, stay: Stay | None) -> Outcome:
    """Leave a step of any other kind as then, if it is as then."""
    same = stay is not None and replay.same(step, stay, "options", *step.settings()) is not None
    if stay is not None and same and stay.exit:
        return replay.leave(outcome, Leave(stay.exit))
    if step.KIND in AWAY:
        raise replay.reach(open=not same)
    if stay is not None and same:
        raise replay.give_up(step, stay)
    raise CannotKnow(Why.OUTCOME if stay else Why.NEVER_ASKED, step.id, step.name)


def _any_way(replay: Replay, outcome: Outcome, step: Step, exit_: str, unknown: CannotKnow) -> Outcome:
    """Leave a step of which nothing is known, if all of its ways out lead to the same place."""
    if len({step.exits.get(row.name, "") for row in step.exit_names()}) > 1:
        raise unknown
    replay.unsure |= set(step.brings())
    return replay.leave(outcome, Leave(exit_))


def _noted(replay: Replay, outcome: Outcome, what: str, *, phase: str = "") -> Outcome:
    """Go on with what became of what the step has asked for."""
    progress = outcome.position.progress
    progress = replace(progress, noted=what, phase=phase or progress.phase)
    return replay.step(outcome, Silence(), position=replace(outcome.position, progress=progress))
