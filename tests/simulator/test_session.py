"""The execution model: what runs, what replaces a document, what answers a call, and what happens when it fails."""

import pytest

from simulator.simulator import ConnectFailed, HttpReply, ReadTimedOut
from tests.simulator.world import BASE, COMPANY, pick, world, xml


def test_the_first_request_comes_while_it_rings_with_every_standard_field():
    w = world()
    leg = w.call("<Say>Hello</Say>")

    (fields,) = w.app.asked("/voice")
    assert fields["CallStatus"] == "ringing"
    assert fields["CallSid"] == leg.sid
    assert fields["Caller"] == fields["From"] == leg.from_
    assert fields["Called"] == fields["To"] == COMPANY
    assert fields["Direction"] == "inbound"
    assert fields["ApiVersion"] == "2010-04-01"
    geography = [f"{end}{part}" for end in ("From", "To", "Caller", "Called") for part in ("City", "State", "Zip")]
    assert all(fields[name] == "" for name in geography)
    assert fields["FromCountry"] == "US"
    assert "ParentCallSid" not in fields


def test_verbs_run_in_order_and_the_end_of_the_document_hangs_up():
    w = world()
    leg = w.call("<Say>One</Say><Pause length='3'/><Say>Two</Say>")

    w.sim.advance(1)
    assert leg.status == "in-progress"
    w.sim.run_until_idle()

    assert leg.heard_text == "One\nTwo"
    assert leg.status == "completed"


def test_speech_takes_its_time():
    w = world()
    leg = w.call(f"<Say>{'x' * 150}</Say>")

    w.sim.advance(9.9)
    assert leg.live
    w.sim.advance(0.2)

    assert not leg.live
    assert leg.duration == 10


def test_a_redirect_replaces_the_document_and_what_follows_never_runs():
    w = world()
    w.page("/other", "<Say>Other</Say>")
    leg = w.call("<Redirect method='GET'>other?a=1</Redirect><Say>Never</Say>")
    w.sim.run_until_idle()

    assert leg.heard_text == "Other"
    assert w.app.requests[1].method == "GET"
    assert w.app.requests[1].url.startswith(f"{BASE}/other?a=1&")
    assert w.app.asked("/other")[0]["CallStatus"] == "ringing"


def test_an_empty_redirect_asks_for_the_same_document():
    w = world()
    w.page("/voice", "<Redirect/>", "<Say>Again</Say>")
    leg = w.call()
    w.sim.run_until_idle()

    assert w.app.paths()[:2] == ["/voice", "/voice"]
    assert leg.heard_text == "Again"


@pytest.mark.parametrize(
    ("verbs", "answered", "status"),
    [
        ("<Say>Hello</Say>", True, "completed"),
        ("<Pause length='2'/><Reject/>", False, "no-answer"),
        ("<Reject/>", False, "no-answer"),
        ("<Reject reason='busy'/>", False, "busy"),
        ("<Hangup/>", True, "completed"),
        ("", True, "completed"),
        ("<Gather/>", True, "completed"),
        ("<Say>Hello</Say><Reject/>", True, "completed"),
    ],
)
def test_only_a_verb_that_needs_media_answers_and_reject_refuses(verbs, answered, status):
    w = world()
    leg = w.call(verbs)
    w.sim.run_until_idle()

    assert (leg.answered is not None, leg.status) == (answered, status)


def test_the_numbers_status_callback_tells_only_the_end():
    w = world()
    w.call(f"<Say>{'x' * 900}</Say>")
    w.sim.run_until_idle()

    (fields,) = w.app.asked("/status")
    assert pick(fields, "CallStatus", "SequenceNumber", "CallDuration", "Duration", "CallbackSource") == {
        "CallStatus": "completed",
        "SequenceNumber": "0",
        "CallDuration": "60",
        "Duration": "1",
        "CallbackSource": "call-progress-events",
    }
    assert fields["Timestamp"] == "Mon, 05 Jan 2026 15:01:00 +0000"
    assert "SipResponseCode" not in fields


def test_a_caller_who_hangs_up_ends_everything_at_once():
    w = world()
    leg = w.call("<Say>Hello, this is quite a long sentence.</Say><Say>Never</Say>")
    w.sim.advance(1)

    w.sim.hang_up(leg.sid)
    w.sim.run_until_idle()

    assert leg.status == "completed"
    assert "Never" not in leg.heard_text
    assert w.app.asked("/status")[0]["CallDuration"] == "1"


