"""The processes of one run: web, workers, beat and the simulator, with one log each."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

STOP_SECONDS = 10


@contextmanager
def running(folder: Path, *, port: int, simulator_port: int, speed: float, origin: str) -> Iterator[dict[str, int]]:
    """Run all of them, give their process ids by name, and end them whatever happens."""
    python = [sys.executable, "-W", "ignore"]
    celery = [*python, "-m", "celery", "--quiet", "--app", "contactcenter"]
    worker = ["worker", "--pool", "threads", "--concurrency", "24", "--without-gossip", "--without-mingle"]
    commands = {
        "simulator": [
            *(*python, "-m", "simulator", "--port", str(simulator_port), "--config", str(folder / "simulator.json")),
        ],
        "web": [
            *(*python, "-m", "granian", "--interface", "wsgi", "contactcenter.wsgi:application", "--no-ws"),
            *("--host", "127.0.0.1", "--port", str(port), "--workers", "2", "--blocking-threads", "4"),
            *("--no-access-log", "--log-level", "warning", "--workers-kill-timeout", "3"),
        ],
        "worker-1": [*celery, *worker, "-n", "day-1@%h"],
        "worker-2": [*celery, *worker, "-n", "day-2@%h"],
        "media": [*celery, *worker, "--queues", "media", "-n", "media@%h"],
        "beat": [*celery, "beat", "--schedule", str(folder / "beat"), "--pidfile", ""],
    }
    settings = _settings(folder, simulator_port=simulator_port, speed=speed, origin=origin)
    started: list[subprocess.Popen[bytes]] = []
    try:
        for name, command in commands.items():
            with (folder / f"{name}.log").open("wb") as log:
                # The simulator does not run beside what may be a production.
                own = settings | {"DEBUG": "true"} if name == "simulator" else settings
                started.append(
                    subprocess.Popen(command, env=own, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
                )
        _answers(f"{origin}/healthz", started)
        _answers(f"http://127.0.0.1:{simulator_port}/sim/people", started)
        yield {name: process.pid for name, process in zip(commands, started, strict=True)}
    finally:
        for process in reversed(started):
            process.send_signal(signal.SIGTERM)
        for process in started:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _settings(folder: Path, *, simulator_port: int, speed: float, origin: str) -> dict[str, str]:
    ours: Mapping[str, str] = {
        "DJANGO_SETTINGS_MODULE": "contactcenter.settings",
        "PUBLIC_BASE_URL": origin,
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATA_DIR": str(folder),
        "TWILIO_API_BASE_URL": f"http://127.0.0.1:{simulator_port}",
        "SIMULATOR_URL": f"http://127.0.0.1:{simulator_port}",
        "TWILIO_CALLER_ID": "+15005550150",
        # Out of half a minute of theirs as well.
        "REJOIN_SECONDS": str(round(30 / speed) or 1),
        "TWILIO_CALLS_PER_SECOND": str(speed),
        "TWILIO_CONCURRENCY": str(round(4 * speed)),
    }
    return {**os.environ, **ours}


def _answers(url: str, processes: list["subprocess.Popen[bytes]"]) -> None:
    for _ in range(1200):
        if any(process.poll() is not None for process in processes):
            raise RuntimeError("A process has ended at its start: see its log.")
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer.")
