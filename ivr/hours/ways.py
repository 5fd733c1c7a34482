"""Where the keys lead that a caller may press first, by a trial of the call: as far as it is certain. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ivr.trial.conditions import Conditions, Press
from ivr.trial.run import run
from ivr.trial.told import Stay
from ivr.trial.world import Addresses, World


@dataclass(frozen=True, slots=True)
class Way:
    """What a key leads to, in words."""

    keys: str
    exit: str
    leads: str


@dataclass(frozen=True, slots=True)
class Ways:
    """The step in which callers choose first, and what they can choose there."""

    step: str
    ways: tuple[Way, ...]


def ways(world: World, *, number: str, at: datetime, zone: str, urls: Addresses) -> Ways | None:
    """Tell what each key leads to where callers who call `number` at `at` choose first; None where they do not.

    What follows a step that waits for something, as a queue does, depends on others and is not told.
    """
    conditions = Conditions(at, number=number, zone=zone)
    first = run(world, conditions, (), urls=urls)
    keys = [(keys, exit_) for keys, exit_ in first.expects.keys if exit_]
    if not keys or first.expects.may != "answer":
        return None
    found = []
    for pressed, exit_ in keys:
        trial = run(world, conditions, (Press(pressed),), urls=urls)
        found.append(Way(pressed, exit_, _words(world, trial.stays[len(first.stays) :])))
    return Ways(first.stays[-1].name, tuple(found))


def _words(world: World, stays: Sequence[Stay]) -> str:
    documents = {document.flow: document for document in world.documents}
    words = []
    for stay in stays:
        step = documents[stay.flow].steps[stay.step]
        words.append(f"{step.LABEL[0].lower()}{step.LABEL[1:]} “{step.name}”")
        if step.WAITS:
            break
    return ", then ".join(words) or "nothing more"
