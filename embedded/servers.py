"""What PostgreSQL and Valkey have in common when they run under us: a child, or one that outlived its parent."""

import os
import shutil
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path

from embedded import processes
from embedded.trouble import Trouble

LOG_BYTES = 2_000_000


class Server(ABC):
    """One server process over one data folder, held by at most one supervisor at a time."""

    name: str
    stop_signals: tuple[signal.Signals, ...]

    def __init__(self, *, data: Path, log: Path, sockets: Path) -> None:
        self.data = data
        self.log = log
        self.sockets = sockets
        self.pid = 0
        self._child: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def url(self) -> str:
        """The address that clients connect to."""

    @abstractmethod
    def answers(self) -> int | None:
        """Return the process id of the server that answers over this data folder, if one does."""

    @abstractmethod
    def start(self) -> None:
        """Start the server or adopt the one that is still there; return when it answers."""

    def alive(self) -> bool:
        """Whether the server's process runs."""
        if self._child is not None:
            return self._child.poll() is None
        return bool(self.pid) and processes.running(self.pid)

    def stop(self) -> None:
        """End the server and wait for it; more rudely when it takes its time."""
        for number in self.stop_signals:
            if self.alive():
                os.kill(self.pid, number)
            if self._gone(within=10):
                shutil.rmtree(self.sockets, ignore_errors=True)
                return
        raise Trouble(f"{self.name} (process {self.pid}) does not end; end it by hand.")

    def adopt(self) -> bool:
        """Take over a server that outlived its supervisor; return whether there was one."""
        pid = self.answers()
        if pid is None:
            return False
        if self._child is None or self._child.pid != pid:
            self._forget_child()
            self.pid = pid
        return True

    def end_leftover(self) -> None:
        """Stop a server that outlived its supervisor."""
        if self.adopt():
            self.stop()
        self._forget_child()

    def launch(self, command: list[str], *, user: int | None = None, group: int | None = None) -> bool:
        """Start the command as a child and wait until it answers; return whether it does."""
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        self._forget_child()
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                # Ctrl-C goes to the whole group of the terminal; the servers must outlive those who use them.
                start_new_session=True,
                user=user,
                group=group,
                extra_groups=None if user is None else [],
            )
        self.pid = self._child.pid
        deadline = time.monotonic() + 60
        while self._child.poll() is None and time.monotonic() < deadline:
            if self.answers() == self.pid:
                return True
            time.sleep(0.02)
        return False

    def last_words(self) -> str:
        """Return the end of the log, for a message."""
        if not self.log.exists():
            return ""
        return " ".join(self.log.read_text(errors="replace").splitlines()[-3:])

    def failure(self) -> Trouble:
        """Say why the server does not start."""
        words = self.last_words()
        if "No space left on device" in words:
            return Trouble(f"{self.name} does not start: no space is left on the disk of {self.data}.")
        return Trouble(f"{self.name} does not start; {self.log} says: {words}")

    def _forget_child(self) -> None:
        if self._child is not None:
            self._child.poll()  # collects it when it is dead
            self._child = None

    def _gone(self, *, within: float) -> bool:
        deadline = time.monotonic() + within
        while self.alive():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True
