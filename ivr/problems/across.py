"""Where a document leads through other flows: round and round, for too long, or to no end. Pure."""

from collections.abc import Iterator, Mapping

from ivr.document import Document
from ivr.engine import MOST_HOPS
from ivr.kinds.base import Problem, Step
from ivr.kinds.go_to import GoToFlow
from ivr.problems.knowledge import Knowledge
from ivr.problems.ways import reached_from, walk

#: a step of a flow
Node = tuple[str, str]


def found(document: Document, knowledge: Knowledge) -> Iterator[Problem]:
    """Look at what lies ahead in other flows; what is wrong within one of them is its own affair."""
    flows = {**knowledge.flows, document.flow: document}
    leaving = [step for step in document.steps.values() if isinstance(step, GoToFlow) and step.reference in flows]
    if not document.first or all(step.reference == document.flow for step in leaving):
        return
    every = {node: [to for to, _ in following(flows, node)] for node in _nodes(flows)}
    ahead = {node: every[node] for node in reached_from(every, [(document.flow, document.first)])}
    yield from _loops(flows, document, ahead)
    yield from _dead_ends(flows, document, every, leaving)


def following(flows: Mapping[str, Document], node: Node) -> Iterator[tuple[Node, bool]]:
    """Give the steps that follow a step, in other flows too, and whether only by what a person does."""
    flow, id_ = node
    step = flows[flow].steps[id_]
    if isinstance(step, GoToFlow) and step.reference in flows:
        if flows[step.reference].first:
            yield (step.reference, flows[step.reference].first), False
        return
    for exit_ in step.exit_names():
        if exit_.name in step.exits:
            yield (flow, step.exits[exit_.name]), exit_.by_caller


def _nodes(flows: Mapping[str, Document]) -> Iterator[Node]:
    for flow, document in flows.items():
        for id_ in document.steps:
            yield flow, id_


def _loops(flows: Mapping[str, Document], document: Document, ahead: Mapping[Node, list[Node]]) -> Iterator[Problem]:
    silent = {node: [to for to, by_caller in following(flows, node) if not by_caller] for node in ahead}
    loops, order = walk(silent)
    for loop in loops:
        there = {flow for flow, _id in loop}
        if len(there) > 1 and document.flow in there:
            begin = next(place for place, (flow, _id) in enumerate(loop) if flow == document.flow)
            turned = [*loop[begin:], *loop[:begin]]
            names = " → ".join(_named(flows, node, document) for node in [*turned, turned[0]])
            text = f"Calls can go round through several flows without the caller doing anything: {names}."
            yield Problem("loop_across", "error", turned[0][1], text)
    if loops:
        return
    hops = dict.fromkeys(silent, 1)
    crossed = {node: node[0] != document.flow for node in silent}
    for node in order:
        if hops[node] == MOST_HOPS + 1 and crossed[node]:
            last = next(id_ for flow, id_ in order if flow == document.flow and _leaves(flows[flow].steps[id_]))
            text = (
                f"More than {MOST_HOPS} steps follow each other without the caller, through other flows, up to"
                f" {_named(flows, node, document)}."
            )
            yield Problem("too_many_steps_across", "error", last, text)
            return
        for target in silent[node]:
            if hops[node] + 1 > hops[target]:
                hops[target] = hops[node] + 1
                crossed[target] = crossed[node] or target[0] != document.flow


def _dead_ends(
    flows: Mapping[str, Document], document: Document, every: Mapping[Node, list[Node]], leaving: list[GoToFlow]
) -> Iterator[Problem]:
    back: dict[Node, list[Node]] = {node: [] for node in every}
    for node, targets in every.items():
        for target in targets:
            back[target].append(node)
    ending = reached_from(back, [node for node in every if _may_end(flows, node)])
    for step in leaving:
        if step.reference != document.flow and (document.flow, step.id) not in ending:
            there = flows[step.reference].flow_name
            text = f"From step “{step.name}” calls go on in flow “{there}”, and no way leads to an end of the call."
            yield step.error("dead_end_across", text)


def _may_end(flows: Mapping[str, Document], node: Node) -> bool:
    """Whether a call may end in a step; one that is not finished is told of elsewhere."""
    step = flows[node[0]].steps[node[1]]
    incomplete = any(exit_.required and exit_.name not in step.exits for exit_ in step.exit_names())
    goes_on = isinstance(step, GoToFlow) and step.reference in flows and bool(flows[step.reference].first)
    return (step.ENDS and not goes_on) or incomplete


def _leaves(step: Step) -> bool:
    return isinstance(step, GoToFlow)


def _named(flows: Mapping[str, Document], node: Node, seen_from: Document) -> str:
    flow, id_ = node
    name = f"“{flows[flow].steps[id_].name}”"
    return name if flow == seen_from.flow else f"{name} of flow “{flows[flow].flow_name}”"