def test_a_caller_who_hangs_up_before_the_answer_was_not_answered():
    w = world()
    leg = w.call("<Pause length='9'/><Say>Never</Say>")

    w.sim.hang_up(leg.sid)
    w.sim.run_until_idle()

    assert leg.status == "no-answer"
    assert w.app.asked("/status")[0]["CallDuration"] == "0"


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (xml("oops", 500), 11200),
        (xml("", 404), 11200),
        (ConnectFailed(), 11205),
        (ReadTimedOut(), 11200),
        (HttpReply(200, (("Content-Type", "application/json"),), b"{}"), 12300),
        (HttpReply(200, (), b"<Response/>"), 12300),
        (xml("<Response>"), 12100),
        (xml(" <?xml version='1.0'?><Response/>"), 12100),
        (xml("<Answer/>"), 12102),
        (xml(f"<Response><!--{'x' * 66000}--></Response>"), 11750),
        (xml(""), 11770),
        (xml("<!DOCTYPE a [<!ENTITY b 'c'>]><Response>&b;</Response>"), 12100),
    ],
)
def test_a_failure_goes_to_the_fallback_with_its_code_and_url(reply, code):
    w = world()
    w.sim.add_number(COMPANY, voice_url=f"{BASE}/voice", voice_fallback_url=f"{BASE}/fallback")
    w.app.pages["/voice"] = reply
    w.page("/fallback", "<Say>Saved</Say>")
    leg = w.call()
    w.sim.run_until_idle()

    (fields,) = w.app.asked("/fallback")
    assert pick(fields, "ErrorCode", "ErrorUrl") == {"ErrorCode": str(code), "ErrorUrl": f"{BASE}/voice"}
    assert fields["CallSid"] == leg.sid
    assert leg.heard_text == "Saved"
    assert code in w.codes()


def test_without_a_fallback_the_caller_hears_an_application_error():
    w = world()
    w.app.pages["/voice"] = xml("", 500)
    leg = w.call()
    w.sim.run_until_idle()

    assert "application error" in leg.heard_text
    assert leg.status == "completed"


def test_a_failing_fallback_is_not_asked_again():
    w = world()
    w.sim.add_number(COMPANY, voice_url=f"{BASE}/voice", voice_fallback_url=f"{BASE}/fallback")
    w.app.pages["/voice"] = w.app.pages["/fallback"] = xml("", 500)
    leg = w.call()
    w.sim.run_until_idle()

    assert w.app.paths().count("/fallback") == 1
    assert "application error" in leg.heard_text


def test_a_read_time_out_takes_fifteen_seconds():
    w = world()
    w.app.pages["/voice"] = ReadTimedOut()
    leg = w.call()

    w.sim.advance(14.9)
    assert leg.status == "ringing"
    w.sim.advance(0.2)

    assert leg.status == "in-progress"


def test_plain_text_is_spoken_unless_it_is_twiml():
    w = world()
    plain = (("Content-Type", "text/plain"),)
    w.app.pages["/voice"] = HttpReply(200, plain, b"Good day")
    first = w.call()
    w.sim.run_until_idle()
    w.app.pages["/voice"] = HttpReply(200, plain, b"<Response><Say>As TwiML</Say></Response>")
    second = w.call()
    w.sim.run_until_idle()

    assert first.heard_text == "Good day"
    assert second.heard_text == "As TwiML"


def test_audio_as_an_answer_is_played_once():
    w = world()
    w.app.pages["/voice"] = HttpReply(200, (("Content-Type", "audio/mpeg"),), b"x" * 8000)
    leg = w.call()
    w.sim.run_until_idle()

    assert [heard.kind for heard in leg.heard] == ["ring", "play"]
    assert leg.duration == 2


@pytest.mark.parametrize(
    "verb",
    [
        "<Enqueue action='/never' workflowSid='WW1'/>",
        "<Connect><Stream url='wss://x'/></Connect>",
        "<Pay/>",
        "<Start><Stream url='wss://example.com/s'/></Start>",
        "<Stop><Stream name='x'/></Stop>",
        "<Echo/>",
        "<Sms>Hello</Sms>",
    ],
)
def test_what_is_not_executed_is_said_and_the_next_verb_runs(verb):
    w = world()
    leg = w.call(f"{verb}<Say>Next</Say>")
    w.sim.run_until_idle()

    assert leg.heard_text == "Next"
    assert w.app.paths() == ["/voice", "/status"]
    assert "is not executed by this simulator yet" in w.sim.violations[0].text


def test_what_breaks_the_schema_is_a_violation_and_execution_goes_on():
    w = world()
    leg = w.call("<Say loud='true'>One</Say><Shout>Two</Shout><Say>Three</Say>")
    w.sim.run_until_idle()

    assert leg.heard_text == "One\nThree"
    assert w.codes() == [12200, 12200]
    assert [v.level for exchange in w.sim.exchanges for v in exchange.violations] == ["warning", "warning"]


def test_a_number_without_voice_url_fails_the_call_at_once():
    w = world()
    w.sim.add_number("+14155550101")

    sid = w.sim.dial("+14155550199", "+14155550101")

    assert w.sim.leg(sid).status == "failed"
    assert w.app.requests == []


def test_documents_that_ask_for_each_other_at_once_and_forever_are_noticed():
    w = world()
    w.page("/voice", "<Redirect>/voice</Redirect>")

    with pytest.raises(RuntimeError, match="circle"):
        w.call()


def test_cookies_are_kept_for_the_call():
    w = world()
    cookie = ("Set-Cookie", "session=abc; Path=/; HttpOnly")
    w.app.pages["/voice"] = HttpReply(
        200, (("Content-Type", "text/xml"), cookie), b"<Response><Redirect>/next</Redirect></Response>"
    )
    w.call()
    w.call()
    w.sim.run_until_idle()

    sent = {request.url: request.headers.get("Cookie") for request in w.app.requests if "/next" in request.url}
    assert set(sent.values()) == {"session=abc"}
    assert [r.headers.get("Cookie") for r in w.app.requests if r.url.endswith("/voice")] == [None, None]
