"""The examples of docs/api.md, run as a newcomer runs them: against a live server, a simulator, and what beat does."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import time as clock
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

import calls.tasks
import crm.tasks
import outbound.tasks
from crm.models import Closing
from dialing.models import Limits
from rest import outgoing
from simulator.production import SIMULATED_ACCOUNT
from simulator.simulator import Habit
from tests.crm.asking import Asking
from tests.scenarios import flows
from tests.simulator.live import live_simulator

pytestmark = pytest.mark.django_db(transaction=True)

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
COMPANY, CUSTOMER = "+15005550100", "+14155550123"
NODE = shutil.which("node")
CLIENTS = [
    pytest.param([sys.executable, "client.py"], id="python"),
    pytest.param(
        [NODE or "node", "client.mjs"], id="javascript", marks=pytest.mark.skipif(not NODE, reason="Node is not here.")
    ),
]
SCOPES = ("calls:place", "events:read", "subscriptions:read", "subscriptions:write")


@pytest.fixture
def company(live_server: Any, settings: Any) -> Iterator[Any]:
    """A company that may call a customer who answers, at any hour."""
    with live_simulator(account_sid=SIMULATED_ACCOUNT, auth_token=settings.TWILIO_AUTH_TOKEN, speed=10) as live:
        settings.PUBLIC_BASE_URL = live_server.url
        settings.TWILIO_ACCOUNT_SID = SIMULATED_ACCOUNT
        settings.TWILIO_API_BASE_URL = live.url
        settings.TWILIO_CALLER_ID = COMPANY
        settings.OUTGOING_PRIVATE_NETWORKS = ["127.0.0.0/8"]
        live.simulator.add_number(COMPANY)
        live.simulator.add_phone(CUSTOMER, habit=Habit("answers", 1.0))
        Limits.objects.update_or_create(pk=1, defaults={"opens": clock(0), "closes": clock(0), "countries": ["US"]})
        yield live


def beat() -> None:
    """Do once what beat has workers do each few seconds; nobody waits for the moment at which all is settled."""
    calls.tasks.sweep()
    outbound.tasks.work()
    Closing.objects.update(due_at=timezone.now())
    for task in (crm.tasks.complete, crm.tasks.number, crm.tasks.deliver):
        task()


def until(happened: Callable[[], Any], seconds: float = 60) -> Any:
    end = time.monotonic() + seconds
    while not (found := happened()):
        assert time.monotonic() < end
        beat()
        time.sleep(0.1)
    return found


@contextmanager
def running(command: list[str], *arguments: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [*command, *arguments],
        cwd=EXAMPLES,
        env={**os.environ, **variables},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_places_a_call_and_follows_it_to_its_end(client: list[str], company: Any, live_server: Any) -> None:
    flow = flows.publish("News", {"News": flows.hang_up("Your bicycle is ready.")}, at=timezone.now())
    program = Asking(*SCOPES)
    known = {"CONTACT_CENTER": live_server.url, "API_KEY": program.token}

    with running(
        client, "call", f'{{"to": "{CUSTOMER}", "flow": {flow.pk}, "reference": "deal-7"}}', **known
    ) as placed:
        until(lambda: placed.poll() is not None)
        told = placed.stdout.read().splitlines() if placed.stdout else []

    assert told[0].startswith("ordered "), told
    events = [line.split(" ", 2)[:2] for line in told[1:]]
    assert [int(sequence) for sequence, _type in events] == list(range(1, len(events) + 1))
    types = [kind for _sequence, kind in events]
    assert types[-1] == "call.completed"
    assert {"call.started", "call.answered", "call.ended"} <= set(types)
    assert "Your bicycle is ready." in company.simulator.legs(CUSTOMER)[0].heard_text


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_hears_of_events_and_refuses_what_others_send(client: list[str], company: Any) -> None:
    port = _free_port()
    program = Asking(*SCOPES)
    made = program.post("/subscriptions", {"name": "Mine", "url": f"http://127.0.0.1:{port}/"}).json()

    with running(client, "listen", str(port), made["secret"]) as listening:
        until(lambda: _answers(port))
        event = program.post(f"/subscriptions/{made['id']}/test", {"type": "call.ended"}).json()["event"]
        forged = outgoing.signed([outgoing.new_secret()], message="x", at=timezone.now(), body=b"{}")
        until(lambda: program.get("/deliveries", {"state": "delivered"}).json()["items"])
        refused = outgoing.post(f"http://127.0.0.1:{port}/", b"{}", forged, seconds=5)
        listening.kill()
        told = listening.stdout.read().split() if listening.stdout else []

    assert told == [event, "call.ended"]
    assert refused.status == 401


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
