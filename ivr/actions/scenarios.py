"""Scenarios are written, changed and deleted."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction

from agents.models import User
from calls.models import Call
from contacts.models import ContactNumber
from ivr.drafting.drafts import compile_draft
from ivr.kinds.caller import Caller
from ivr.models import Flow, Scenario
from ivr.scenarios import doing, filling, words
from ivr.scenarios.checking import Script, unheard
from ivr.scenarios.expected import Expected
from ivr.scenarios.running import script, world_of
from ivr.scenarios.standin import NOBODY, made_up, somebody
from ivr.trial.conditions import Conditions, Input, inputs_to_json
from ivr.trial.reading import addresses
from ivr.trial.run import run
from ivr.trial.told import Trial
from ivr.trial.world import World
from live.publish import publish

LONGEST_NAME = 120


class NameTaken(Exception):
    """Another scenario of the flow has this name."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A trial to be kept, with what it is to expect; None: what happens now."""

    name: str
    conditions: Conditions
    inputs: tuple[Input, ...]
    expected: Expected | None = None


def keep(flow: Flow, trials: Sequence[Tried], *, by: User | None, at: datetime) -> list[Scenario]:
    """Keep trials as scenarios, as they go in the draft now.

    Whoever is somebody here gives way to a made-up caller. Without a name it gets one that tells of the call; one
    that is taken gets a number. Raises Broken if the draft cannot be walked.
    """
    world = world_of(compile_draft(flow))
    with transaction.atomic():
        Flow.objects.select_for_update().get(pk=flow.pk)  # names are given one after the other
        taken = set(flow.scenarios.values_list("name", flat=True))
        rows = []
        for one in trials:
            rows.append(_made(flow, one, world, taken))
            rows[-1].changed_at, rows[-1].changed_by = at, by
            taken.add(rows[-1].name)
        made = Scenario.objects.bulk_create(rows)
        publish(f"flow:{flow.pk}")
    return made


def change(scenario: Scenario, *, name: str, expected: Expected, by: User | None, at: datetime) -> None:
    """Give a scenario another name, and other expectations. Raises NameTaken, and Broken as `keep`."""
    kept = script(scenario)
    world, trial = _try(scenario.flow, kept.conditions, kept.inputs)
    scenario.name = name
    _save(scenario, replace(kept, expected=expected), world, trial, by=by, at=at)


def accept(scenario: Scenario, *, by: User | None, at: datetime) -> None:
    """Let a scenario expect what happens in the draft now; what its caller would do after the end is left out.

    Raises Broken as `keep`.
    """
    kept = script(scenario)
    world, trial = _try(scenario.flow, kept.conditions, kept.inputs)
    fresh = filling.expect(trial, world)
    # what it never looked at it goes on not to look at; texts, or parts of texts, that are still heard stay as they are
    expected = Expected(
        said=filling.texts(trial) if any(unheard(trial, kept.expected.said)) else kept.expected.said,
        reached=fresh.reached if kept.expected.reached else None,
        exits=fresh.exits if kept.expected.exits else (),
        variables=fresh.variables if kept.expected.variables else {},
    )
    inputs = _before_the_end(kept.inputs, trial)
    _save(scenario, replace(kept, inputs=inputs, expected=expected), world, trial, by=by, at=at)


def delete(scenario: Scenario) -> None:
    """Delete a scenario."""
    with transaction.atomic():
        Scenario.objects.filter(pk=scenario.pk).delete()
        publish(f"flow:{scenario.flow_id}")


def _made(flow: Flow, tried: Tried, world: World, taken: Set[str]) -> Scenario:
    conditions = _without_people(tried.conditions, world)
    trial = run(world, conditions, tried.inputs, urls=addresses)
    conditions = filling.relevant(conditions, trial, world)
    expected = filling.expect(trial, world) if tried.expected is None else tried.expected
    return Scenario(
        flow=flow,
        name=_free(tried.name.strip() or _told(world, tried.inputs, trial), taken),
        conditions=conditions.to_json(),
        inputs=inputs_to_json(_before_the_end(tried.inputs, trial)),
        expected=expected.to_json(),
        names=filling.names(conditions, expected, world),
    )


def _try(flow: Flow, conditions: Conditions, inputs: Sequence[Input]) -> tuple[World, Trial]:
    world = world_of(compile_draft(flow))
    return world, run(world, conditions, inputs, urls=addresses)


def _save(scenario: Scenario, kept: Script, world: World, trial: Trial, *, by: User | None, at: datetime) -> None:
    conditions = filling.relevant(kept.conditions, trial, world)
    scenario.conditions, scenario.inputs = conditions.to_json(), inputs_to_json(kept.inputs)
    scenario.expected = kept.expected.to_json()
    # of what is gone the name is known from before
    scenario.names = {**kept.names, **filling.names(conditions, kept.expected, world)}
    scenario.changed_at, scenario.changed_by = at, by
    try:
        with transaction.atomic():
            scenario.save(
                update_fields=["name", "conditions", "inputs", "expected", "names", "changed_at", "changed_by"]
            )
            publish(f"flow:{scenario.flow_id}")
    except IntegrityError:
        raise NameTaken from None


def _before_the_end(inputs: tuple[Input, ...], trial: Trial) -> tuple[Input, ...]:
    return inputs[: trial.used] if trial.ending else inputs


def _without_people(conditions: Conditions, world: World) -> Conditions:
    """Put made-up callers in the place of those who are somebody here."""
    number, known = conditions.caller, conditions.known
    if number and (
        ContactNumber.objects.filter(number=number).exists() or Call.objects.filter(from_number=number).exists()
    ):
        conditions = replace(conditions, caller=made_up(number))
    if known is not None and known.contact not in ("", NOBODY):
        steps = [step for one in world.documents for step in one.steps.values()]
        decisive = {step.decide for step in steps if isinstance(step, Caller)}
        conditions = replace(conditions, known=somebody(known, decisive=decisive))
    return conditions


def _told(world: World, inputs: Sequence[Input], trial: Trial) -> str:
    standing = trial.stays[-1].step if trial.stays else ""
    goal = words.goal_of(world, trial.reached, standing=standing)
    name = words.name_of(world, words.KEYS.get(goal.kind, ""), goal.key) or ""
    return f"The caller {doing.does(inputs)} and {words.goal_in_words(goal, name)}"


def _free(wanted: str, taken: Set[str]) -> str:
    name, number = wanted[:LONGEST_NAME], 1
    while name in taken:
        number += 1
        tail = f" ({number})"
        name = wanted[: LONGEST_NAME - len(tail)] + tail
    return name
