"""Run a call of a trial from its beginning: the same world, conditions and inputs always give the same. Pure."""

from collections.abc import Sequence

from ivr.trial.conditions import Conditions, Input
from ivr.trial.told import Trial
from ivr.trial.world import Addresses, World


def run(world: World, conditions: Conditions, inputs: Sequence[Input], *, urls: Addresses) -> Trial:
    """Let a caller walk through `world.document`, doing one input after the other, and tell all that happens.

    Without an input where the caller would have to do something the trial stops there, and tells what is expected.
    """
    raise NotImplementedError
