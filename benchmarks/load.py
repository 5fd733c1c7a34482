"""A load of signed POSTs over kept connections, and the processor time that the server spent on them."""

import base64
import hashlib
import hmac
import http.client
import threading
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode

TICK = 100  # clock ticks a second in /proc, on every Linux that we know


@dataclass(frozen=True, slots=True)
class Request:
    path: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Figures:
    """What one load gave: requests a second, milliseconds at the median and the 99th, server CPU ms per request."""

    rate: float
    p50: float
    p99: float
    cpu: float
    answers: list[tuple[Request, str]]


def new_sid(prefix: str = "CA") -> str:
    return prefix + uuid.uuid4().hex


def sign(token: str, url: str, fields: Mapping[str, str]) -> str:
    """Sign a form POST (Twilio page "Webhooks security")."""
    text = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


def run(
    requests: Iterable[Request], *, port: int, base_url: str, token: str, server: int, connections: int = 8
) -> Figures:
    """Send all of `requests`, each once, and measure; raises when any answer is not 200."""
    lines = [(request, *_prepare(request, base_url=base_url, token=token)) for request in requests]
    source = iter(lines)
    taking = threading.Lock()
    answers: list[tuple[Request, str]] = []
    times: list[float] = []

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while True:
            with taking:
                line = next(source, None)
            if line is None:
                return
            request, body, headers = line
            began = time.perf_counter()
            connection.request("POST", request.path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
            times.append(time.perf_counter() - began)
            if response.status != 200:
                raise RuntimeError(f"{request.path} answered {response.status}: {text[:200]}")
            answers.append((request, text))

    before, began = cpu_seconds(server), time.perf_counter()
    threads = [threading.Thread(target=work) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took, spent = time.perf_counter() - began, cpu_seconds(server) - before
    if len(answers) != len(lines):
        raise RuntimeError(f"only {len(answers)} of {len(lines)} requests were answered")
    cuts = quantiles(times, n=100)
    return Figures(len(lines) / took, cuts[49] * 1000, cuts[98] * 1000, spent / len(lines) * 1000, answers)


def _prepare(request: Request, *, base_url: str, token: str) -> tuple[bytes, dict[str, str]]:
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
        "I-Twilio-Idempotency-Token": str(uuid.uuid4()),
        "X-Twilio-Signature": sign(token, base_url + request.path, request.fields),
        "User-Agent": "TwilioProxy/1.1",
    }
    return urlencode(request.fields).encode(), headers


def cpu_seconds(pid: int) -> float:
    """Processor seconds of a process and its living descendants so far (Linux)."""
    return sum(_own_cpu(each) for each in (pid, *_descendants(pid)))


def _own_cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def _descendants(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield int(child)
            yield from _descendants(int(child))
