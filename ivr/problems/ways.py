"""Where a document leads: what is never reached, what never ends, what goes on without the caller. Pure."""

from collections.abc import Hashable, Iterator, Mapping
from typing import TypeVar

from ivr.document import Document
from ivr.engine import MOST_HOPS
from ivr.kinds.base import Problem, Step
from ivr.kinds.go_to import GoToFlow
from ivr.kinds.queue import Queue

Node = TypeVar("Node", bound=Hashable)


def waited_before(document: Document, step: Step) -> bool:
    """Whether somebody who comes to a step can have waited in the queue that it names."""
    ways = _all(document)
    waiting = [one for one in document.steps.values() if isinstance(one, Queue) and one.reference == step.reference]
    return any(step.id in reached_from(ways, ways[one.id]) for one in waiting)


def found(document: Document) -> Iterator[Problem]:
    """Follow the exits: what is never reached, what never ends, what goes on without the caller."""
    if not document.first:
        return
    ways = _all(document)
    reached = reached_from(ways, [document.first])
    for step in document.steps.values():
        if step.id not in reached:
            yield step.warning("unreachable", f"No way leads to step “{step.name}”.")
    yield from _dead_ends(document, ways, reached)
    yield from _loops(document, reached)
    speaking = [id_ for id_ in reached if document.steps[id_].SPEAKS]
    answered = reached_from(ways, [target for id_ in speaking for target in ways[id_]])
    for id_ in answered:
        step = document.steps[id_]
        if step.KIND == "reject":
            text = (
                f"Step “{step.name}” can only reject a call that has heard nothing yet, but calls come to it later too."
            )
            yield step.error("reject_not_first", text)


def exits(document: Document, step: Step) -> Iterator[tuple[str, bool]]:
    """Give the steps that follow `step`, and whether only by what a person does."""
    for exit_ in step.exit_names():
        if exit_.name in step.exits:
            yield step.exits[exit_.name], exit_.by_caller
    if isinstance(step, GoToFlow) and step.reference == document.flow and document.first:
        yield document.first, False


def reached_in(document: Document) -> dict[str, None]:
    """Give the steps that a call which begins with the first one can come to, in order."""
    if not document.first:
        return {}
    return reached_from(_all(document), [document.first])


def _all(document: Document) -> Mapping[str, list[str]]:
    return {step.id: [target for target, _ in exits(document, step)] for step in document.steps.values()}


def reached_from(ways: Mapping[Node, list[Node]], starts: list[Node]) -> dict[Node, None]:
    """Give all steps that can be come to from `starts`, in order."""
    reached = dict.fromkeys(starts)
    todo = list(reached)
    while todo:
        for target in ways[todo.pop()]:
            if target not in reached:
                reached[target] = None
                todo.append(target)
    return reached


def _dead_ends(document: Document, ways: Mapping[str, list[str]], reached: Mapping[str, None]) -> Iterator[Problem]:
    back: dict[str, list[str]] = {id_: [] for id_ in document.steps}
    ends = []
    for step in document.steps.values():
        for target in ways[step.id]:
            back[target].append(step.id)
        # a missing exit is a problem of its own
        incomplete = any(exit_.required and exit_.name not in step.exits for exit_ in step.exit_names())
        leaves = isinstance(step, GoToFlow) and step.reference == document.flow
        if (step.ENDS and not leaves) or incomplete:
            ends.append(step.id)
    ending = reached_from(back, ends)
    for id_ in reached:
        if id_ not in ending:
            step = document.steps[id_]
            yield step.error("dead_end", f"From step “{step.name}” no way leads to an end of the call.")


def _loops(document: Document, reached: Mapping[str, None]) -> Iterator[Problem]:
    ways = {id_: [to for to, by_caller in exits(document, document.steps[id_]) if not by_caller] for id_ in reached}
    loops, order = walk(ways)
    for loop in loops:
        names = " → ".join(f"“{document.steps[id_].name}”" for id_ in [*loop, loop[0]])
        yield document.steps[loop[0]].error("loop", f"Calls can go round without the caller doing anything: {names}.")
    if loops:
        return
    hops = dict.fromkeys(reached, 1)
    for id_ in order:
        if hops[id_] == MOST_HOPS + 1:
            step = document.steps[id_]
            text = f"More than {MOST_HOPS} steps follow each other without the caller, up to step “{step.name}”."
            yield step.error("too_many_steps", text)
        for target in ways[id_]:
            hops[target] = max(hops[target], hops[id_] + 1)


def walk(ways: Mapping[Node, list[Node]]) -> tuple[list[list[Node]], list[Node]]:
    """Walk to the end of each way, depth first. Give the loops met, and all steps such that ways only lead forward."""
    loops: list[list[Node]] = []
    order: list[Node] = []
    done: set[Node] = set()
    for start in ways:
        path = {} if start in done else {start: iter(ways[start])}
        while path:
            here = next(reversed(path))
            target = next(path[here], None)
            if target is None:
                path.popitem()
                done.add(here)
                order.append(here)
            elif target in path:
                steps = list(path)
                loops.append(steps[steps.index(target) :])
            elif target not in done:
                path[target] = iter(ways[target])
    return loops, order[::-1]
