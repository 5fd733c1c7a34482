"""Our processes side by side under honcho: one log, one end."""

import contextlib
import json
import os
import re
import shlex
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from honcho.manager import Manager
from honcho.printer import Message, Printer

from embedded import processes
from embedded.environment import Choice
from embedded.place import ROOT, Place
from embedded.servers import Server

PYTHON = sys.executable
SYSTEM_LINE = re.compile(r"(?P<name>\S+) (?P<what>started|stopped) \((?:pid|rc)=(?P<number>-?\d+)\)")


def commands(choice: Choice, place: Place) -> dict[str, list[str]]:
    """Return what is run, by the name that stands before its log lines. Secrets travel in the environment only."""
    # Whoever runs this as root knows it, and the worker is as local as everything else here.
    calm = ["-W", "ignore:You're running the worker with superuser privileges"]
    celery = [PYTHON, *calm, "-m", "celery", "--quiet", "--app", "contactcenter"]
    worker = [*celery, "worker", "--concurrency", "2", "--without-gossip", "--without-mingle"]
    found = {
        "web": [PYTHON, "-m", "contactcenter.serve", "--port", str(choice.port)],
        "worker": [*worker, "--queues", "celery", "-n", "worker@%h"],
        # Moves sound and turns it into text, so that nobody who is rung waits for that.
        "media": [*worker, "--queues", "media", "-n", "media@%h"],
        # Waits for addresses of others to take events.
        "events": [*worker, "--concurrency", "1", "--queues", "events", "-n", "events@%h"],
        # Waits for computers of others, in threads, which cost little.
        "look-ups": [*worker, "--pool", "threads", "--concurrency", "8", "--queues", "look-ups", "-n", "look-ups@%h"],
        "beat": [*celery, "beat", "--schedule", str(place.var / "beat-schedule"), "--pidfile", ""],
    }
    if choice.simulator:
        found["simulator"] = [
            *(PYTHON, "-m", "simulator", "--port", str(choice.simulator_port)),
            *("--data", str(place.folder("simulator")), "--config", str(place.var / "simulator.json")),
            *("--admin-url", f"{choice.url}/admin/"),
        ]
    return found


class Record:
    """The processes that run, written down, so that the next run finds those that outlived a killed one."""

    def __init__(self, path: Path, *, mark: str) -> None:
        self.path = path
        self.mark = mark
        self.pids: dict[str, int] = {}
        self._began: dict[str, str] = {}

    def add(self, name: str, pid: int) -> None:
        """Write a process down."""
        seen = processes.look(pid)
        if seen is None:
            return
        self.pids[name] = pid
        self._began[name] = seen.began
        whole = {name: [pid, self._began[name]] for name, pid in self.pids.items()}
        draft = self.path.with_suffix(".new")
        draft.write_text(json.dumps(whole))
        draft.replace(self.path)

    def end_all(self) -> None:
        """End what is left of the groups, children of dead parents included."""
        for name, pid in self.pids.items():
            processes.end_group(pid, began=self._began[name], command_has=self.mark, patience=0.5)
        self.path.unlink(missing_ok=True)

    def end_leftovers(self) -> None:
        """End what a killed run has left behind."""
        try:
            found = json.loads(self.path.read_text())
        except (FileNotFoundError, ValueError):
            return
        for name, (pid, began) in found.items():
            if processes.end_group(pid, began=began, command_has=self.mark):
                print(f"Ended {name} (process {pid}), left over from a run that was killed.", flush=True)
        self.path.unlink()


class Lines(Printer):
    """Prints honcho's log lines; of its own remarks it takes note and says nothing."""

    def __init__(self, started: Callable[[str, int], None]) -> None:
        super().__init__(sys.stdout)
        self.started = started
        self.stopped: dict[str, int] = {}

    def write(self, message: Message) -> None:
        """Print a line of a process, or note that one started or stopped."""
        if message.name != "system":
            super().write(message)
            return
        found = SYSTEM_LINE.match(message.data)
        if found is None:
            return
        if found["what"] == "started":
            self.started(found["name"], int(found["number"]))
        else:
            self.stopped[found["name"]] = int(found["number"])


class Together(Manager):
    """All processes of one run. When one ends, all end."""

    def __init__(
        self,
        names: Mapping[str, Sequence[str]],
        variables: Mapping[str, str],
        *,
        servers: Sequence[Server],
        record: Record,
    ) -> None:
        self.lines = Lines(self._started)
        super().__init__(self.lines)
        self.servers = servers
        self.record = record
        self.names = list(names)
        self.lost: Server | None = None
        self.answering: Callable[[], bool] = lambda: False
        self._stop_early = False
        self._over = threading.Event()
        for name, command in names.items():
            # `exec`, so that the process on record is the program itself and not a shell.
            self.add_process(name, f"exec {shlex.join(command)}", env=dict(variables), cwd=str(ROOT))

    def run(self, *, ready: Callable[[], bool]) -> int:
        """Run until a signal comes or something ends; return the exit status. `ready` is asked until it says yes."""
        self.answering = ready
        try:
            self.loop()
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            self._over.set()
            self.record.end_all()
        return self._outcome()

    def terminate(self) -> None:
        """End all. honcho cannot end those that it has not heard of yet: then their start ends them."""
        if len(self.record.pids) < len(self.names):
            self._stop_early = True
        else:
            super().terminate()

    def _started(self, name: str, pid: int) -> None:
        self.record.add(name, pid)
        if len(self.record.pids) < len(self.names):
            return
        # All are forked, so threads may begin.
        threading.Thread(target=self._watch, daemon=True).start()
        if self._stop_early:
            self.terminate()

    def _watch(self) -> None:
        """See what honcho does not: servers that are gone, and children that outlive a parent and hold its output."""
        waiting = True
        while not self._over.wait(0.3):
            self.lost = self.lost or next((server for server in self.servers if not server.alive()), None)
            if self.lost:
                self.terminate()
            for name, pid in self.record.pids.items():
                if name not in self.lines.stopped and not processes.running(pid):
                    with contextlib.suppress(ProcessLookupError):
                        os.killpg(pid, signal.SIGKILL)
            waiting = waiting and not self.lines.stopped and not self.answering()

    def _outcome(self) -> int:
        if self.lost is not None:
            print(f"{self.lost.name} ended by itself, so all were stopped; {self.lost.log} may say why.", flush=True)
            return 1
        if self.returncode in {130, 143}:
            print("Stopped.", flush=True)
            return 0
        name, status = next(iter(self.lines.stopped.items()))
        how = f"was killed by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
        print(f"The process {name} {how}, so all were stopped; its last lines above may say why.", flush=True)
        return 1
