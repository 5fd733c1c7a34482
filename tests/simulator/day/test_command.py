import pytest

from simulator.__main__ import main
from tests.simulator.live import live_simulator, twiml_app

NUMBER, AGENT = "+15005550100", "+14155550111"
DOCUMENTS = {"/voice": f"<Response><Dial timeout='20'>{AGENT}</Dial></Response>"}


@pytest.fixture
def live():
    with twiml_app(DOCUMENTS) as app, live_simulator() as live:
        live.simulator.add_number(NUMBER, voice_url=f"{app.url}/voice")
        yield live


def play(live, *options):
    return main(["day", "--simulator", live.url, "--agent", f"{AGENT}=Ann", *options], {})


def test_a_part_of_a_day_is_played_against_a_simulator_that_runs(live, capsys):
    status = play(
        live, "--hours", "0.02", "--calls-per-hour", "600", "--speed", "40", "--talk", "10", "--answer", "1",
        "--declines", "0", "--fault", "drop=0.5", "--patience", "60",
    )  # fmt: skip

    told = capsys.readouterr().out
    assert status == 0
    assert "talked" in told
    assert "answered" in told
    assert not any(leg.live for leg in live.simulator.legs())
    assert live.simulator.faults.drop == 0.0
    assert live.simulator.clock.speed == 1
    assert [phone["address"] for phone in live.snapshot()["phones"]] == [AGENT]


def test_a_simulator_that_does_not_run_is_one_clear_sentence(capsys):
    assert main(["day", "--simulator", "http://127.0.0.1:9"], {}) == 1

    assert capsys.readouterr().err == "The day cannot be played: No simulator answers at http://127.0.0.1:9.\n"


@pytest.mark.parametrize("options", [("--keys", "1=often"), ("--fault", "rain=1")])
def test_a_wrong_option_is_one_clear_sentence(live, capsys, options):
    assert play(live, *options) == 1

    error = capsys.readouterr().err
    assert error.startswith("The day cannot be played: ")
    assert error.count("\n") == 1
