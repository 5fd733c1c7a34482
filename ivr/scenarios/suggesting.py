"""Searches calls that lead through exits which no scenario covers, breadth first through the trial machine. Pure."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from ivr.document import Document
from ivr.kinds.base import Step
from ivr.kinds.call_back import CallBack
from ivr.kinds.collect import Collect
from ivr.kinds.conference_room import ConferenceRoom
from ivr.kinds.hours import Hours
from ivr.kinds.queue import Queue
from ivr.scenarios import filling, words
from ivr.scenarios.expected import Expected, Way
from ivr.scenarios.supposing import digits, otherwise, supposed, supposed_of, wrong_key
from ivr.trial.conditions import Conditions, Input, Press, QueueAs, RoomAs, Say, Speak, StaySilent
from ivr.trial.run import run
from ivr.trial.told import Expects, Trial
from ivr.trial.world import Addresses, World

#: calls that are tried at most; how often the same answer is given to a step that asks again
MOST_RUNS = 1_000
MOST_REPEATS = 10
#: how often a step is come to with other conditions, before its ways count as not to be found
MOST_ENTRIES = 3
MOST_SUGGESTIONS = 50

Exit = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A call that covers exits which no scenario takes yet."""

    name: str
    conditions: Conditions
    inputs: tuple[Input, ...]
    expected: Expected
    covers: tuple[Exit, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """`left` are the exits to which no call was found, `more` those found beyond what is suggested.

    `is_whole`: the search was not cut short.
    """

    suggestions: tuple[Suggestion, ...]
    left: tuple[Exit, ...]
    more: int
    runs: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class _Try:
    conditions: Conditions
    inputs: tuple[Input, ...] = ()


def suggest(
    world: World, covered: Set[Exit], *, at: datetime, zone: str, urls: Addresses, most_runs: int = MOST_RUNS
) -> Found:
    """Search calls for the exits of `world.document` that are not `covered`: few calls, each as short as can be."""
    wanted = dict.fromkeys(exit_ for exit_ in words.exits(world.document) if exit_ not in covered)
    if not wanted:
        return Found((), (), 0, 0, is_whole=True)
    search = _Search(world, set(wanted), urls, most_runs)
    search.go(_Try(_usual(world, at=at, zone=zone)))
    chosen = list(islice(_few(search.calls), MOST_SUGGESTIONS))
    taken = {exit_ for _try, _trial, covers in chosen for exit_ in covers}
    return Found(
        suggestions=tuple(_suggestion(world, *one) for one in chosen),
        left=tuple(exit_ for exit_ in wanted if exit_ in search.wanted),
        more=len(wanted) - len(search.wanted) - len(taken),
        runs=search.runs,
        is_whole=not search.queue or not search.wanted,
    )


def _usual(world: World, *, at: datetime, zone: str) -> Conditions:
    """Suppose a day on which everything is open, everybody is there, and nobody special calls."""
    entrance = next((line for line in world.lines if line.flow == world.document.flow), None)
    return Conditions(
        at=at,
        zone=zone,
        number=entrance.address if entrance and entrance.address.startswith("+") else world.caller_id,
        caller="+12015550123",
        openings={step.reference: "open" for step in world.document.steps.values() if isinstance(step, Hours)},
        queues={step.reference: QueueAs() for step in world.document.steps.values() if isinstance(step, Queue)},
    )


class _Search:
    def __init__(self, world: World, wanted: set[Exit], urls: Addresses, most_runs: int) -> None:
        self.world = world
        self.wanted = wanted
        self.urls = urls
        self.most_runs = most_runs
        self.before = _before(world.document)
        self.leading = set[str]()
        self.queue: deque[tuple[_Try, Trial]] = deque()
        self.seen = set[tuple[object, ...]]()
        self.entries: dict[str, int] = {}
        self.runs = 0
        self.calls: list[tuple[_Try, Trial, tuple[Exit, ...]]] = []

    def go(self, first: _Try) -> None:
        self.run(first)
        while self.queue and self.wanted and self.runs < self.most_runs:
            self.go_on(*self.queue.popleft())

    def run(self, one: _Try, *, unless_in: Expects | None = None) -> bool:
        """Try a call, and keep it if it takes an exit that none before it has taken.

        It is gone on from later, except from where it still stands as before (`unless_in`), which is told by True.
        """
        if self.runs >= self.most_runs:
            return False
        self.runs += 1
        trial = run(self.world, one.conditions, one.inputs, urls=self.urls)
        if any(moment.what == "failed" for moment in trial.moments):
            return False
        fresh = tuple(dict.fromkeys(way for way in _ways(trial, self.world) if way in self.wanted))
        if fresh:
            self.wanted -= set(fresh)
            self.calls.append((one, trial, fresh))
        if unless_in is not None and _asks_alike(trial.expects, unless_in):
            return True
        self.queue.append((one, trial))
        return False

    def go_on(self, one: _Try, trial: Trial) -> None:
        """Try other conditions for what the call came upon, and all answers to what asks at its end."""
        self.leading = self.look_ahead()
        for stay in trial.stays:
            step = self.world.document.steps.get(stay.step)
            if step is None or stay.step not in self.leading or self.entries.get(stay.step, 0) >= MOST_ENTRIES:
                continue
            entered = ("entered", stay.step, len(one.inputs), supposed(one.conditions))
            if entered in self.seen:
                continue
            self.seen.add(entered)
            self.entries[stay.step] = self.entries.get(stay.step, 0) + 1
            for conditions in otherwise(step, one.conditions, self.world.document):
                self.run(replace(one, conditions=conditions))
        expects = trial.expects
        step = self.world.document.steps.get(expects.step)
        if expects.may == "nothing" or step is None or expects.step not in self.leading:
            return
        asked = ("asked", expects.step, expects.may, expects.keys, *supposed_of(step, one.conditions))
        if asked in self.seen:
            return
        self.seen.add(asked)
        for answer, exit_ in self.answers(trial, step):
            if not exit_ or (step.id, exit_) in self.wanted or step.exits.get(exit_, "") in self.leading:
                self.insist(one, expects, answer)

    def insist(self, one: _Try, asks: Expects, answer: Input) -> None:
        """Give an answer until the step does not ask the same any more."""
        for times in range(1, MOST_REPEATS + 1):
            if not self.run(replace(one, inputs=(*one.inputs, *[answer] * times)), unless_in=asks):
                return

    def look_ahead(self) -> set[str]:
        """Give the steps from which a wanted exit may be come to."""
        found = {step for step, _exit in self.wanted}
        waiting = list(found)
        while waiting:
            fresh = self.before.get(waiting.pop(), set()) - found
            found |= fresh
            waiting += fresh
        return found

    def answers(self, trial: Trial, step: Step) -> Iterator[tuple[Input, str]]:
        """Give what a caller may do now, with the exit that it leads to where that is known."""
        expects = trial.expects
        match expects.may:
            case "answer":
                yield from ((Press(keys), exit_) for keys, exit_ in expects.keys if keys)
                if expects.words:
                    said = [(option.words[0], option.exit) for option in step.options if option.words]
                    yield from ((Say(word), exit_) for word, exit_ in said)
                if isinstance(step, Collect):
                    yield from ((Press(keys), "") for keys in digits(step, self.world.document))
                    yield Press("#" if step.end_key == "*" else "*"), ""  # no digit
                elif isinstance(step, ConferenceRoom):
                    yield from ((Press(pin), "") for pin in (RoomAs().guest_pin, RoomAs().host_pin))
                elif isinstance(step, CallBack):
                    yield Press("1"), ""
                yield StaySilent(), ""
                wrong = wrong_key(keys for keys, _exit in expects.keys)
                if expects.presses and wrong:
                    yield Press(wrong), ""
            case "message":
                yield from ((Speak(10), ""), (Speak(0), ""))
            case "wait":
                yield from ((Press(keys), exit_) for keys, exit_ in expects.keys if keys)
                yield StaySilent(), ""
            case _:
                yield StaySilent(), ""


def _asks_alike(now: Expects, before: Expects) -> bool:
    return (now.step, now.may, now.keys) == (before.step, before.may, before.keys) and now.may != "nothing"


def _ways(trial: Trial, world: World) -> Iterator[Exit]:
    return ((one.step, one.exit) for one in trial.path if one.flow == world.document.flow)


def _before(document: Document) -> Mapping[str, set[str]]:
    """Give the steps that lead to each step."""
    before: dict[str, set[str]] = {}
    for step in document.steps.values():
        for target in step.exits.values():
            before.setdefault(target, set()).add(step.id)
    return before


def _few(calls: list[tuple[_Try, Trial, tuple[Exit, ...]]]) -> Iterator[tuple[_Try, Trial, tuple[Exit, ...]]]:
    """Choose few calls that take all exits together: those that take the most first."""
    left = {exit_ for _try, _trial, covers in calls for exit_ in covers}
    every = [(one, trial, {(way.step, way.exit) for way in trial.path} & left) for one, trial, _covers in calls]
    while left:
        one, trial, takes = max(every, key=lambda row: (len(row[2] & left), -len(row[0].inputs)))
        covers = takes & left
        left -= covers
        yield (
            one,
            trial,
            tuple(way for way in dict.fromkeys((way.step, way.exit) for way in trial.path) if way in covers),
        )


def _suggestion(world: World, one: _Try, trial: Trial, covers: tuple[Exit, ...]) -> Suggestion:
    standing = trial.stays[-1].step if trial.stays else ""
    conditions = filling.relevant(one.conditions, trial, world)
    expected = Expected(
        reached=words.goal_of(world, trial.reached, standing=standing),
        exits=tuple(dict.fromkeys(Way(way.step, way.exit) for way in trial.path)),
    )
    return Suggestion(_name(world, covers), conditions, one.inputs[: trial.used], expected, covers)


def _name(world: World, covers: tuple[Exit, ...]) -> str:
    step, exit_ = covers[-1]
    found = world.document.steps[step]
    return f"{found.name}: {words.exit_label(found, exit_)}"


def of_exits(world: World, exits: Iterable[Exit]) -> Mapping[Exit, str]:
    """Name exits in words, with where each leads."""
    steps = world.document.steps
    return {
        (step, exit_): f"“{steps[step].name}”: {words.exit_label(steps[step], exit_)}"
        + (f" → “{steps[steps[step].exits[exit_]].name}”" if exit_ in steps[step].exits else "")
        for step, exit_ in exits
        if step in steps
    }
