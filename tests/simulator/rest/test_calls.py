"""Calls by REST, as the real library makes them."""

import json
from datetime import UTC, date, datetime

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.simulator.rest.sdk import client, get
from tests.simulator.world import ANN, BASE, BOB, CALLER, COMPANY, pick, statuses, world

EVENTS = ["initiated", "ringing", "answered", "completed"]


def reaching(answers: str = "answers", **options):
    """A world with Ann's phone, and a client."""
    w = world(**options)
    w.phone(ANN, answers)
    return w, client(w.sim)


def test_a_call_is_queued_then_rings_and_asks_for_its_document_when_it_is_answered():
    w, twilio = reaching()
    w.page("/hello", "<Say>Hello Ann</Say>")

    made = twilio.calls.create(
        to=ANN, from_=COMPANY, url=f"{BASE}/hello", status_callback=f"{BASE}/news", status_callback_event=EVENTS
    )
    assert made.status == "queued"
    assert made.direction == "outbound-api"
    assert w.app.requests == []
    w.sim.run_until_idle()

    (fields,) = w.app.asked("/hello")
    assert pick(fields, "CallSid", "CallStatus", "Direction", "From", "To") == {
        "CallSid": made.sid,
        "CallStatus": "in-progress",
        "Direction": "outbound-api",
        "From": COMPANY,
        "To": ANN,
    }
    told = w.app.asked("/news")
    assert statuses(told) == ["initiated", "ringing", "in-progress", "completed"]
    assert [entry["SequenceNumber"] for entry in told] == ["0", "1", "2", "3"]
    assert told[-1]["CallDuration"] == "1"
    assert "CallDuration" not in told[0]


@pytest.mark.parametrize(
    ("answers", "final", "code"),
    [
        ("busy", "busy", "486"),
        ("declines", "busy", "603"),
        ("ignores", "no-answer", "487"),
        ("unreachable", "failed", "404"),
    ],
)
def test_an_unanswered_call_asks_for_no_document(answers, final, code):
    w, twilio = reaching(answers)
    made = twilio.calls.create(to=ANN, from_=COMPANY, url=f"{BASE}/hello", status_callback=f"{BASE}/news")
    w.sim.run_until_idle()

    assert w.app.paths() == ["/news"]
    assert pick(w.app.asked("/news")[0], "CallStatus", "SipResponseCode") == {
        "CallStatus": final,
        "SipResponseCode": code,
    }
    assert made.fetch().status == final
    assert made.fetch().duration == "0"


def test_the_document_may_come_with_the_request():
    w, twilio = reaching()
    made = twilio.calls.create(to=ANN, from_=COMPANY, twiml="<Response><Say>Direct</Say></Response>")
    w.sim.run_until_idle()

    assert w.sim.leg(made.sid).heard_text == "Direct"


def test_a_document_of_the_request_has_no_url_for_a_relative_action():
    w, twilio = reaching()
    made = twilio.calls.create(
        to=ANN, from_=COMPANY, twiml="<Response><Gather action='/key' numDigits='1'/></Response>"
    )
    w.sim.advance(3)
    w.sim.press(made.sid, "1")
    w.sim.run_until_idle()

    assert w.codes() == [15004]
    assert "application error" in w.sim.leg(made.sid).heard_text


def test_digits_are_sent_after_the_answer():
    w, twilio = reaching()
    w.page("/hello", "<Say>Hello</Say>")
    made = twilio.calls.create(to=ANN, from_=COMPANY, url=f"{BASE}/hello", send_digits="ww12#")
    w.sim.run_until_idle()

    assert [heard.text for heard in w.sim.leg(made.sid).heard[1:]] == ["Key tones", "Hello"]


def test_calls_wait_for_their_turn_at_one_a_second():
    w, twilio = reaching("ignores")
    made = [
        twilio.calls.create(
            to=ANN, from_=COMPANY, url=f"{BASE}/x", status_callback=f"{BASE}/n", status_callback_event=EVENTS
        )
        for _ in range(3)
    ]
    w.sim.advance(1.5)

    assert [call.fetch().status for call in made] == ["ringing", "ringing", "queued"]
    assert [call.fetch().queue_time for call in made] == ["0", "1000", "2000"]


def test_the_rate_of_calls_can_be_set():
    w, twilio = reaching("ignores", calls_per_second=10)
    made = [twilio.calls.create(to=ANN, from_=COMPANY, url=f"{BASE}/x") for _ in range(3)]
    w.sim.advance(0.8)

    assert {call.fetch().status for call in made} == {"ringing"}


