"""What the operating system says of a process, and ending those that are ours.

A process id alone proves nothing: after a crash or a restart of the machine it may belong to somebody else.
Together with the moment the process began it is unique.
"""

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Seen:
    """One process as it is now."""

    pid: int
    began: str
    group: int
    zombie: bool
    command: str


def look(pid: int) -> Seen | None:
    """Return what is known of a process, or nothing when it does not exist."""
    if (PROC / "self" / "stat").exists():
        return _from_proc(pid)
    if shutil.which("ps"):
        found = _from_ps("-p", str(pid))
        return found[0] if found else None
    return _from_signal(pid)


def running(pid: int) -> bool:
    """Whether the process exists and has not ended; a zombie only waits to be collected."""
    seen = look(pid)
    return seen is not None and not seen.zombie


def in_group(group: int) -> list[Seen]:
    """Return the processes of a group that have not ended."""
    if (PROC / "self" / "stat").exists():
        everything = [_from_proc(int(entry.name)) for entry in PROC.iterdir() if entry.name.isdigit()]
    elif shutil.which("ps"):
        everything = list(_from_ps("-A"))
    else:
        everything = [_from_signal(group)]
    return [seen for seen in everything if seen is not None and seen.group == group and not seen.zombie]


def end_group(group: int, *, began: str, command_has: str, patience: float = 5.0) -> bool:
    """End a process group that was recorded by its leader's id and beginning; return whether there was one of ours.

    When the leader is gone, its children keep the group: then the command line must show that they are ours.
    """
    members = in_group(group)
    leader = next((seen for seen in members if seen.pid == group), None)
    if leader is not None:
        ours = leader.began == began != UNKNOWN
    else:
        ours = bool(members) and all(command_has in seen.command for seen in members)
    if not ours:
        return False
    _signal_group(group, signal.SIGTERM)
    deadline = time.monotonic() + patience
    while in_group(group):
        if time.monotonic() > deadline:
            _signal_group(group, signal.SIGKILL)
        time.sleep(0.05)
    return True


def _signal_group(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return


def _from_proc(pid: int) -> Seen | None:
    try:
        # The name stands in parentheses and may hold anything, so the fields are counted from the last one.
        fields = (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
        command = (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return Seen(
        pid=pid, began=f"{boot}/{fields[19]}", group=int(fields[2]), zombie=fields[0] in {"Z", "X"}, command=command
    )


def _from_signal(pid: int) -> Seen | None:
    """A bare root folder may have neither /proc nor ps: then all we know is that the process is there."""
    try:
        os.kill(pid, 0)
        return Seen(pid=pid, began=UNKNOWN, group=os.getpgid(pid), zombie=False, command="")
    except PermissionError:
        return Seen(pid=pid, began="somebody else's", group=0, zombie=False, command="")
    except ProcessLookupError:
        return None


def _from_ps(*which: str) -> list[Seen]:
    columns = "pid=,pgid=,stat=,lstart=,command="
    listing = subprocess.run(["ps", *which, "-ww", "-o", columns], capture_output=True, text=True, check=False)
    found = []
    for line in listing.stdout.splitlines():
        pid, group, state, *rest = line.split(None, 8)
        found.append(
            Seen(
                pid=int(pid),
                began=" ".join(rest[:5]),
                group=int(group),
                zombie=state.startswith("Z"),
                command=rest[5] if len(rest) > 5 else "",
            )
        )
    return found
