import os
import re
import signal
import socket
import subprocess
import sys

import pytest
import requests

from simulator.__main__ import main
from tests.patience import PATIENCE


def test_it_does_not_start_where_production_might_be(capsys):
    assert main([], {"DEBUG": "false"}) == 1

    assert "does not start: DEBUG is off" in capsys.readouterr().err


def test_a_port_in_use_is_one_clear_sentence(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        assert main(["--port", str(port)], {}) == 1

    assert capsys.readouterr().err == (
        f"Port {port} is in use by another program: choose another with --port or SIMULATOR_PORT.\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["--config", "/nowhere/at/all.json"],
        ["--number", "500=http://127.0.0.1:1/"],
        ["--phone", "+14155550100=Caller,sings"],
        ["--phone", "=Nobody"],
        ["--fault", "rain=1"],
        ["--fault", "drop=often"],
    ],
)
def test_a_wrong_option_is_one_clear_sentence(arguments, capsys):
    assert main(arguments, {}) == 1

    error = capsys.readouterr().err
    assert error.startswith("The simulator's configuration is wrong: ")
    assert error.count("\n") == 1


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_runs_alone_warns_and_ends_when_told(end):
    environment = {"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1", "SIMULATOR_CONFIG": '{"phones": []}'}
    command = [sys.executable, "-m", "simulator", "--port", "0", "--number", "+15005550100=http://127.0.0.1:1/voice"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        output = ""
        while "Auth token" not in output:
            line = process.stdout.readline()
            assert line, output
            output += line
        url = re.search(r"http://127\.0\.0\.1:\d+", output).group()

        snapshot = requests.get(f"{url}/sim/snapshot", timeout=PATIENCE).json()
        with requests.get(f"{url}/sim/events", stream=True, timeout=PATIENCE) as stream:
            assert stream.status_code == 200
            process.send_signal(end)
            output += process.communicate(timeout=PATIENCE)[0]
    finally:
        process.kill()
        process.communicate()

    assert "This is not Twilio" in output
    assert [number["number"] for number in snapshot["numbers"]] == ["+15005550100"]
    assert len(snapshot["phones"]) == 2
    assert process.returncode == 0
    assert "Traceback" not in output
    assert "+14155550100" not in output
