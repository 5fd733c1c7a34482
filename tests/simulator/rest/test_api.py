"""What all of REST shares: log-in, errors, headers, faults, and what is not there yet."""

import json

import pytest
from requests import ReadTimeout
from twilio.base.exceptions import TwilioRestException

from simulator.simulator import Faults
from tests.simulator.rest.sdk import authorization, client, get
from tests.simulator.world import ACCOUNT, ANN, BASE, COMPANY, world


@pytest.mark.parametrize(
    "login",
    [
        "",
        "Basic",
        "Basic !!!",
        "Bearer abc",
        authorization(secret="wrong"),
        authorization(user="SK1", secret="x"),
        "Basic /w==",
    ],
)
def test_without_the_right_credentials_nothing_is_told(login):
    response = get(world().sim, "/Calls.json", login=login)

    assert response.status == 401
    assert json.loads(response.body) == {
        "code": 20003,
        "message": "Authenticate",
        "more_info": "https://www.twilio.com/docs/errors/20003",
        "status": 401,
    }


def test_an_api_key_logs_in_too():
    w = world(api_keys={"SK" + "1" * 32: "secret"})

    assert client(w.sim, "SK" + "1" * 32, "secret").calls.list() == []


def test_what_is_not_there_is_a_404_in_twilios_words():
    response = get(world().sim, "/Calls/CA1.json")

    assert response.status == 404
    body = json.loads(response.body)
    assert body["code"] == 20404
    assert body["message"] == f"The requested resource /2010-04-01/Accounts/{ACCOUNT}/Calls/CA1.json was not found"


@pytest.mark.parametrize("path", ["/Calls", "/Nonsense.json", "/calls.json"])
def test_paths_are_strict(path):
    assert get(world().sim, path).status == 404


def test_another_account_is_not_there():
    w = world()

    assert w.sim.rest("GET", "/2010-04-01/Accounts/AC1/Calls.json", [], [], authorization()).status == 404


def test_a_method_that_is_not_supported_is_said():
    w = world()
    response = w.sim.rest("POST", f"/2010-04-01/Accounts/{ACCOUNT}/Recordings.json", [], [], authorization())

    assert response.status == 405
    assert "not executed by this simulator yet" in w.sim.violations[0].text


def test_the_headers_are_twilios():
    headers = get(world().sim, "/Calls.json").headers

    assert headers["Content-Type"].startswith("application/json")
    assert headers["Twilio-Request-Id"].startswith("RQ")
    assert {"Twilio-Concurrent-Requests", "Twilio-Request-Duration", "X-Home-Region", "X-API-Domain"} <= headers.keys()


def test_conferences_queues_and_messages_are_empty_lists():
    twilio = client(world().sim)

    assert twilio.conferences.list() == []
    assert twilio.queues.list() == []
    assert twilio.messages.list() == []
    for resource in (twilio.conferences("CF1"), twilio.queues("QU1"), twilio.messages("SM1")):
        with pytest.raises(TwilioRestException) as refused:
            resource.fetch()
        assert refused.value.status == 404


def test_the_account_can_be_fetched():
    assert client(world().sim).api.accounts(ACCOUNT).fetch().status == "active"


def test_requests_are_on_record_with_what_was_wrong_in_them():
    w = world()
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
    w.sim.rest(
        "POST", path, [], [("To", ANN), ("From", COMPANY), ("Url", f"{BASE}/x"), ("Colour", "red")], authorization()
    )

    (exchange,) = w.sim.snapshot()["exchanges"]
    assert exchange["kind"] == "REST from app"
    assert (exchange["method"], exchange["url"], exchange["status"]) == ("POST", path, 201)
    assert exchange["fields"]["Colour"] == "red"
    assert [entry["code"] for entry in exchange["violations"]] == [20001]
    assert "Authorization" not in json.dumps(exchange)


@pytest.mark.parametrize(("fault", "status", "code"), [("429", 429, 20429), ("500", 500, 20500)])
def test_a_forced_error_does_nothing_and_passes(fault, status, code):
    faults = Faults()
    faults.force(fault, path="/Calls", method="POST")
    w = world(faults=faults)
    twilio = client(w.sim)

    with pytest.raises(TwilioRestException) as refused:
        twilio.calls.create(to=ANN, from_=COMPANY, url=f"{BASE}/x")

    assert (refused.value.status, refused.value.code) == (status, code)
    assert w.sim.legs() == []
    assert twilio.calls.create(to=ANN, from_=COMPANY, url=f"{BASE}/x").status == "queued"


@pytest.mark.parametrize(("fault", "calls"), [("timeout", 0), ("lost", 1)])
def test_no_answer_may_mean_done_or_not_done(fault, calls):
    faults = Faults()
    faults.force(fault, path="/Calls")
    w = world(faults=faults)

    with pytest.raises(ReadTimeout):
        client(w.sim).calls.create(to=ANN, from_=COMPANY, url=f"{BASE}/x")

    assert len(w.sim.legs()) == calls
    assert [exchange.status for exchange in w.sim.exchanges] == [0]


def test_errors_come_by_chance_too():
    w = world(faults=Faults(rest_429=0.5), seed=1)

    answers = {get(w.sim, "/Calls.json").status for _ in range(40)}

    assert answers == {200, 429}


@pytest.mark.parametrize("filters", ["?StartTime=yesterday", "?PageSize=none"])
def test_a_filter_that_is_none_is_refused(filters):
    w = world()
    w.call("<Hangup/>")

    assert get(w.sim, f"/Calls.json{filters}").status == 400
