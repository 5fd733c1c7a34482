"""What is certain of all calls that begin in a flow: that they end well, and how long that takes at most. Pure.

Ways are followed through other flows. The longest ones pass no step twice; going round is told apart, with how often
that is possible before we end the call.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Literal, NamedTuple, TypeAlias

from ivr.document import Document
from ivr.engine import MOST_STEPS
from ivr.kinds.base import Step
from ivr.kinds.call_back import CallBack
from ivr.kinds.conference_room import ConferenceRoom
from ivr.kinds.go_to import GoToFlow
from ivr.kinds.queue import Queue
from ivr.kinds.ring import Ring
from ivr.kinds.voicemail import Voicemail
from ivr.proofs.longest import Edge, Longest, Paths
from ivr.proofs.staying import Lengths, Stay, stay

Goal: TypeAlias = Literal["person", "callback", "mailbox", "end"]
MOST_ROUNDS = 8  # told one by one

#: a step of a flow
Node: TypeAlias = tuple[str, str]


class Taken(NamedTuple):
    """A step that is passed, and the exit by which it is left; "" where the call ends in it."""

    flow: str
    step: str
    exit: str


class Way(NamedTuple):
    """A way of a call. `at_once`: its seconds for somebody who answers at once; `is_most`: no way has more."""

    taken: tuple[Taken, ...]
    steps: int
    prompts: int
    seconds: float
    at_once: float
    is_most: bool


class Round(NamedTuple):
    """Steps that a caller can go round, from one back to it: how often at most, and how many exits lead back to it."""

    taken: tuple[Taken, ...]
    most: int
    ways_back: int


class Open(NamedTuple):
    """Where a call is left without a way: an exit leads nowhere, or into no flow, or nothing ends after a step."""

    flow: str
    step: str
    exit: str
    why: Literal["nowhere", "endless", "unpublished"]


@dataclass(frozen=True, slots=True)
class Ground:
    """What ways lead through: documents by flow, seconds of sounds by hash, longest waits of queues by id."""

    flows: Mapping[str, Document]
    sounds: Mapping[str, float] = field(default_factory=dict)
    waits: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proof:
    """All that is certain of calls that begin in a flow.

    `goals` can be reached. `before` is the longest time before a person, or before what comes next to that (`goal`).
    """

    goals: frozenset[Goal]
    open: tuple[Open, ...]
    longest: Way | None
    most_prompts: Way | None
    before: Way | None
    goal: Goal | None
    rounds: tuple[Round, ...]
    more_rounds: int


class _Mark(NamedTuple):
    taken: Taken
    stay: Stay
    goal: Goal | None


def prove(flow: str, ground: Ground) -> Proof:
    """Follow all ways of calls that begin in a flow."""
    return _Walk(flow, ground).proof()


class _Walk:
    def __init__(self, flow: str, ground: Ground) -> None:
        self.ground = ground
        self.lengths = {
            key: Lengths(document.script, ground.sounds, ground.waits) for key, document in ground.flows.items()
        }
        self.nodes: list[Node] = []
        self.open: list[Open] = []
        self.edges: list[list[Edge[_Mark]]] = []
        first = ground.flows[flow].first if flow in ground.flows else ""
        if first:
            self._read((flow, first))

    def proof(self) -> Proof:
        if not self.nodes:
            return Proof(frozenset(), (), None, None, None, None, (), 0)
        paths = Paths(self.edges)
        goals = frozenset(edge.mark.goal for row in self.edges for edge in row if edge.mark.goal)
        goal = next((one for one in ("person", "callback", "mailbox", "end") if one in goals), None)
        rounds, more = self._rounds(paths)
        return Proof(
            goals=goals,
            open=(*self.open, *self._endless()),
            longest=_way(paths.longest(lambda edge: None if _is_short_cut(edge) else 1.0)),
            most_prompts=_way(
                paths.longest(lambda edge: None if _is_short_cut(edge) else float(edge.mark.stay.prompts))
            ),
            before=_way(paths.longest(lambda edge: _before(edge, goal))) if goal else None,
            goal=goal,
            rounds=rounds,
            more_rounds=more,
        )

    def _read(self, first: Node) -> None:
        numbers = {first: 0}
        self.nodes.append(first)
        for node in self.nodes:  # grows as ways are found
            row: list[Edge[_Mark]] = []
            for mark, target in self._ways(node):
                if target is not None and target not in numbers:
                    numbers[target] = len(self.nodes)
                    self.nodes.append(target)
                row.append(Edge(numbers[node], None if target is None else numbers[target], mark))
            self.edges.append(row)

    def _ways(self, node: Node) -> Iterator[tuple[_Mark, Node | None]]:
        flow, id_ = node
        step = self.ground.flows[flow].steps[id_]
        if isinstance(step, GoToFlow):
            yield from self._on(flow, step)
            return
        if step.ENDS:
            yield _Mark(Taken(flow, id_, ""), stay(step, "", self.lengths[flow]), "end"), None
        for exit_ in step.exit_names():
            if exit_.name in step.exits:
                spent = stay(step, exit_.name, self.lengths[flow])
                taken = Taken(flow, id_, exit_.name)
                reached = _reached(step, exit_.name)
                if reached:
                    yield _Mark(taken, spent, reached), None
                yield _Mark(taken, spent, reached), (flow, step.exits[exit_.name])
            elif exit_.required:
                self.open.append(Open(flow, id_, exit_.name, "nowhere"))

    def _on(self, flow: str, step: GoToFlow) -> Iterator[tuple[_Mark, Node | None]]:
        there = self.ground.flows.get(step.reference)
        if there is not None and there.first:
            yield _Mark(Taken(flow, step.id, ""), Stay(), None), (step.reference, there.first)
        elif "unavailable" in step.exits:
            yield _Mark(Taken(flow, step.id, "unavailable"), Stay(), None), (flow, step.exits["unavailable"])
        else:
            self.open.append(Open(flow, step.id, "", "unpublished"))

    def _endless(self) -> Iterator[Open]:
        """Find steps from which no way comes to an end; only the first ones of those are told."""
        back: list[list[int]] = [[] for _ in self.nodes]
        ending: list[int] = []
        unfinished = {(one.flow, one.step) for one in self.open}
        for place, row in enumerate(self.edges):
            for edge in row:
                if edge.end is None:
                    ending.append(place)
                else:
                    back[edge.end].append(place)
            if self.nodes[place] in unfinished:
                ending.append(place)
        reached = set(ending)
        while ending:
            for before in back[ending.pop()]:
                if before not in reached:
                    reached.add(before)
                    ending.append(before)
        for place, (flow, id_) in enumerate(self.nodes):
            if place not in reached and (place == 0 or any(before in reached for before in back[place])):
                yield Open(flow, id_, "", "endless")

    def _rounds(self, paths: Paths[_Mark]) -> tuple[tuple[Round, ...], int]:
        """Tell where callers can go round: to each step that is come back to, by the shortest way."""
        to: dict[int, list[Edge[_Mark]]] = {}
        for edge in paths.rounds:
            if edge.end is not None:
                to.setdefault(edge.end, []).append(edge)
        for knot in paths.knots:
            if len(knot) > 1:
                inside = frozenset(knot)
                first = min(knot)
                leading = [one for place in knot for one in paths.forward[place] if one.end == first]
                to.setdefault(first, []).extend(edge for edge in leading if edge.begin in inside)
        found = [self._round(target, edges) for target, edges in to.items()]
        found.sort(key=lambda one: (-one.ways_back, len(one.taken)))
        return tuple(found[:MOST_ROUNDS]), max(len(found) - MOST_ROUNDS, 0)

    def _round(self, target: int, back: list[Edge[_Mark]]) -> Round:
        """Find the shortest way from a step to one that leads back to it."""
        ends = {edge.begin: edge for edge in reversed(back)}
        came: dict[int, Edge[_Mark] | None] = {target: None}
        todo = [target]
        for place in todo:
            if place in ends:
                way = [ends[place]]
                before = came[place]
                while before is not None:
                    way.append(before)
                    before = came[before.begin]
                taken = tuple(edge.mark.taken for edge in reversed(way))
                return Round(taken, MOST_STEPS // len(taken), len(back))
            for edge in self.edges[place]:
                if edge.end is not None and edge.end not in came:
                    came[edge.end] = edge
                    todo.append(edge.end)
        raise AssertionError("a round comes back")


def _reached(step: Step, exit_: str) -> Goal | None:
    """Tell whom or what a call has reached that leaves a step by this exit."""
    match step:
        case Ring() | Queue() if exit_ == "answered":
            return "person"
        case ConferenceRoom() if exit_ in ("left", "ended"):
            return "person"
        case CallBack() if exit_ == "stored":
            return "callback"
        case Voicemail() if exit_ == "recorded":
            return "mailbox"
    return None


def _is_short_cut(edge: Edge[_Mark]) -> bool:
    """Whether an edge only says that somebody is reached; the call itself goes on."""
    return edge.end is None and edge.mark.goal not in (None, "end")


def _before(edge: Edge[_Mark], goal: Goal) -> float | None:
    if edge.end is None:
        return edge.mark.stay.seconds if edge.mark.goal == goal else None
    return None if edge.mark.goal == goal else edge.mark.stay.seconds  # who is reached waits no longer


def _way(found: Longest[_Mark] | None) -> Way | None:
    if found is None:
        return None
    marks = [edge.mark for edge in found.edges]
    seconds = sum(mark.stay.seconds for mark in marks)
    return Way(
        taken=tuple(mark.taken for mark in marks),
        steps=len(marks),
        prompts=sum(mark.stay.prompts for mark in marks),
        seconds=seconds,
        at_once=sum(mark.stay.least for mark in marks),
        is_most=found.is_exact or seconds == inf,
    )
