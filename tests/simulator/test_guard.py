import pytest
import requests

from simulator.guard import is_loopback
from simulator.production import SIMULATED_ACCOUNT
from tests.patience import PATIENCE
from tests.simulator.live import PAGE, live_simulator


@pytest.fixture
def live():
    with live_simulator() as running:
        yield running


def test_every_answer_carries_the_security_headers(live):
    for path in ("/", "/page/main.js", "/sim/snapshot", f"/2010-04-01/Accounts/{SIMULATED_ACCOUNT}/Calls.json"):
        headers = live.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("host", ["evil.example", "169.254.1.1", "127.0.0.1.evil.example", "localhost.evil.example"])
def test_other_hosts_names_are_refused(live, host):
    assert live.get("/sim/snapshot", headers={"Host": host}).status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "simulator:8001"])
def test_other_hosts_names_are_served_when_remote_use_is_allowed(host):
    with live_simulator(allow_remote=True) as live:
        assert live.get("/sim/snapshot", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{}, PAGE | {"Origin": "http://evil.example"}, PAGE | {"Origin": "null"}, {"Content-Type": "text/plain"}],
)
def test_other_sites_pages_change_nothing(live, headers):
    answer = requests.post(
        f"{live.url}/sim/phones", data='{"address": "client:eve"}', headers=headers, timeout=PATIENCE
    )

    assert answer.status_code == 403
    assert live.snapshot()["phones"] == []


def test_the_simulators_own_page_may_change_things(live):
    answer = live.post("/sim/phones", {"address": "client:desk"}, headers=PAGE | {"Origin": live.url})

    assert answer.status_code == 204


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1:8001", True), ("localhost", True), ("[::1]:8001", True), ("app.localhost:1", True),
        ("127.8.9.1", True), ("", False), ("10.0.0.1", False), ("localhost.example", False), ("[::1", False),
        ("127.0.0.1@evil.example", False),
    ],
)  # fmt: skip
def test_only_this_machines_names_are_loopback(host, here):
    assert is_loopback(host) is here
