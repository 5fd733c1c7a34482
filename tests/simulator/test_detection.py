"""Who answers: people, machines, faxes; found out beside the call or before its document."""

import pytest
from twilio.base.exceptions import TwilioRestException

from simulator.detection import Detection, Invalid, detection, verdict
from simulator.legs import NO_CALLBACK
from simulator.simulator import Habit
from tests.simulator.rest.sdk import client
from tests.simulator.world import ANN, BASE, COMPANY, world

MACHINE = Habit("answers", 1.0, "machine", greeting=6.0)


def ringing(habit, **options):
    w = world()
    w.sim.add_phone(ANN, habit=habit)
    w.page("/hello", "<Say>Hello, this is the company, please hold the line</Say><Pause length='600'/>")
    given = {"to": ANN, "from_": COMPANY, "url": f"{BASE}/hello", "machine_detection": "DetectMessageEnd"}
    given |= {"async_amd": "true", "async_amd_status_callback": f"{BASE}/machine"}
    call = client(w.sim).calls.create(**{name: value for name, value in (given | options).items() if value is not None})
    return w, call


@pytest.mark.parametrize(
    ("habit", "mode", "expected"),
    [
        (Habit(by="human"), "Enable", ("human", 3.6)),
        (Habit(by="human"), "DetectMessageEnd", ("human", 3.6)),
        (Habit(by="fax"), "Enable", ("fax", 2.0)),
        (Habit(by="silence"), "Enable", ("unknown", 5.0)),
        (Habit(by="machine", greeting=6), "Enable", ("machine_start", 4.0)),
        (Habit(by="machine", greeting=6), "DetectMessageEnd", ("machine_end_beep", 6.5)),
        (Habit(by="machine", greeting=6, beeps=False), "DetectMessageEnd", ("machine_end_silence", 7.2)),
        (Habit(by="machine", greeting=2), "Enable", ("human", 3.2)),
        (Habit(by="machine", greeting=60), "DetectMessageEnd", ("unknown", 30.0)),
    ],
)
def test_what_answers_is_told_apart(habit, mode, expected):
    assert verdict(habit, Detection(mode, NO_CALLBACK)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"MachineDetection": "Maybe"}, 21234),
        ({"MachineDetection": "Enable", "MachineDetectionTimeout": "2"}, 21263),
        ({"MachineDetection": "Enable", "MachineDetectionSpeechThreshold": "x"}, 21263),
    ],
)
def test_what_cannot_be_asked_for_is_refused(given, code):
    with pytest.raises(Invalid) as invalid:
        detection(given, NO_CALLBACK)
    assert invalid.value.code == code


def test_nothing_is_found_out_unasked():
    assert detection({}, NO_CALLBACK) is None


def test_a_machine_is_found_out_beside_the_call():
    w, call = ringing(MACHINE, status_callback=f"{BASE}/status")
    w.sim.advance(20)

    (told,) = w.app.asked("/machine")
    assert told == {
        "AccountSid": "AC" + "0" * 32,
        "AnsweredBy": "machine_end_beep",
        "CallSid": call.sid,
        "MachineDetectionDuration": "6500",
    }
    assert "AnsweredBy" not in w.app.asked("/hello")[0]
    assert call.fetch().answered_by == "machine_end_beep"
    call.update(status="completed")
    w.sim.run_until_idle()
    assert w.app.asked("/status")[-1]["AnsweredBy"] == "machine_end_beep"


def test_a_machine_records_what_is_said_after_its_tone_and_nothing_before():
    w, call = ringing(MACHINE)
    w.page("/leave", "<Say>Please call us back</Say><Hangup/>")
    w.sim.advance(9)
    assert w.sim.leg(call.sid).voicemail == []

    call.update(url=f"{BASE}/leave")
    w.sim.run_until_idle()

    assert w.sim.leg(call.sid).voicemail == ["Please call us back"]
    assert [heard.text for heard in w.sim.leg(call.sid).heard if heard.kind == "beep"] == ["Beep"]


def test_without_the_asynchronous_kind_the_call_waits_for_the_verdict():
    w, _ = ringing(MACHINE, async_amd=None, async_amd_status_callback=None, machine_detection="Enable")
    w.sim.advance(5)
    assert w.app.asked("/hello") == []

    w.sim.advance(2)

    (asked,) = w.app.asked("/hello")
    assert asked["AnsweredBy"] == "machine_start"


def test_a_call_that_ends_first_is_told_of_by_nobody():
    w, call = ringing(Habit("answers", 1.0, "machine", greeting=20))
    w.sim.advance(5)
    call.update(status="completed")
    w.sim.run_until_idle()

    assert w.app.asked("/machine") == []
    assert call.fetch().answered_by is None


def test_key_tones_at_the_begin_exclude_it():
    w, _ = ringing(MACHINE, send_digits="1")
    w.sim.advance(30)

    assert w.app.asked("/machine") == []


def test_a_verdict_that_nobody_is_told_is_warned_of():
    w, call = ringing(MACHINE, async_amd_status_callback=None)
    w.sim.advance(20)

    assert w.codes() == [21262]
    assert call.fetch().answered_by == "machine_end_beep"


@pytest.mark.parametrize("options", [{"machine_detection": "No"}, {"machine_detection_timeout": 1}])
def test_wrong_parameters_are_refused(options):
    with pytest.raises(TwilioRestException):
        ringing(MACHINE, **options)


def test_a_participant_is_found_out():
    w = world()
    w.sim.add_phone(ANN, habit=MACHINE)
    client(w.sim).conferences("room").participants.create(
        from_=COMPANY, to=ANN, machine_detection="Enable", amd_status_callback=f"{BASE}/machine"
    )
    w.sim.advance(20)

    assert [told["AnsweredBy"] for told in w.app.asked("/machine")] == ["machine_start"]


def test_a_number_in_dial_is_found_out():
    w = world()
    w.sim.add_phone(ANN, habit=MACHINE)
    w.call(f'<Dial><Number machineDetection="Enable" amdStatusCallback="/machine">{ANN}</Number></Dial>')
    w.sim.advance(20)

    assert [told["AnsweredBy"] for told in w.app.asked("/machine")] == ["machine_start"]
    assert w.codes() == []


def test_whoever_is_connected_hears_a_machine_greet():
    w = world()
    w.sim.add_phone(ANN, habit=MACHINE)
    leg = w.call(f"<Dial>{ANN}</Dial>")
    w.sim.advance(20)

    assert "leave a message" in leg.heard_text


def test_a_call_is_rated_some_time_after_its_end():
    w, call = ringing(Habit("answers", 1.0))
    w.sim.advance(65)
    call.update(status="completed")
    w.sim.run_until_idle()
    assert call.fetch().price is None

    w.sim.advance(61)

    assert (call.fetch().price, call.fetch().price_unit) == ("-0.02800", "USD")
