"""Signed POSTs to the application as granian serves it, beside two references under the same server in the same run."""

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from benchmarks import flows, load
from benchmarks.load import Figures, Request
from ivr.models import Flow, Line, Version
from telephony.models import PhoneNumber

REQUESTS = int(os.environ.get("BENCH_REQUESTS", "3000"))
ROUNDS = 3
PORT = int(os.environ.get("BENCH_PORT", "8490"))
SMALL, LARGE = "+15005550110", "+15005550111"
NAMES = {
    "row": "reference: signature, lookup, one row",
    "fixed": "reference: signature, fixed answer",
    "call": "inbound call, 10 steps",
    "key": "pressed key, 10 steps",
    "call large": "inbound call, 10,000 steps",
    "key large": "pressed key, 10,000 steps",
}


def measure() -> None:
    _prepare()
    with _serving() as server:
        rounds = [_round(server, REQUESTS) for _ in range(ROUNDS + 1)][1:]  # the first one warms up
    middle = {name: _middle([figures[name] for figures in rounds]) for name in NAMES}
    _print(middle)


def _prepare() -> None:
    call_command("migrate", verbosity=0)
    PhoneNumber.objects.get_or_create(
        sid="PN" + "0" * 32, defaults={"number": SMALL, "friendly_name": "Benchmark", "synchronized_at": timezone.now()}
    )
    for number, steps in ((SMALL, 10), (LARGE, 10_000)):
        flow, _made = Flow.objects.get_or_create(name=f"Benchmark of {steps} steps")
        if flow.published is None:
            document = flows.document(steps) | {"flow": {"id": flow.pk, "name": flow.name}}
            flow.published = Version.objects.create(
                flow=flow, number=1, document=document, published_at=timezone.now(), published_by=None
            )
            flow.save()
        Line.objects.get_or_create(
            address=number, defaults={"name": flow.name, "flow": flow, "emergency_text": "Sorry."}
        )
    connection.close()


@contextmanager
def _serving() -> Iterator[int]:
    """Serve as docker/ and bin/run do, and give the server's process id."""
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "benchmarks.wsgi:application", "--no-ws"),
        *("--host", "127.0.0.1", "--port", str(PORT), "--workers", "2", "--blocking-threads", "4", "--no-access-log"),
        *("--log-level", "warning"),
    ]
    # no static files are collected here, and none are asked for
    server = subprocess.Popen(command, env=dict(os.environ) | {"PYTHONWARNINGS": "ignore::UserWarning"})
    try:
        _wait(server)
        yield server.pid
    finally:
        server.terminate()
        server.wait(10)


def _wait(server: "subprocess.Popen[bytes]") -> None:
    for _ in range(100):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=1):
                return
        except OSError:
            if server.poll() is not None:
                raise
            time.sleep(0.1)
    raise RuntimeError("The server does not answer.")


def _round(server: int, count: int) -> dict[str, Figures]:
    """Measure each kind of request once; the keys are pressed in the calls that have just begun."""
    figures = {}
    for name, path in (("row", "/reference/row"), ("fixed", "/reference/fixed")):
        figures[name] = _load(server, [Request(path, _fields(load.new_sid(), SMALL)) for _ in range(count)])
    for suffix, number in (("", SMALL), (" large", LARGE)):
        sids = [load.new_sid() for _ in range(count)]
        begun = _load(server, [Request("/voice/inbound", _fields(sid, number)) for sid in sids])
        figures["call" + suffix] = begun
        pressed = [_pressed(request, answer, number) for request, answer in begun.answers]
        figures["key" + suffix] = _load(server, pressed)
    return figures


def _load(server: int, requests: list[Request]) -> Figures:
    return load.run(
        requests, port=PORT, base_url=settings.PUBLIC_BASE_URL, token=settings.TWILIO_AUTH_TOKEN, server=server
    )


def _pressed(began: Request, answer: str, number: str) -> Request:
    action = re.search(r'<Gather[^>]* action="([^"]+)"', answer)
    if action is None:
        raise RuntimeError(f"No menu in {answer}")
    path = action[1].partition("#")[0].removeprefix(settings.PUBLIC_BASE_URL)
    fields = _fields(began.fields["CallSid"], number) | {"CallStatus": "in-progress"}
    return Request(path, fields | {"Digits": "1", "FinishedOnKey": "", "msg": "Gather End"})


def _fields(sid: str, number: str) -> dict[str, str]:
    places = {
        end + part: "" for end in ("From", "To", "Caller", "Called") for part in ("City", "State", "Zip", "Country")
    }
    return places | {
        "CallSid": sid,
        "AccountSid": settings.TWILIO_ACCOUNT_SID,
        "From": "+14155550123",
        "Caller": "+14155550123",
        "To": number,
        "Called": number,
        "CallStatus": "ringing",
        "ApiVersion": "2010-04-01",
        "Direction": "inbound",
    }


def _middle(rounds: list[Figures]) -> Figures:
    """Take the median of each figure over the rounds."""
    rate, p50, p99, cpu = (median(getattr(each, name) for each in rounds) for name in ("rate", "p50", "p99", "cpu"))
    return Figures(rate, p50, p99, cpu, [])


def _print(figures: dict[str, Figures]) -> None:
    print(f"Webhooks: {REQUESTS} signed POSTs each, 8 connections, granian with 2 workers; medians of {ROUNDS} rounds")
    print(f"  {'':40} {'req/s':>7} {'p50 ms':>7} {'p99 ms':>7} {'CPU ms':>7} {'CPU, row = 1':>13}")
    for name, title in NAMES.items():
        each = figures[name]
        ratio = each.cpu / figures["row"].cpu
        print(f"  {title:40} {each.rate:>7,.0f} {each.p50:>7.1f} {each.p99:>7.1f} {each.cpu:>7.2f} {ratio:>13.2f}")
    for name in ("call", "key"):
        ratio = figures[name + " large"].cpu / figures[name].cpu
        print(f"  {NAMES[name].partition(',')[0]}, 10,000 steps to 10: {ratio:.2f} times the CPU")