def test_a_call_to_a_number_of_our_own_is_two_legs():
    w, twilio = reaching()
    w.page("/hello", "<Pause length='9'/>")
    w.page("/voice", "<Say>You have reached the company</Say>")
    w.sim.add_number("+14155550101", voice_url=f"{BASE}/hello")
    twilio.calls.create(to=COMPANY, from_="+14155550101", url=f"{BASE}/hello")
    w.sim.run_until_idle()

    assert [leg.direction for leg in w.sim.legs()] == ["outbound-api", "inbound"]
    assert w.app.asked("/voice")[0]["CallSid"] != w.app.asked("/hello")[0]["CallSid"]
    assert {leg.status for leg in w.sim.legs()} == {"completed"}


def test_the_whole_call_can_be_recorded():
    w, twilio = reaching()
    w.page("/hello", "<Say>Hello Ann, how are you?</Say><Pause length='4'/>")
    made = twilio.calls.create(
        to=ANN,
        from_=COMPANY,
        url=f"{BASE}/hello",
        record=True,
        recording_channels="dual",
        recording_status_callback=f"{BASE}/rec",
        status_callback=f"{BASE}/news",
    )
    w.sim.advance(3)
    w.sim.speak(made.sid, "Fine")
    w.sim.run_until_idle()

    (recording,) = twilio.recordings.list()
    assert (recording.source, recording.channels, recording.call_sid) == ("OutboundAPI", 2, made.sid)
    assert w.app.asked("/news")[0]["RecordingSid"] == recording.sid
    assert w.app.asked("/rec")[0]["RecordingStatus"] == "completed"


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"to": ""}, 21201),
        ({"from_": ""}, 21213),
        ({"to": "555"}, 21211),
        ({"to": "nobody"}, 21211),
        ({"from_": "555"}, 21212),
        ({"from_": "client:ann"}, 21212),
        ({"from_": CALLER}, 21210),
        ({"url": "/relative"}, 21205),
        ({"url": "https://my_host.example.com/"}, 21205),
        ({"url": None}, 21205),
        ({"url": None, "fallback_url": f"{BASE}/f"}, 21405),
        ({"application_sid": "AP1"}, 21218),
        ({"method": "PUT"}, 21209),
        ({"timeout": 601}, 21208),
        ({"send_digits": "call me"}, 21206),
        ({"send_digits": "1" * 33}, 21206),
        ({"url": None, "twiml": "x" * 4001}, 32018),
    ],
)
def test_what_twilio_refuses_is_refused(parameters, code):
    w, twilio = reaching()
    given = {"to": ANN, "from_": COMPANY, "url": f"{BASE}/hello"} | parameters

    with pytest.raises(TwilioRestException) as refused:
        twilio.calls.create(**{name: value for name, value in given.items() if value is not None})

    assert (refused.value.status, refused.value.code) == (400, code)
    assert w.sim.legs() == []


def test_what_is_ignored_or_not_executed_is_on_record():
    w, twilio = reaching()
    twilio.calls.create(to=ANN, from_=COMPANY, url=f"{BASE}/x", twiml="<Response/>")
    form = [("To", ANN), ("From", COMPANY), ("Url", f"{BASE}/x"), ("Colour", "red")]
    twilio.http_client.sim.rest("POST", f"/2010-04-01/Accounts/{twilio.account_sid}/Calls.json", [], form, "")

    assert w.codes()[:1] == [32019]


def test_a_live_call_gets_another_document():
    w, twilio = reaching()
    w.page("/second", "<Say>Second</Say>")
    leg = w.call("<Say>First, and it is a long one</Say><Say>Never</Say>")
    w.sim.advance(1)

    answer = twilio.calls(leg.sid).update(url=f"{BASE}/second", method="POST")
    w.sim.run_until_idle()

    assert answer.status == "in-progress"
    assert "Second" in leg.heard_text
    assert "Never" not in leg.heard_text


def test_a_document_for_one_side_of_a_bridge_ends_it():
    w, twilio = reaching()
    w.page("/park", "<Say>Please hold</Say><Pause length='60'/>")
    leg = w.call(f"<Dial><Number>{ANN}</Number></Dial>")
    w.sim.advance(4)
    child = leg.bridged

    twilio.calls(leg.sid).update(url=f"{BASE}/park")
    w.sim.advance(2)

    assert child.status == "completed"
    assert leg.doing == "playing"


def test_taking_the_child_out_of_a_bridge_lets_the_caller_go_on():
    w, twilio = reaching()
    w.page("/over", "<Say>The other side was taken away</Say>")
    leg = w.call(f"<Dial action='/over'><Number>{ANN}</Number></Dial>")
    w.sim.advance(4)
    child = leg.bridged

    twilio.calls(child.sid).update(twiml="<Response><Say>Come with me</Say></Response>")
    w.sim.run_until_idle()

    assert "Come with me" in child.heard_text
    assert pick(w.app.asked("/over")[0], "DialCallStatus", "DialBridged", "DialCallDuration") == {
        "DialCallStatus": "completed",
        "DialBridged": "true",
    }


