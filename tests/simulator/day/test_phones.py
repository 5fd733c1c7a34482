import pytest

from simulator.day.phones import Phones, Unreachable
from tests.simulator.live import live_simulator, twiml_app

NUMBER, CALLER = "+15005550100", "+14155550100"


@pytest.fixture
def live():
    with twiml_app({"/voice": "<Response><Pause length='60'/></Response>"}) as app, live_simulator() as live:
        live.simulator.add_number(NUMBER, voice_url=f"{app.url}/voice")
        yield live


def test_a_passing_caller_is_seen_while_on_the_line_and_leaves_no_phone(live):
    phones = Phones(live.url)
    sid = phones.dial(CALLER, NUMBER)

    seen = phones.people()

    assert [(each["sid"], each["phone"], each["talking"]) for each in seen] == [(sid, CALLER, False)]
    assert phones.snapshot()["phones"] == []
    assert phones.do(sid, "hang-up")
    assert not phones.do(sid, "hang-up")
    assert phones.people() == []


def test_a_call_that_is_impossible_has_no_sid(live):
    assert Phones(live.url).dial(CALLER, "+15005550199") is None


def test_what_the_simulator_refuses_is_said(live):
    with pytest.raises(Unreachable, match="refuses"):
        Phones(live.url).set_speed(0)
