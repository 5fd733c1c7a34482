"""Trials of documents that are written down in a test; no database."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ivr.document import Document
from ivr.kinds.base import Urls
from ivr.kinds.requests import Wording
from ivr.trial.conditions import Conditions, Input
from ivr.trial.run import run
from ivr.trial.told import Trial
from ivr.trial.world import QueueOf, RoomOf, World
from tests.ivr.factories import make_document
from tests.telephony.schema import violations

MONDAY = datetime(2026, 3, 2, 15, tzinfo=UTC)
OURS, CALLER = "+15005550100", "+14155550123"
BASE = "https://contact.example.com"
MUSIC = f"{BASE}/static/audio/hold.wav"


def urls(turn: int, loop: int) -> Urls:
    return Urls(
        resume=f"{BASE}/voice/visits/0/{turn}",
        wait=f"{BASE}/voice/visits/0/{turn}/wait/{loop}",
        screen=f"{BASE}/voice/visits/0/{turn}/screen",
        music=MUSIC,
        media=f"{BASE}/prompts/",
        child_status=f"{BASE}/webhooks/voice/status",
        recording=f"{BASE}/webhooks/recording",
    )


def a_world(steps: dict[str, dict[str, Any]] | Document, **more: Any) -> World:
    """A world with one of everything, by the id 1."""
    document = steps if isinstance(steps, Document) else make_document(steps)
    given: dict[str, Any] = {
        "flows": {document.flow: document},
        "queues": {"1": QueueOf("Sales")},
        "rooms": {"1": RoomOf("Board", 10)},
        "mailboxes": {"1": "Front desk"},
        "sources": {"1": "CRM"},
        "sounds": {MUSIC: 16.0},
        "standard_ask": Wording("May we record?", "en-US"),
        "standard_tell": Wording("We record.", "en-US"),
        "hold": f"{BASE}/voice/hold",
        "conference_news": f"{BASE}/webhooks/conference",
    }
    return World(document, **(given | more))


def attempt(
    steps: dict[str, dict[str, Any]] | Document | World,
    *inputs: Input,
    world: Mapping[str, Any] | None = None,
    **supposed: Any,
) -> Trial:
    """Run a trial; each document that it sends is one that Twilio would take."""
    conditions = Conditions(**{"at": MONDAY, "number": OURS, "caller": CALLER, **supposed})
    there = steps if isinstance(steps, World) else a_world(steps, **(world or {}))
    trial = run(there, conditions, inputs, urls=urls)
    assert [violations(document) for document in trial.twiml if violations(document)] == []
    assert trial == run(there, conditions, inputs, urls=urls)
    return trial


def ways(trial: Trial) -> list[tuple[str, str]]:
    return [(taken.step, taken.exit) for taken in trial.path]


def whats(trial: Trial) -> list[str]:
    return [moment.what for moment in trial.moments]
