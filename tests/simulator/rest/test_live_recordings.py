"""Recordings of live calls by REST: started, paused, resumed, stopped."""

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.simulator.rest.sdk import client, get
from tests.simulator.world import ANN, BASE, COMPANY, pick, world


def live():
    """A world with a call that listens to a long pause, and the library."""
    w = world()
    leg = w.call("<Say>Hello</Say><Pause length='600'/>")
    w.sim.advance(1)
    return w, leg, client(w.sim)


def refused(attempt, status: int, code: int) -> str:
    with pytest.raises(TwilioRestException) as error:
        attempt()
    assert (error.value.status, error.value.code) == (status, code)
    return error.value.msg


def test_a_recording_is_started_as_asked():
    w, leg, twilio = live()

    begun = twilio.calls(leg.sid).recordings.create()

    assert (begun.call_sid, begun.status, begun.channels, begun.track) == (leg.sid, "in-progress", 1, "both")
    assert begun.source == "StartCallRecordingAPI"
    assert begun.duration is None
    assert [item.sid for item in twilio.calls(leg.sid).recordings.list()] == [begun.sid]
    assert twilio.recordings(begun.sid).fetch().status == "in-progress"
    assert w.sim.recordings[0].wish.trim is False


def test_its_callbacks_are_told_what_was_asked_for():
    w, leg, twilio = live()
    twilio.calls(leg.sid).recordings.create(
        recording_channels="dual",
        recording_track="both",
        recording_status_callback=f"{BASE}/recorded",
        recording_status_callback_event=["in-progress", "completed", "absent"],
    )
    w.sim.advance(20)
    w.sim.hang_up(leg.sid)
    w.sim.advance(5)

    began, ended = w.app.asked("/recorded")
    same = {"CallSid": leg.sid, "RecordingSource": "StartCallRecordingAPI", "RecordingChannels": "2"}
    assert pick(began, *same, "RecordingStatus") == same | {"RecordingStatus": "in-progress"}
    assert pick(ended, *same, "RecordingStatus", "RecordingDuration") == same | {
        "RecordingStatus": "completed",
        "RecordingDuration": "20",
    }
    assert "RecordingUrl" not in w.app.asked("/status")[0]


def test_events_default_to_the_end_and_may_come_as_one_value():
    w, leg, twilio = live()
    twilio.calls(leg.sid).recordings.create(recording_status_callback=f"{BASE}/one")
    w.sim.hang_up(leg.sid)
    other = w.call()
    w.sim.advance(5)
    twilio.calls(other.sid).recordings.create(
        recording_status_callback=f"{BASE}/other", recording_status_callback_event=["in-progress absent"]
    )
    w.sim.advance(5)

    assert w.app.asked("/one") == []
    assert [fields["RecordingStatus"] for fields in w.app.asked("/other")] == ["in-progress"]


def test_a_recording_that_is_too_short_is_absent():
    w, leg, twilio = live()
    twilio.calls(leg.sid).recordings.create(
        recording_status_callback=f"{BASE}/recorded", recording_status_callback_event=["absent"]
    )
    w.sim.advance(0.3)
    w.sim.hang_up(leg.sid)
    w.sim.advance(5)

    (fields,) = w.app.asked("/recorded")
    assert pick(fields, "RecordingStatus", "ErrorCode") == {"RecordingStatus": "absent", "ErrorCode": "16101"}


@pytest.mark.parametrize("state", ["queued", "ringing", "completed"])
def test_only_a_call_in_progress_can_be_recorded(state):
    w = world()
    w.phone(ANN, "asks")
    twilio = client(w.sim)
    made = twilio.calls.create(to=ANN, from_=COMPANY, url=f"{BASE}/hello")
    if state != "queued":
        w.sim.advance(2)
    if state == "completed":
        w.sim.decline(made.sid)

    words = refused(twilio.calls(made.sid).recordings.create, 400, 21220)

    assert "not eligible for recording" in words
    refused(twilio.calls("CA" + "0" * 32).recordings.create, 404, 20404)


@pytest.mark.parametrize(
    "wish", [{"recording_channels": "stereo"}, {"recording_track": "far"}, {"trim": "always"}, {"trim": "true"}]
)
def test_values_that_twilio_does_not_know_are_refused(wish):
    w, leg, twilio = live()

    refused(lambda: twilio.calls(leg.sid).recordings.create(**wish), 400, 20001)

    assert w.sim.recordings == []


