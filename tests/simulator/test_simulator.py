"""The facade: what people may do when, and what there is to see."""

import json

import pytest

from simulator.audio_tracks import wav
from simulator.simulator import RealClock, Simulator, SimulatorError
from tests.simulator.world import ANN, CALLER, COMPANY, TOKEN, App, ToneVoice, world

MENU = "<Gather numDigits='1' action='/got'><Say>Press 1</Say></Gather>"


def test_a_whole_call_reads_like_a_transcript():
    w = world()
    w.page("/got", f"<Dial timeout='10' action='/over'>{ANN}</Dial>")
    w.page("/over", "<Say>Leave a message</Say><Record action='/done'/>")
    w.page("/done", "<Say>Goodbye</Say>")
    w.phone(ANN)

    leg = w.call(MENU)
    w.sim.advance(3)
    w.sim.press(leg.sid, "1")
    w.sim.run_until_idle(limit=18)
    w.sim.speak(leg.sid, "Please call me back")
    w.sim.run_until_idle()

    assert leg.heard_text == "Press 1\nLeave a message\nGoodbye"
    assert w.sim.leg(leg.sid).status == "completed"
    assert w.sim.recordings[0].status == "completed"
    assert w.sim.violations == []


def test_what_people_can_do_depends_on_the_call():
    w = world()
    w.phone(ANN)
    leg = w.call(f"<Say>Hello</Say><Dial>{ANN}</Dial>")
    assert leg.can == ["press", "speak", "hang_up"]

    w.sim.advance(2)
    child = w.sim.leg(w.sim.ringing(ANN))
    assert child.can == ["answer", "decline"]

    w.sim.answer(child.sid)
    assert child.can == ["press", "speak", "hang_up"]

    w.sim.hang_up(child.sid)
    assert (child.can, leg.can) == ([], [])


def test_what_is_impossible_is_refused_with_a_sentence():
    w = world()
    w.phone(ANN)
    leg = w.call("<Pause length='5'/>")

    for attempt, words in [
        (lambda: w.sim.press(leg.sid, "1"), "cannot press: the call is ringing, possible is hang up"),
        (lambda: w.sim.press("CA0", "1"), "There is no call CA0"),
        (lambda: w.sim.press(leg.sid, "x"), "0 to 9"),
        (lambda: w.sim.answer(leg.sid), "cannot answer"),
        (lambda: w.sim.speak(leg.sid, " "), "nothing to say"),
        (lambda: w.sim.speak_audio(leg.sid, b"x"), "no WAV file"),
        (lambda: w.sim.speak_audio(leg.sid, wav([b"\0\0", b"\0\0"])), "mono"),
        (lambda: w.sim.dial(CALLER, "+14155550177"), "not one of the account's numbers"),
        (lambda: w.sim.dial(COMPANY, COMPANY), "a phone of their own"),
        (lambda: w.sim.ringing(ANN), "does not ring"),
        (lambda: w.sim.add_number("555"), "E.164"),
        (lambda: w.sim.add_phone(COMPANY), "nobody can hold it"),
    ]:
        with pytest.raises(SimulatorError, match=words):
            attempt()


def test_a_withheld_caller_and_a_client_can_call_too():
    w = world()
    w.page("/voice", "<Say>Hello</Say>")
    w.call(caller="anonymous")
    w.sim.dial("client:ann", COMPANY, parameters={"order": "7"})

    withheld, client = w.app.asked("/voice")
    assert withheld["From"] == "anonymous"
    assert client["From"] == client["Caller"] == "client:ann"
    assert client["order"] == "7"
    assert "FromCity" not in client
    assert "ToCity" in client


def test_a_sip_address_can_be_called():
    w = world()
    w.sim.add_number("sip:desk@demo.sip.example.com", voice_url="https://app.example.com/voice")
    w.page("/voice", "<Say>Hello</Say>")
    w.sim.dial("sip:bo@example.com", "sip:desk@demo.sip.example.com")

    (fields,) = w.app.asked("/voice")
    assert (fields["SipDomain"], fields["SipUsername"]) == ("demo.sip.example.com", "desk")


def test_the_snapshot_is_json_and_holds_everything():
    w = world()
    w.phone(ANN)
    leg = w.call("<Say>Hello</Say><Record/>")
    w.sim.advance(2)

    shot = json.loads(json.dumps(w.sim.snapshot()))

    assert shot["numbers"] == [{"number": COMPANY, "friendly_name": "(415) 555-0100"}]
    assert {phone["address"] for phone in shot["phones"]} == {ANN, CALLER}
    assert shot["legs"][0]["sid"] == leg.sid
    assert shot["legs"][0]["doing"] == "recording"
    assert [heard["kind"] for heard in shot["legs"][0]["heard"]] == ["ring", "say", "beep"]
    assert shot["recordings"][0]["status"] == "in-progress"
    assert (shot["conferences"], shot["queues"], shot["messages"]) == ([], [], [])
    assert [exchange["url"] for exchange in shot["exchanges"]] == ["https://app.example.com/voice"]


def test_the_snapshot_gives_only_newer_exchanges():
    w = world()
    w.call("<Say>Hello</Say>")
    seen = w.sim.snapshot()["exchanges"][-1]["id"]
    w.sim.run_until_idle()

    assert [exchange["kind"] for exchange in w.sim.snapshot(since=seen)["exchanges"]] == ["status callback"]


def test_subscribers_hear_of_changes_until_they_leave():
    w = world()
    calls = []
    leave = w.sim.subscribe(lambda: calls.append(1))
    w.call("<Say>Hello</Say>")
    count = len(calls)
    leave()
    w.sim.run_until_idle()

    assert count > 2
    assert len(calls) == count


def test_keys_with_waits_between_them_come_later():
    w = world()
    w.page("/got", MENU.replace("/got", "/second"))
    w.page("/second", "")
    leg = w.call(MENU)

    w.sim.press(leg.sid, "1W2")
    w.sim.run_until_idle()

    assert w.app.asked("/got")[0]["Digits"] == "1"
    assert w.app.asked("/second")[0]["Digits"] == "2"


def test_until_idle_stops_where_only_people_could_go_on():
    w = world()
    w.phone(ANN, "answers")
    leg = w.call(f"<Dial>{ANN}</Dial>")

    w.sim.run_until_idle()

    assert leg.bridged is not None
    assert w.elapsed() < 10


def test_a_real_clock_cannot_be_moved():
    clock = RealClock()
    try:
        sim = Simulator(account_sid="AC1", auth_token=TOKEN, transport=App(), clock=clock, voice=ToneVoice())
        with pytest.raises(SimulatorError, match="virtual"):
            sim.advance(1)
    finally:
        clock.stop()
