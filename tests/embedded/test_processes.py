"""Knowing our own processes from others, and ending only those."""

import os
import subprocess
import sys

from embedded import processes
from tests.patience import until

PARENT_AND_CHILD = (
    "import subprocess, sys, time; "
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); time.sleep(60)"
)


def start(code="import time; time.sleep(60)"):
    return subprocess.Popen([sys.executable, "-c", code], start_new_session=True)


def began(process):
    seen = processes.look(process.pid)
    assert seen is not None
    return seen.began


def test_a_process_is_seen_with_what_makes_it_unique():
    process = start()
    # Between fork and exec it still looks like its parent.
    until(lambda: "time.sleep(60)" in processes.look(process.pid).command)

    seen = processes.look(process.pid)

    assert seen is not None
    assert seen.group == process.pid
    assert seen.began == began(process)
    process.kill()
    until(lambda: not processes.running(process.pid))
    assert processes.look(process.pid).zombie
    process.wait()
    assert processes.look(process.pid) is None


def test_a_recorded_group_is_ended_with_its_children():
    process = start(PARENT_AND_CHILD)
    until(lambda: len(processes.in_group(process.pid)) == 2)

    assert processes.end_group(process.pid, began=began(process), command_has=sys.executable)

    assert processes.in_group(process.pid) == []
    process.wait()


def test_children_of_a_dead_parent_are_ended_too():
    process = start(PARENT_AND_CHILD)
    since = began(process)
    until(lambda: len(processes.in_group(process.pid)) == 2)
    process.kill()
    process.wait()

    assert processes.end_group(process.pid, began=since, command_has=sys.executable)

    assert processes.in_group(process.pid) == []


def test_a_process_that_only_has_the_recorded_id_is_left_alone():
    process = start()

    assert not processes.end_group(process.pid, began="another boot/1", command_has=sys.executable)

    assert process.poll() is None
    process.kill()
    process.wait()


def test_orphans_of_somebody_else_are_left_alone():
    process = start(PARENT_AND_CHILD)
    until(lambda: len(processes.in_group(process.pid)) == 2)
    process.kill()
    process.wait()

    assert not processes.end_group(process.pid, began="whenever", command_has="/somewhere/else/.venv/bin/python")

    [orphan] = processes.in_group(process.pid)
    os.kill(orphan.pid, 9)


def test_a_process_that_ignores_a_polite_request_is_killed():
    process = start(
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    )
    until(lambda: _ignores_sigterm(process.pid))

    assert processes.end_group(process.pid, began=began(process), command_has=sys.executable, patience=0.1)

    assert process.wait() == -9


def _ignores_sigterm(pid):
    masks = [line for line in processes.PROC.joinpath(str(pid), "status").read_text().splitlines() if "SigIgn" in line]
    return bool(int(masks[0].split()[1], 16) & (1 << 14))
