"""The checks of flows of 5, 50 and 500 steps, the proof of their ways, and 200 scenarios of each.

Whoever presses "Checks" or "Publish" waits for all of it.
"""

import random
import time
from datetime import UTC, datetime
from typing import Any

from django.core.management import call_command

from benchmarks import flows
from ivr import actions
from ivr.document import parse
from ivr.models import Flow, Line, Scenario
from ivr.proofs import proving
from ivr.scenarios.running import of_document, world_of
from ivr.trial.conditions import Conditions, Press, StaySilent, inputs_to_json
from ivr.trial.reading import addresses
from ivr.trial.run import run

SIZES = (5, 50, 500)
SCENARIOS = 200
PRESSES = 6
LIMIT_SECONDS = 5.0
AT = datetime(2026, 3, 2, 15, tzinfo=UTC)


def measure() -> None:
    call_command("migrate", verbosity=0)
    print(f"Checks, proof and {SCENARIOS} scenarios, with all that is read for them")
    print(f"  {'steps':>7} {'checks ms':>10} {'proof ms':>9} {'scenarios ms':>13}")
    for size in SIZES:
        flow, document = _made(size)
        checked = _took(lambda document=document: actions.check(document, at=AT))
        proved = _took(lambda document=document: proving.lines(parse(document)))
        began = time.perf_counter()
        report = of_document(flow, document)
        tried = time.perf_counter() - began
        if report.failed or len(report.results) != SCENARIOS:
            raise AssertionError(f"{len(report.failed)} scenarios of {len(report.results)} failed")
        whole = checked + proved + tried
        kept = "" if whole <= LIMIT_SECONDS else f"  NOT KEPT: {whole:.1f} s of at most {LIMIT_SECONDS:.0f}"
        print(f"  {size:>7} {checked * 1000:>10.0f} {proved * 1000:>9.0f} {tried * 1000:>13.0f}{kept}")
    print()


def _made(size: int) -> tuple[Flow, dict[str, Any]]:
    """Give a flow, its document, a line that leads to it, and calls that walk it, by chance but always the same."""
    document = flows.document(size)
    flow = Flow.objects.create(name=document["flow"]["name"])
    document["flow"]["id"] = flow.pk
    address = f"+1500555{size:04d}"
    Line.objects.create(name=f"Line {size}", address=address, flow=flow, emergency_text="Please call again later.")
    chance = random.Random(size)
    conditions, world = Conditions(at=AT, number=address, caller="+14155550123"), world_of(document)
    for number in range(SCENARIOS):
        inputs = [StaySilent() if chance.random() < 0.1 else Press(chance.choice("123")) for _ in range(PRESSES)]
        used = run(world, conditions, inputs, urls=addresses).used
        Scenario.objects.create(
            flow=flow,
            name=f"Call {number}",
            conditions=conditions.to_json(),
            inputs=inputs_to_json(inputs[:used]),
            expected={"said": ["Thank you for calling"]},
            changed_at=AT,
        )
    return flow, document


def _took(doing: Any) -> float:
    times = []
    for _ in range(5):
        began = time.perf_counter()
        doing()
        times.append(time.perf_counter() - began)
    return sorted(times)[len(times) // 2]
