"""Runs scenarios in a world that was read once, and tells in words where a call goes otherwise than expected. Pure."""

import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import accumulate

from ivr.scenarios import words
from ivr.scenarios.expected import Expected, Goal, Way
from ivr.trial.conditions import Conditions, Input
from ivr.trial.run import run
from ivr.trial.told import Moment, Trial
from ivr.trial.world import Addresses, World

LONGEST_QUOTE = 160  # letters of a text in a sentence


@dataclass(frozen=True, slots=True)
class Script:
    """A scenario as data. `names` are what the things in it were called when it was written, by kind and key."""

    key: int
    name: str
    conditions: Conditions
    inputs: tuple[Input, ...]
    expected: Expected
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """What is not as expected, as a sentence, and the step in which it shows ("" where in none)."""

    text: str
    step: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """How a scenario went. `trial` is None where it could not be tried at all."""

    key: int
    name: str
    differences: tuple[Difference, ...]
    trial: Trial | None = None
    milliseconds: float = 0.0

    @property
    def passed(self) -> bool:
        return not self.differences


def check(script: Script, world: World, *, urls: Addresses) -> Result:
    """Try a scenario, and compare what happens with what is expected."""
    started = time.perf_counter()
    missing = tuple(gone(script, world))
    trial = run(world, script.conditions, script.inputs, urls=urls)
    found = missing or tuple(differences(trial, script, world))
    return Result(script.key, script.name, found, trial, (time.perf_counter() - started) * 1000)


def gone(script: Script, world: World) -> Iterator[Difference]:
    """Tell which things that the scenario speaks of are not there any more."""
    for kind, key in speaks_of(script.conditions, script.expected):
        if words.name_of(world, kind, key) is None:
            name = script.names.get(f"{kind}:{key}", key)
            what = words.CALLED[kind]
            yield Difference(
                f"The scenario is about the {what} “{name}”, which is gone: it was deleted, or the flow does not use"
                " it any more."
            )


def speaks_of(conditions: Conditions, expected: Expected) -> list[tuple[str, str]]:
    """Give kind and key of all that a scenario names, each once."""
    found = [
        *(("queue", key) for key in conditions.queues),
        *(("room", key) for key in conditions.rooms),
        *(("schedule", key) for key in conditions.openings),
        *(("source", key) for key in conditions.looked_up),
        *(("step", key) for key in (*conditions.rung, *conditions.drawn, *conditions.away)),
        *(("step", way.step) for way in expected.exits),
    ]
    if expected.reached and expected.reached.key:
        found.append((words.KEYS[expected.reached.kind], expected.reached.key))
    return list(dict.fromkeys(found))


def differences(trial: Trial, script: Script, world: World) -> Iterator[Difference]:
    """Tell what is not as expected: first what explains the rest."""
    for moment in trial.moments:
        if moment.what == "failed":
            yield Difference(f"The flow could not go on: {moment.text}", moment.step)
    expected = script.expected
    yield from _exits(trial, expected.exits, world)
    if expected.reached:
        yield from _reached(trial, expected.reached, world)
    yield from unheard(trial, expected.said)
    for name, value in expected.variables.items():
        found = trial.variables.get(name, "")
        if found != value:
            is_now = f"it is “{found}”" if found else "it is empty"
            yield Difference(f"Expected {{{name}}} to be “{value}”, {is_now}.", _standing(trial))
    unused = script.inputs[trial.used :]
    if unused and trial.ending:
        many = f"{len(unused)} more inputs" if len(unused) > 1 else "one more input"
        yield Difference(f"The call was over while the scenario still had {many}.", _standing(trial))


def _standing(trial: Trial) -> str:
    return trial.stays[-1].step if trial.stays else ""


def _exits(trial: Trial, ways: Sequence[Way], world: World) -> Iterator[Difference]:
    taken: dict[str, list[str]] = {}
    for one in trial.path:
        taken.setdefault(one.step, []).append(one.exit)
    entered = {stay.step for stay in trial.stays}
    for way in ways:
        if way.exit in taken.get(way.step, ()):
            continue
        step = words.find_step(world, way.step)
        if step is None:
            continue  # told by `gone`
        wanted = f"Expected to leave “{step.name}” by “{words.exit_label(step, way.exit)}”"
        if way.step in taken:
            others = "”, then “".join(words.exit_label(step, exit_) for exit_ in taken[way.step])
            yield Difference(f"{wanted}, left it by “{others}”.", way.step)
        elif way.step in entered:
            yield Difference(f"{wanted}, never left it.", way.step)
        else:
            last = words.find_step(world, _standing(trial))
            ended = f": the call got to “{last.name}”" if last else ""
            yield Difference(f"{wanted}, never came to it{ended}.", _standing(trial))


def _reached(trial: Trial, goal: Goal, world: World) -> Iterator[Difference]:
    standing = _standing(trial)
    found = words.goal_of(world, trial.reached, standing=standing)
    is_there = {
        "step": goal.key in (standing, trial.reached.step),
        "ended": trial.reached.kind == "ended",
    }.get(goal.kind, found.kind == goal.kind and goal.key in ("", found.key))
    if not is_there:
        shown = found if found.kind != "ended" or goal.kind != "step" else Goal("step", standing)
        wanted = words.goal_in_words(goal, _name(world, goal))
        yield Difference(
            f"Expected that the caller {wanted}; in fact the caller {words.goal_in_words(shown, _name(world, shown))}.",
            trial.reached.step or standing,
        )


def _name(world: World, goal: Goal) -> str:
    return words.name_of(world, words.KEYS.get(goal.kind, ""), goal.key) or "nothing"


def unheard(trial: Trial, said: Sequence[str]) -> Iterator[Difference]:
    """Look for the texts one after the other in all that is heard, whatever their capitals and spaces."""
    heard = [moment for moment in trial.moments if moment.what == "heard"]
    bare = [_bare(moment.text) for moment in heard]
    whole = "".join(bare)
    at = 0
    for text in said:
        wanted = _bare(text)
        place = whole.find(wanted, at)
        if place >= 0:
            at = place + len(wanted)
            continue
        earlier = whole.find(wanted)
        begins = list(accumulate(map(len, bare), initial=0))
        if earlier >= 0:
            moment = heard[bisect_right(begins, earlier) - 1]
            yield Difference(f"Expected to hear {_quoted(text)} later than it was heard.", moment.step)
            continue
        rest = heard[bisect_left(begins, at) :]
        near = _nearest(rest, wanted)
        step = near.step if near else _standing(trial)
        instead = f"heard {_quoted(near.text)}" if near else "heard nothing more" if heard else "heard nothing"
        yield Difference(f"Expected to hear {_quoted(text)}, {instead}.", step)


def _bare(text: str) -> str:
    return "".join(text.casefold().split())


def _nearest(heard: Sequence[Moment], wanted: str) -> Moment | None:
    if not heard:
        return None
    # of the first few only: what was meant is near, and comparing takes its time
    return max(heard[:8], key=lambda moment: SequenceMatcher(None, _bare(moment.text)[:400], wanted[:400]).ratio())


def _quoted(text: str) -> str:
    words_ = " ".join(text.split())
    return f"“{words_ if len(words_) <= LONGEST_QUOTE else words_[: LONGEST_QUOTE - 1] + '…'}”"
