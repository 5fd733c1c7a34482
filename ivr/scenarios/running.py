"""Runs the scenarios of a flow on a draft or version: the world is read once, however many they are."""

import time
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from typing import Any

from ivr.document import parse
from ivr.drafting.drafts import compile_draft
from ivr.kinds.settings import Broken
from ivr.models import Flow, Scenario
from ivr.scenarios import words
from ivr.scenarios.checking import Difference, Result, Script, check
from ivr.scenarios.expected import Expected
from ivr.trial.conditions import Conditions, inputs_from_json
from ivr.trial.reading import addresses, read
from ivr.trial.world import World

Exit = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Report:
    """How scenarios went, and which exits they take of those that there are. `milliseconds` include all reading.

    `world` is None where the document cannot be read; `broken` says why, and nothing could be tried.
    """

    results: tuple[Result, ...]
    milliseconds: float
    world: World | None = None
    broken: str = ""
    exits: tuple[Exit, ...] = ()
    covered: frozenset[Exit] = frozenset()

    @property
    def failed(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if not result.passed)

    @property
    def passed(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.passed)

    @property
    def uncovered(self) -> tuple[Exit, ...]:
        return tuple(exit_ for exit_ in self.exits if exit_ not in self.covered)

    @property
    def percent(self) -> int:
        return 100 * len(self.covered) // len(self.exits) if self.exits else 100


def of_draft(flow: Flow) -> Report:
    """Run all scenarios of a flow on its draft."""
    return of_document(flow, compile_draft(flow))


def of_document(flow: Flow, document: dict[str, Any]) -> Report:
    """Run all scenarios of a flow on a document of it."""
    started = time.perf_counter()
    rows = list(flow.scenarios.order_by("name"))
    try:
        world = world_of(document)
    except Broken as broken:
        why = (Difference(f"The flow cannot be read: {broken}"),)
        results = tuple(Result(row.pk, row.name, why) for row in rows)
        return Report(results, _since(started), broken=str(broken))
    results = tuple(_run(rows, world))
    exits = tuple(words.exits(world.document))
    return Report(results, _since(started), world, "", exits, covered(results, world, set(exits)))


def world_of(document: dict[str, Any]) -> World:
    """Read what a trial of this document can come upon. Raises Broken."""
    return read(parse(document))


def covered(results: Iterable[Result], world: World, exits: Set[Exit]) -> frozenset[Exit]:
    """Give the exits of the document that trials took, whether they went as expected or not."""
    flow = world.document.flow
    taken = {
        (one.step, one.exit) for result in results if result.trial for one in result.trial.path if one.flow == flow
    }
    return frozenset(taken & exits)


def script(row: Scenario) -> Script:
    """Read a scenario's row. Raises Broken."""
    return Script(
        key=row.pk,
        name=row.name,
        conditions=Conditions.from_json(row.conditions),
        inputs=inputs_from_json(row.inputs),
        expected=Expected.from_json(row.expected),
        names=row.names,
    )


def _run(rows: Iterable[Scenario], world: World) -> Iterator[Result]:
    for row in rows:
        try:
            yield check(script(row), world, urls=addresses)
        except Broken as broken:
            yield Result(row.pk, row.name, (Difference(f"The scenario cannot be read: {broken}. Delete it."),))


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
