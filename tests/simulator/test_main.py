import json
import os
import re
import signal
import socket
import subprocess
import sys

import pytest
import requests

from simulator import config
from simulator.__main__ import main
from simulator.config import Config, ConfigError, NumberSettings, PhoneSettings
from simulator.numbers import Habit
from simulator.production import SIMULATED_ACCOUNT, looks_real, refusal

REAL_LOOKING = "AC" + "0123456789abcdef" * 2
LOCAL_API = {"TWILIO_API_BASE_URL": "http://127.0.0.1:8001"}


@pytest.mark.parametrize(
    "environment",
    [
        {"DEBUG": "false"},
        {"DEBUG": "0"},
        {"DEBUG": ""},
        {"PUBLIC_BASE_URL": "https://contact.example.com"},
        {"PUBLIC_BASE_URL": "http://contact.example.com"},
        {"PUBLIC_BASE_URL": "https://8.8.8.8"},
        {"PUBLIC_BASE_URL": "contact.example.com"},
        {"TWILIO_ACCOUNT_SID": REAL_LOOKING},
        {"TWILIO_ACCOUNT_SID": REAL_LOOKING, "TWILIO_API_BASE_URL": "https://api.twilio.com"},
        {"DEBUG": "false"} | LOCAL_API,
    ],
)
def test_the_simulator_refuses_to_start_where_production_might_be(environment, capsys):
    assert main([], environment) == 1

    assert "does not start" in capsys.readouterr().err


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"DEBUG": "true", "PUBLIC_BASE_URL": "http://127.0.0.1:8000"},
        {"PUBLIC_BASE_URL": "http://localhost:8000", "TWILIO_ACCOUNT_SID": SIMULATED_ACCOUNT},
        {"PUBLIC_BASE_URL": "http://web:8000"},
        {"PUBLIC_BASE_URL": "http://10.0.0.7:8000"},
        {"TWILIO_ACCOUNT_SID": REAL_LOOKING} | LOCAL_API,
    ],
)
def test_a_development_machine_is_no_production(environment):
    assert refusal(environment) == ""


def test_only_sids_that_twilio_could_have_given_look_real():
    assert looks_real(REAL_LOOKING)
    assert not looks_real(SIMULATED_ACCOUNT)
    assert not looks_real("ACsimulator")


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


def test_a_configuration_names_numbers_and_phones():
    text = json.dumps(
        {
            "numbers": [{"number": "+15005550100", "friendly_name": "Main", "voice_url": "http://127.0.0.1:1/voice"}],
            "phones": [
                {"address": "client:ann", "name": "Ann", "habit": {"answers": "answers", "after": 3}},
                {"address": "+14155550100", "habit": "ignores"},
            ],
        }
    )

    assert config.parse(text) == Config(
        (NumberSettings("+15005550100", "Main", "http://127.0.0.1:1/voice"),),
        (
            PhoneSettings("client:ann", "Ann", Habit("answers", 3)),
            PhoneSettings("+14155550100", "", Habit("ignores")),
        ),
    )


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        "[]",
        '{"lines": []}',
        '{"numbers": {}}',
        '{"numbers": [{"number": "+15005550100", "url": "x"}]}',
        '{"numbers": [{"number": "+15005550100", "voice_url": 1}]}',
        '{"phones": [{"name": "Ann"}]}',
        '{"phones": ["client:ann"]}',
        '{"phones": [{"address": "client:ann", "habit": {"answers": "asks", "after": -1}}]}',
    ],
)
def test_a_configuration_that_is_not_understood_is_refused(text):
    with pytest.raises(ConfigError):
        config.parse(text)


def test_options_add_to_the_configuration():
    base = Config((NumberSettings("+15005550100", "Main"),))

    whole = config.with_options(
        base,
        numbers=["+15005550100=http://127.0.0.1:1/voice?a=b"],
        fallbacks=["+15005550100=http://127.0.0.1:1/fallback"],
        callbacks=["+15005550101=http://127.0.0.1:1/status"],
        phones=["client:ann=Ann,answers,4", "+14155550100=Caller"],
    )

    assert whole.numbers == (
        NumberSettings("+15005550100", "Main", "http://127.0.0.1:1/voice?a=b", "http://127.0.0.1:1/fallback"),
        NumberSettings("+15005550101", status_callback="http://127.0.0.1:1/status"),
    )
    assert whole.phones == (
        PhoneSettings("client:ann", "Ann", Habit("answers", 4)),
        PhoneSettings("+14155550100", "Caller"),
    )


def test_faults_are_given_by_name():
    wanted = config.faults(["drop=0.2", "rest_500=1"])

    assert (wanted.drop, wanted.rest_500, wanted.delay) == (0.2, 1.0, 0.0)


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

        snapshot = requests.get(f"{url}/sim/snapshot", timeout=10).json()
        with requests.get(f"{url}/sim/events", stream=True, timeout=10) as stream:
            assert stream.status_code == 200
            process.send_signal(end)
            output += process.communicate(timeout=15)[0]
    finally:
        process.kill()
        process.communicate()

    assert "This is not Twilio" in output
    assert [number["number"] for number in snapshot["numbers"]] == ["+15005550100"]
    assert len(snapshot["phones"]) == 2
    assert process.returncode == 0
    assert "Traceback" not in output
    assert "+14155550100" not in output
