"""The engine and the rendering alone: steps a second on one core, in a small and in a large document."""

import time
import uuid

from benchmarks import flows
from ivr import engine
from ivr.document import Document, parse
from ivr.kinds.base import Keys, Urls
from telephony import twiml

SECONDS = 2.0


def measure() -> None:
    print("Engine and rendering, one core")
    rates = {}
    for steps in (10, 10_000):
        began = time.perf_counter()
        document = parse(flows.document(steps))
        parsing = time.perf_counter() - began
        rates[steps] = _rate(document)
        print(f"  {steps:>6} steps: {rates[steps]:>8,.0f} steps a second (parsed once in {parsing * 1000:.0f} ms)")
    print(f"  ratio of the large to the small: {rates[10_000] / rates[10]:.2f}\n")


def _rate(document: Document) -> float:
    """Walk calls from the first step on, a key pressed at each menu, each answer rendered; count steps entered."""
    facts, count, began = engine.Facts(), 0, time.perf_counter()
    while (took := time.perf_counter() - began) < SECONDS:
        urls = _urls()
        outcome = engine.begin(document, facts=facts, urls=urls)
        twiml.render(outcome.verbs)
        count += _entered(outcome)
        for _ in range(3):
            if outcome.ending:
                break
            outcome = engine.step(outcome.document, outcome.position, Keys("1"), facts=facts, urls=urls)
            twiml.render(outcome.verbs)
            count += _entered(outcome)
    return count / took


def _entered(outcome: engine.Outcome) -> int:
    return sum(kind == "entered" for kind, _data in outcome.events)


def _urls() -> Urls:
    base = f"https://contact.example.com/voice/visits/{uuid.uuid4()}/1"
    return Urls(base, base + "/screen", "https://contact.example.com/prompts/", base + "/status", base + "/recording")
