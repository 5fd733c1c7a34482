"""What a scenario of a trial expects at first: what has just happened. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from ivr.scenarios import words
from ivr.scenarios.checking import speaks_of
from ivr.scenarios.expected import Expected, Way
from ivr.trial.conditions import Conditions
from ivr.trial.told import Trial
from ivr.trial.world import World

#: texts that are expected; a long wait repeats itself
MOST_SAID = 40


def expect(trial: Trial, world: World) -> Expected:
    """Expect where the call has got to, the exits that it took, and what it keeps.

    Nothing of what was heard: wordings change each week, and a scenario that fails at each of them is soon unheeded.
    """
    standing = trial.stays[-1].step if trial.stays else ""
    return Expected(
        reached=words.goal_of(world, trial.reached, standing=standing) if trial.stays else None,
        exits=tuple(dict.fromkeys(Way(one.step, one.exit) for one in trial.path)),
        variables={name: value for name, value in sorted(trial.variables.items()) if value},
    )


def texts(trial: Trial) -> tuple[str, ...]:
    """Give all that was heard, each text once, for those who want the words to be looked at too."""
    said = dict.fromkeys(" ".join(text.split()) for text in trial.heard)
    return tuple(text for text in said if text)[:MOST_SAID]


def relevant(conditions: Conditions, trial: Trial, world: World) -> Conditions:
    """Leave out what is supposed of things that the call never came upon: it must not fail when those go."""
    steps = [step for step in (words.find_step(world, stay.step) for stay in trial.stays) if step]
    met = {(step.TAKES, step.reference) for step in steps} | {("step", step.id) for step in steps}
    return replace(
        conditions,
        queues={key: value for key, value in conditions.queues.items() if ("queue", key) in met},
        rooms={key: value for key, value in conditions.rooms.items() if ("room", key) in met},
        openings={key: value for key, value in conditions.openings.items() if ("schedule", key) in met},
        looked_up={key: value for key, value in conditions.looked_up.items() if ("source", key) in met},
        rung={key: value for key, value in conditions.rung.items() if ("step", key) in met},
        drawn={key: value for key, value in conditions.drawn.items() if ("step", key) in met},
        away={key: value for key, value in conditions.away.items() if ("step", key) in met},
    )


def names(conditions: Conditions, expected: Expected, world: World) -> Mapping[str, str]:
    """Give what the things are called that a scenario names, by kind and key."""
    found = ((f"{kind}:{key}", words.name_of(world, kind, key)) for kind, key in speaks_of(conditions, expected))
    return {key: name for key, name in found if name is not None}
