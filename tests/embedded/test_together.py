"""Processes side by side: their log, their common end, and what a killed run leaves."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from embedded import environment, processes
from embedded.place import ROOT, Place
from embedded.together import Record, commands
from tests.patience import PATIENCE, until

STEADY = "import time; print('steady', flush=True); time.sleep(60)"
FAILS = "import sys, time; time.sleep(0.3); print('alas', flush=True); sys.exit(3)"
# A parent that is killed while its child holds their common output open.
KILLED_PARENT = (
    "import os, signal, subprocess, sys, time; "
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); time.sleep(0.3); "
    "os.kill(os.getpid(), signal.SIGKILL)"
)
RUN = """
import json, sys
from pathlib import Path
from embedded.together import Record, Together

def ready():
    print("ready", flush=True)
    return True

if __name__ == "__main__":
    names = {name: [sys.executable, "-c", code] for name, code in json.loads(sys.argv[1]).items()}
    record = Record(Path(sys.argv[2]), mark=sys.executable)
    sys.exit(Together(names, {}, servers=[], record=record).run(ready=ready))
"""


def test_what_moves_media_and_what_sends_events_have_workers_of_their_own(tmp_path):
    found = commands(environment.choose({}), Place(tmp_path))

    queues = {name: command[command.index("--queues") + 1] for name, command in found.items() if "--queues" in command}
    assert queues == {"worker": "celery", "media": "media", "events": "events", "look-ups": "look-ups"}


@pytest.fixture
def run(tmp_path):
    (tmp_path / "run.py").write_text(RUN)
    started = []

    def start(**names):
        process = subprocess.Popen(
            [sys.executable, tmp_path / "run.py", json.dumps(names), tmp_path / "running.json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=dict(os.environ) | {"PYTHONPATH": str(ROOT)},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def groups(tmp_path):
    return [pid for pid, _began in json.loads((tmp_path / "running.json").read_text()).values()]


def wait_for_line(process, text):
    for line in process.stdout:
        if text in line:
            return line
    raise AssertionError(f"it ended without {text!r}")


def test_each_line_names_its_process_and_a_signal_ends_all(run, tmp_path):
    process = run(web=STEADY, worker=STEADY)
    lines = [wait_for_line(process, "steady"), wait_for_line(process, "steady")]
    wait_for_line(process, "ready")
    pids = groups(tmp_path)

    process.send_signal(signal.SIGINT)

    assert process.wait(timeout=PATIENCE) == 0
    assert process.stdout.read().splitlines()[-1] == "Stopped."
    assert {line.split()[1] for line in lines} == {"web", "worker"}
    assert [processes.look(pid) for pid in pids] == [None, None]
    assert not (tmp_path / "running.json").exists()


def test_a_process_that_ends_takes_the_others_with_it_and_is_named(run):
    process = run(web=STEADY, worker=FAILS)

    output, _ = process.communicate(timeout=PATIENCE)

    assert process.returncode == 1
    assert "worker | alas" in output
    assert "The process worker ended with status 3, so all were stopped" in output.splitlines()[-1]


def test_a_killed_parent_is_noticed_though_its_child_lives(run):
    process = run(web=STEADY, worker=KILLED_PARENT)

    output, _ = process.communicate(timeout=PATIENCE)

    assert process.returncode == 1
    assert "The process worker was killed by SIGKILL" in output.splitlines()[-1]


def test_a_signal_in_the_first_moment_leaves_nothing_behind(run, tmp_path):
    process = run(web=STEADY, worker=STEADY)
    until(lambda: (tmp_path / "running.json").exists())

    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=PATIENCE) == 0
    assert not (tmp_path / "running.json").exists()


def test_what_a_killed_run_left_is_ended_by_the_next(run, tmp_path, capsys):
    process = run(web=STEADY, worker=STEADY)
    wait_for_line(process, "ready")
    pids = groups(tmp_path)
    process.kill()
    process.wait()
    assert all(processes.running(pid) for pid in pids)

    Record(tmp_path / "running.json", mark=sys.executable).end_leftovers()

    until(lambda: not any(processes.running(pid) for pid in pids))
    assert "left over from a run that was killed" in capsys.readouterr().out
    assert not (tmp_path / "running.json").exists()


def test_a_record_of_processes_long_gone_ends_nobody(tmp_path):
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    (tmp_path / "running.json").write_text(json.dumps({"web": [stranger.pid, "an earlier boot/1"]}))

    Record(tmp_path / "running.json", mark=sys.executable).end_leftovers()

    time.sleep(0.1)
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()