def test_a_document_asked_for_while_another_is_being_fetched_wins():
    w, twilio = reaching()
    w.page("/second", "<Say>Second</Say>")

    def slow(_):
        twilio.calls(leg.sid).update(url=f"{BASE}/second")
        return "<Response><Say>Too late</Say></Response>"

    w.app.pages["/key"] = slow
    leg = w.call("<Gather numDigits='1' action='/key'/>")
    w.sim.press(leg.sid, "1")
    w.sim.run_until_idle()

    assert leg.heard_text == "Second"


@pytest.mark.parametrize("recording", [True, False])
def test_a_live_call_can_be_ended(recording):
    w, twilio = reaching()
    w.page("/done", "")
    leg = w.call("<Record action='/done'/>" if recording else "<Pause length='1'/><Say loop='0'>x</Say>")
    w.sim.advance(5)

    assert twilio.calls(leg.sid).update(status="completed").status == "completed"
    w.sim.run_until_idle()

    assert [fields["Digits"] for fields in w.app.asked("/done")] == (["hangup"] if recording else [])


def test_a_call_canceled_in_the_queue_makes_no_callback():
    w, twilio = reaching()
    made = twilio.calls.create(
        to=ANN, from_=COMPANY, url=f"{BASE}/x", status_callback=f"{BASE}/n", status_callback_event=EVENTS
    )

    assert made.update(status="canceled").status == "canceled"
    w.sim.run_until_idle()

    assert w.app.requests == []


def test_a_ringing_call_can_be_canceled():
    w, twilio = reaching("asks")
    made = twilio.calls.create(to=ANN, from_=COMPANY, url=f"{BASE}/x", status_callback=f"{BASE}/n")
    w.sim.advance(3)

    made.update(status="canceled")
    w.sim.run_until_idle()

    assert statuses(w.app.asked("/n")) == ["canceled"]


@pytest.mark.parametrize(
    "change",
    [{"status": "completed"}, {"url": f"{BASE}/x"}, {"twiml": "<Response/>"}, {"status": "canceled"}],
)
def test_a_finished_call_cannot_be_changed(change):
    w, twilio = reaching()
    leg = w.call("<Hangup/>")
    w.sim.run_until_idle()

    with pytest.raises(TwilioRestException) as refused:
        twilio.calls(leg.sid).update(**change)

    assert (refused.value.status, refused.value.code) == (400, 21220)
    assert "Call is not in-progress. Cannot redirect." in refused.value.msg


def test_a_ringing_call_gets_no_other_document():
    w, twilio = reaching("asks")
    made = twilio.calls.create(to=ANN, from_=COMPANY, url=f"{BASE}/x")
    w.sim.advance(2)

    with pytest.raises(TwilioRestException, match="Cannot redirect"):
        made.update(url=f"{BASE}/y")


def test_a_fetched_call_has_every_field():
    w, twilio = reaching()
    leg = w.call("<Say>Hello there, how are you?</Say>")
    w.sim.run_until_idle()

    call = twilio.calls(leg.sid).fetch()
    assert call.sid == leg.sid
    assert call.from_formatted == "(415) 555-0199"
    assert call.phone_number_sid.startswith("PN")
    assert call.start_time == datetime(2026, 1, 5, 15, 0, tzinfo=UTC)
    assert call.duration == "2"
    assert call.price_unit == "USD"
    assert call.subresource_uris["user_defined_messages"].endswith("/UserDefinedMessages.json")
    assert call.uri == f"/2010-04-01/Accounts/{call.account_sid}/Calls/{call.sid}.json"


def test_calls_are_listed_newest_first_and_by_filter():
    w, twilio = reaching("answers")
    one = w.call(f"<Dial>{ANN}</Dial>")
    w.sim.advance(5)
    other = w.call("<Hangup/>", caller=BOB)
    w.sim.advance(1)

    def sids(**filters):
        return [call.sid for call in twilio.calls.list(**filters)]

    child = w.sim.legs(ANN)[0]
    assert sids() == [other.sid, child.sid, one.sid]
    assert sids(status="in-progress") == [child.sid, one.sid]
    assert sids(parent_call_sid=one.sid) == [child.sid]
    assert sids(from_=BOB) == [other.sid]
    assert sids(to=ANN) == [child.sid]
    assert sids(start_time=date(2026, 1, 5)) == sids()
    assert sids(start_time_after=date(2026, 1, 6)) == []
    assert sids(start_time_before=date(2026, 1, 5)) == []
    assert sids(start_time_after=datetime(2026, 1, 5, 15, 0, 1, tzinfo=UTC)) == [other.sid, child.sid]
    assert sids(end_time_after=date(2026, 1, 5)) == [other.sid]


