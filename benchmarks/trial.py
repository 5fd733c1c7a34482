"""Trials of flows with 5, 50 and 500 steps, each call through the whole of a chain of menus; no database."""

import time
from datetime import UTC, datetime
from typing import Any

from ivr.document import parse
from ivr.kinds.base import Urls
from ivr.trial.conditions import Conditions, Input, Press
from ivr.trial.run import run
from ivr.trial.world import World

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
BASE = "https://contact.example.com"
ROUNDS = 50
MOST_KEYS = 20


def measure() -> None:
    for steps in (5, 50, 500):
        world = World(parse(_document(steps)))
        keys = min(steps - 1, MOST_KEYS)
        script: list[Input] = [Press("1")] * keys
        began = time.perf_counter()
        for _round in range(ROUNDS):
            run(world, Conditions(AT), script, urls=_urls)
        spent = (time.perf_counter() - began) / ROUNDS * 1000
        print(f"trial: {steps} steps, {keys} keys: {spent:.2f} ms a call, {spent / keys:.3f} ms a key")


def _document(steps: int) -> dict[str, Any]:
    menus = {
        str(number): {
            "kind": "menu",
            "name": f"Menu {number}",
            "prompts": {"greeting": "hello"},
            "options": [{"exit": "On", "keys": "1", "words": [], "language": ""}],
            "exits": {"On": str(number + 1), "no_input": str(steps), "wrong_input": str(steps)},
        }
        for number in range(1, steps)
    }
    said = {"en-US": {"text": "Hello. Press 1 to go on, or stay on the line.", "voice": "", "audio": ""}}
    return {
        "format": 1,
        "flow": {"id": 1, "name": "Chain"},
        "languages": [["en-US", "Polly.Joanna-Neural"]],
        "first": "1",
        "prompts": {"hello": {"name": "Hello", "wordings": said}},
        "steps": {**menus, str(steps): {"kind": "hang_up", "name": "End", "exits": {}}},
    }


def _urls(turn: int, loop: int) -> Urls:
    here = f"{BASE}/voice/visits/0/{turn}"
    return Urls(here, f"{here}/wait/{loop}", f"{BASE}/hold.wav", f"{here}/screen", f"{BASE}/prompts/", here, here)