def test_a_second_one_of_the_same_kind_changes_nothing_while_the_first_runs():
    w, leg, twilio = live()
    first = twilio.calls(leg.sid).recordings.create()
    second = twilio.calls(leg.sid).recordings.create(recording_channels="dual")
    first.update(status="stopped")
    third = twilio.calls(leg.sid).recordings.create(recording_channels="dual")

    assert second.sid == first.sid
    assert third.sid != first.sid
    assert [item.wish.channels for item in w.sim.recordings] == [1, 2]


def test_it_is_paused_and_goes_on():
    w, leg, twilio = live()
    running = twilio.calls(leg.sid).recordings.create()

    assert running.update(status="paused").status == "paused"
    w.sim.advance(5)
    assert twilio.recordings(running.sid).fetch().status == "paused"
    assert running.update(status="paused").status == "paused"
    assert running.update(status="in-progress").status == "in-progress"
    assert running.update(status="in-progress").status == "in-progress"


def test_a_stopped_one_is_finished_for_good():
    w, leg, twilio = live()
    running = twilio.calls(leg.sid).recordings.create()
    w.sim.advance(5)

    assert running.update(status="stopped").status == "stopped"
    for status in ("in-progress", "paused", "stopped"):
        refused(lambda status=status: running.update(status=status), 400, 21220)
    refused(running.delete, 400, 20009)
    w.sim.advance(5)
    refused(lambda: running.update(status="in-progress"), 400, 21220)

    assert leg.status == "in-progress"
    ended = running.fetch()
    assert (ended.status, ended.duration) == ("completed", "5")


@pytest.mark.parametrize("status", ["in-progress", "paused"])
def test_a_running_one_cannot_be_deleted_and_has_no_audio_yet(status):
    w, leg, twilio = live()
    running = twilio.calls(leg.sid).recordings.create()
    running.update(status=status)

    refused(running.delete, 400, 20009)
    refused(twilio.recordings(running.sid).delete, 400, 20009)
    assert get(w.sim, f"/Recordings/{running.sid}.wav").status == 404


@pytest.mark.parametrize(
    "change", [{"status": "asleep"}, {"status": "paused", "pause_behavior": "hum"}, {"status": ""}]
)
def test_changes_that_twilio_does_not_know_are_refused(change):
    _, leg, twilio = live()
    running = twilio.calls(leg.sid).recordings.create()

    refused(lambda: running.update(**change), 400, 20001)

    assert running.fetch().status == "in-progress"


def test_the_current_one_needs_no_sid():
    _, leg, twilio = live()
    running = twilio.calls(leg.sid).recordings.create()

    paused = twilio.calls(leg.sid).recordings("Twilio.CURRENT").update(status="paused")

    assert (paused.sid, paused.status) == (running.sid, "paused")


def test_of_several_none_is_the_current_one():
    w = world()
    w.phone(ANN, "answers")
    leg = w.call(f"<Dial record='record-from-answer'>{ANN}</Dial>")
    w.sim.advance(3)
    twilio = client(w.sim)
    current = twilio.calls(leg.sid).recordings("Twilio.CURRENT")
    of_dial = current.update(status="paused")
    assert of_dial.source == "DialVerb"
    by_rest = twilio.calls(leg.sid).recordings.create()

    refused(lambda: current.update(status="in-progress"), 400, 16108)
    by_rest.update(status="stopped")

    assert current.update(status="in-progress").sid == of_dial.sid


def test_without_a_running_one_there_is_no_current_one():
    _, leg, twilio = live()

    refused(lambda: twilio.calls(leg.sid).recordings("Twilio.CURRENT").update(status="paused"), 404, 20404)


def test_a_conferences_recording_is_steered_under_the_conference():
    w = world()
    for caller in ("+14155550199", ANN):
        leg = w.call("<Dial><Conference record='record-from-start' trim='do-not-trim'>room</Conference></Dial>", caller)
        w.sim.advance(0)
    twilio = client(w.sim)
    (room,) = twilio.conferences.list()
    (running,) = room.recordings.list()
    w.sim.advance(3)

    assert room.recordings(running.sid).update(status="paused", pause_behavior="skip").status == "paused"
    w.sim.advance(3)
    assert room.recordings("Twilio.CURRENT").update(status="in-progress").status == "in-progress"
    w.sim.advance(3)
    assert room.recordings(running.sid).update(status="stopped").status == "stopped"
    refused(lambda: twilio.calls(leg.sid).recordings("Twilio.CURRENT").update(status="paused"), 404, 20404)
    w.sim.advance(5)

    assert twilio.recordings(running.sid).fetch().duration == "6"
    assert room.fetch().status == "in-progress"
