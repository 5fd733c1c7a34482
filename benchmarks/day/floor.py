"""The company that is called: a line, three queues, and agents with telephones and browser phones."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from agents.models import Agent, Endpoint, Team, User
from agents.states import EndpointKind
from ivr.models import Flow, Line, Version
from queues.models import Membership, Queue
from telephony.models import PhoneNumber

LINE = "+15005550150"
QUEUES = ("Sales", "Support", "Billing")
QUEUES_OF_AN_AGENT = 2
WRAP_UP_SECONDS = 2
BROWSERS_AMONG = 4  # every fourth agent has a browser phone, the others a telephone


@dataclass(frozen=True, slots=True)
class Floor:
    """Who works there, and what the simulator has to know."""

    agents: list[Agent]
    numbers: dict[str, str]
    """The telephone by agent's id; who has none has a browser phone."""


def furnish(count: int) -> Floor:
    """Make everything, in an empty database."""
    call_command("migrate", verbosity=0)
    team = Team.objects.create(name="Benchmark")
    queues = [
        Queue.objects.create(
            name=name, team=team, ring_seconds=20, wrap_up=Queue.WrapUp.OPTIONAL, wrap_up_seconds=WRAP_UP_SECONDS
        )
        for name in QUEUES
    ]
    _publish(queues)
    floor = Floor([], {})
    for index in range(count):
        account = User.objects.create(username=f"benchmark{index}", password=secrets.token_hex())
        agent = Agent.objects.create(user=account, name=f"Agent {index}", team=team, languages=["en-US"])
        if index % BROWSERS_AMONG:
            floor.numbers[str(agent.pk)] = f"+1650555{index:04}"
            Endpoint.objects.create(agent=agent, kind=EndpointKind.NUMBER, address=floor.numbers[str(agent.pk)])
        else:
            Endpoint.objects.create(agent=agent, kind=EndpointKind.BROWSER, address="")
        for offset in range(QUEUES_OF_AN_AGENT):
            Membership.objects.create(queue=queues[(index + offset) % len(queues)], agent=agent)
        floor.agents.append(agent)
    connection.close()
    return floor


def simulator_config(floor: Floor, *, url: str, path: Path) -> None:
    """Write what the simulator is started with."""
    phones = [{"address": number, "name": number} for number in floor.numbers.values()]
    line = {
        "number": LINE,
        "voice_url": f"{url}/voice/inbound",
        "voice_fallback_url": f"{url}/voice/fallback",
        "status_callback": f"{url}/webhooks/voice/status#rc=2&rp=all",
    }
    path.write_text(json.dumps({"numbers": [line], "phones": phones, "allowed_origin": url}))


def _publish(queues: list[Queue]) -> None:
    PhoneNumber.objects.create(
        sid="PN" + "1" * 32, number=LINE, friendly_name="Benchmark day", synchronized_at=timezone.now()
    )
    flow = Flow.objects.create(name="A day")
    flow.published = Version.objects.create(
        flow=flow, number=1, document=_document(flow, queues), published_at=timezone.now(), published_by=None
    )
    flow.save()
    Line.objects.create(address=LINE, name=flow.name, flow=flow, emergency_text="Sorry, please call again.")


def _document(flow: Flow, queues: list[Queue]) -> dict[str, object]:
    texts = {
        "menu": "For sales press 1, for support press 2, for billing press 3.",
        "again": "Sorry?",
        "wait": "Somebody will be with you soon.",
        "place": "You are number {position}.",
    }
    wait = [
        {"kind": "message", "prompt": "wait", "seconds": 10},
        {"kind": "position", "prompt": "place", "seconds": 10},
        {"kind": "pause", "prompt": "", "seconds": 20},
    ]
    ways = {queue.name.lower(): str(queue.pk) for queue in queues}
    options = [
        {"exit": name, "keys": str(key), "words": [name], "language": ""} for key, name in enumerate(ways, start=1)
    ]
    first = next(iter(ways))
    menu = {
        "kind": "menu",
        "name": "Menu",
        "settings": {},
        "prompts": {"greeting": "menu", "no_input": "again", "wrong": "again"},
        "exits": {name: name for name in ways} | {"no_input": first, "wrong_input": first},
        "options": options,
    }
    lines = {
        name: {
            "kind": "queue",
            "name": name,
            "queue": key,
            "settings": {"unstaffed": "never"},
            "prompts": {},
            "exits": dict.fromkeys(("answered", "timed_out", "full", "unstaffed"), "end"),
            "options": [],
            "wait": wait,
        }
        for name, key in ways.items()
    }
    end = {"kind": "hang_up", "name": "End", "settings": {}, "prompts": {}, "exits": {}, "options": []}
    return {
        "format": 1,
        "flow": {"id": flow.pk, "name": flow.name},
        "languages": [["en-US", "Polly.Joanna-Neural"]],
        "first": "menu",
        "prompts": {
            key: {"name": key, "wordings": {"en-US": {"text": text, "voice": "", "audio": ""}}}
            for key, text in texts.items()
        },
        "steps": {"menu": menu, **lines, "end": end},
    }
