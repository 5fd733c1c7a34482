"""Ringing by habit, time-out and refusal is in `verbs/test_dial.py` and `rest/test_calls.py`; here is the pace."""

import json
from base64 import b64encode

from tests.simulator.world import ACCOUNT, ANN, BASE, COMPANY, TOKEN, world


def create(w, to):
    authorization = "Basic " + b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    form = [("To", to), ("From", COMPANY), ("Url", f"{BASE}/out")]
    return json.loads(w.sim.rest("POST", f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json", [], form, authorization).body)


def test_calls_asked_for_at_once_are_placed_one_a_second():
    w = world(calls_per_second=1.0)
    w.phone(ANN)

    calls = [create(w, ANN) for _ in range(3)]
    w.clock.advance(1.8)

    assert [call["queue_time"] for call in calls] == ["0", "1000", "2000"]
    assert [leg.status for leg in w.sim.legs(ANN)] == ["ringing", "ringing", "queued"]