def test_pages_follow_each_other_without_gap_or_repetition():
    w, twilio = reaching()
    legs = [w.call("<Hangup/>") for _ in range(7)]

    streamed = [call.sid for call in twilio.calls.stream(page_size=3)]
    first = twilio.calls.page(page_size=3)
    second = first.next_page()

    assert streamed == [leg.sid for leg in reversed(legs)]
    assert [call.sid for call in second] == streamed[3:6]
    assert [call.sid for call in second.previous_page()] == streamed[:3]
    assert len(twilio.calls.list(limit=5)) == 5


@pytest.mark.parametrize(
    ("query", "code"), [("PageSize=1001", 20007), ("PageSize=0", 20007), ("PageToken=PACA1", 21481)]
)
def test_a_page_that_cannot_be_is_refused(query, code):
    response = get(world().sim, f"/Calls.json?{query}")

    assert response.status == 400
    assert json.loads(response.body)["code"] == code


def test_only_a_finished_call_can_be_deleted():
    w, twilio = reaching()
    leg = w.call("<Pause length='5'/>")
    with pytest.raises(TwilioRestException) as refused:
        twilio.calls(leg.sid).delete()
    w.sim.run_until_idle()

    assert refused.value.code == 20009
    assert twilio.calls(leg.sid).delete()
    with pytest.raises(TwilioRestException) as gone:
        twilio.calls(leg.sid).fetch()
    assert (gone.value.status, gone.value.code) == (404, 20404)


def test_recordings_outlive_their_call():
    w = world()
    w.page("/done", "")
    leg = w.call("<Record action='/done' timeout='2'/>")
    w.sim.advance(1)
    w.sim.speak(leg.sid, "Please call me back")
    w.sim.run_until_idle()
    twilio, sid = client(w.sim), w.sim.recordings[0].sid

    assert twilio.calls(leg.sid).delete()

    assert [item.sid for item in twilio.recordings.list(call_sid=leg.sid)] == [sid]
    assert [item.sid for item in twilio.calls(leg.sid).recordings.list()] == [sid]
    assert twilio.calls(leg.sid).recordings(sid).fetch().status == "completed"
    assert get(w.sim, f"/Recordings/{sid}.wav").status == 200
    assert twilio.calls.list() == []
    assert twilio.recordings(sid).delete()


def test_a_finished_call_may_be_held_for_a_while_and_thinks_of_it_once():
    w = world()
    calls = [w.call("<Hangup/>") for _ in range(40)]
    w.sim.run_until_idle()
    twilio = client(w.sim)
    w.sim.faults.rest_held = 0.5

    def held():
        found = set()
        for call in calls:
            try:
                twilio.calls(call.sid).delete()
            except TwilioRestException as refused:
                if refused.code == 20009:
                    found.add(call.sid)
        return found

    first = held()
    assert 5 < len(first) < 35
    assert held() == first
    w.sim.advance(14 * 86_400)
    assert held() == set()
    assert twilio.calls.list() == []


def test_a_call_is_held_as_often_as_the_script_says():
    w = world()
    leg = w.call("<Hangup/>")
    w.sim.run_until_idle()
    w.sim.faults.force("held", path=leg.sid, times=2)
    twilio = client(w.sim)

    for _ in range(2):
        with pytest.raises(TwilioRestException) as refused:
            twilio.calls(leg.sid).delete()
        assert refused.value.code == 20009

    assert twilio.calls(leg.sid).delete()


@pytest.mark.parametrize("name", ["method", "fallback_method", "status_callback_method"])
def test_a_callback_is_asked_by_get_or_post_and_nothing_else(name):
    """Twilio's page "21209: Invalid Method"."""
    _, twilio = reaching()

    with pytest.raises(TwilioRestException) as refused:
        twilio.calls.create(to=ANN, from_=COMPANY, url=f"{BASE}/hello", **{name: "PATCH"})

    assert (refused.value.status, refused.value.code) == (400, 21209)


def test_an_event_that_does_not_exist_is_warned_of():
    """Twilio's page "21626: Invalid 'StatusCallbackEvent'"."""
    w, twilio = reaching()

    twilio.calls.create(
        to=ANN,
        from_=COMPANY,
        url=f"{BASE}/hello",
        status_callback=f"{BASE}/news",
        status_callback_event=["answered,completed", "ringing"],
    )

    assert w.codes() == [21626]
