"""Steps, exits and goals as people call them. Pure."""

from collections.abc import Iterator, Mapping

from ivr.document import Document
from ivr.drafting.overview import ways_out
from ivr.kinds.base import Step
from ivr.scenarios.expected import Goal
from ivr.trial.told import Reached
from ivr.trial.world import World

#: what a goal's key is the id of
KEYS: Mapping[str, str] = {
    "step": "step",
    "rung": "step",
    "away": "step",
    "person": "queue",
    "waiting": "queue",
    "callback": "queue",
    "mailbox": "mailbox",
    "room": "room",
}
CALLED: Mapping[str, str] = {
    "step": "step",
    "queue": "queue",
    "mailbox": "mailbox",
    "room": "conference room",
    "schedule": "opening hours",
    "source": "source",
}


def find_step(world: World, step: str) -> Step | None:
    return next((one.steps[step] for one in world.documents if step in one.steps), None)


def name_of(world: World, kind: str, key: str) -> str | None:
    """Give the name of a thing that scenarios speak of, by what it is and its id; None where there is none."""
    match kind:
        case "step":
            found = find_step(world, key)
            return found.name if found else None
        case "queue":
            queue = world.queues.get(key)
            return queue.name if queue else None
        case "room":
            room = world.rooms.get(key)
            return room.name if room else None
        case "mailbox":
            return world.mailboxes.get(key)
        case "schedule":
            return world.schedules.get(key)
        case "source":
            return world.sources.get(key)
    return None


def exit_label(step: Step, exit_: str) -> str:
    return next((row.label for row in step.exit_names() if row.name == exit_), exit_)


def exits(document: Document) -> Iterator[tuple[str, str]]:
    """Give the exits that lead somewhere, of the steps that callers can come to, as callers meet them."""
    seen, waiting = set[str](), [document.first] if document.first else []
    while waiting:
        key = waiting.pop(0)
        if key in seen:
            continue
        seen.add(key)
        following = ways_out(document.steps[key])
        yield from ((key, exit_) for exit_ in following)
        waiting += following.values()


def goal_of(world: World, reached: Reached, *, standing: str) -> Goal:
    """Tell as a goal where a trial has come to; `standing` is the step in which the call is, or was at its end."""
    step = find_step(world, reached.step)
    reference = step.reference if step else ""
    match reached.kind:
        case "person" if step is None or step.TAKES != "queue":
            return Goal("rung", reached.step)
        case "person" | "waiting" | "callback" | "mailbox" | "room":
            return Goal(reached.kind, reference)
        case "away":
            return Goal("away", reached.step)
        case "ended":
            return Goal("ended")
        case _:
            return Goal("step", standing)


def goal_in_words(goal: Goal, name: str) -> str:
    """Write a goal as what follows "the caller ..." or "Expected that the caller ..."."""
    match goal.kind:
        case "step":
            return f"is in “{name}”"
        case "rung":
            return f"talks to somebody whom “{name}” rings"
        case "away":
            return f"is sent away by “{name}”"
        case "person":
            return f"talks to a person in the queue “{name}”"
        case "waiting":
            return f"still waits in the queue “{name}”"
        case "callback":
            return f"will be called back from the queue “{name}”"
        case "mailbox":
            return f"comes to the mailbox “{name}”"
        case "room":
            return f"is in the conference room “{name}”"
        case "ended":
            return "comes to the end of the call, and to nobody"
    return f"comes to “{name}”"
