"""What is in the recording of a leg: on one side its own person, on the other whatever that person hears."""

from array import array

import pytest

from simulator.audio_tracks import wav
from simulator.simulator import HttpReply
from tests.simulator.rest.sdk import client
from tests.simulator.world import ANN, BASE, BOB, CALLER, COMPANY, world

CALLERS, ANNS, BOBS = 1000, 2000, 4000  # how loud each of them speaks
HUM = 7990  # how loud Twilio's voice speaks


def pcm(level: int, seconds: float) -> bytes:
    return array("h", [level]).tobytes() * round(seconds * 8000)


def levels(track: bytes) -> list[int]:
    """How loud each second of a track is in its middle half: Twilio's hum is its own level."""
    samples = array("h", track)
    found = []
    for begin in range(0, len(samples) - 7999, 8000):
        top = max(samples[begin + 2000 : begin + 6000])
        found.append(HUM if top >= HUM else top)
    return found


def record(w, leg, **wishes):
    wishes = {"recording_channels": "dual"} | wishes
    return client(w.sim).calls(leg.sid).recordings.create(**wishes)


def say(w, leg, level: int, seconds: float = 1) -> None:
    """Let somebody say something of this loudness, and time pass for it."""
    w.sim.speak_audio(leg.sid, wav([pcm(level, seconds)]))
    w.sim.advance(seconds)


def over(w, *legs):
    """End these legs; return the levels of each recording's channels, oldest recording first."""
    for leg in legs:
        w.sim.hang_up(leg.sid)
    w.sim.advance(10)
    return [[levels(track) for track in recording.tracks] for recording in w.sim.recordings]


def people(*attributes: str):
    """The caller, Ann and Bob in a conference, with these attributes."""
    w = world()
    legs = []
    for caller, more in zip((CALLER, ANN, BOB), (*attributes, "", "", ""), strict=False):
        legs.append(w.call(f"<Dial><Conference beep='false' {more}>room</Conference></Dial>", caller=caller))
        w.sim.advance(0)
    return w, *legs


def participant(w, leg):
    (room,) = client(w.sim).conferences.list(status="in-progress")
    return room.participants(leg.sid)


def test_in_a_bridge_each_side_has_its_own_channel():
    w = world()
    w.phone(ANN, "answers")
    leg = w.call(f"<Dial>{ANN}</Dial>")
    w.sim.advance(3)
    record(w, leg)

    say(w, leg, CALLERS)
    say(w, leg.bridged, ANNS)

    assert over(w, leg) == [[[CALLERS, 0], [0, ANNS]]]


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        ({}, [[CALLERS, ANNS, CALLERS + ANNS]]),
        ({"recording_channels": "mono", "recording_track": "inbound"}, [[CALLERS, 0, CALLERS]]),
        ({"recording_channels": "mono", "recording_track": "outbound"}, [[0, ANNS, ANNS]]),
    ],
)
def test_one_channel_holds_both_sides_or_the_one_asked_for(wishes, expected):
    w, caller, ann, _ = people()
    client(w.sim).calls(caller.sid).recordings.create(**wishes)
    say(w, caller, CALLERS)
    say(w, ann, ANNS)

    w.sim.speak_audio(caller.sid, wav([pcm(CALLERS, 1)]))
    say(w, ann, ANNS)

    assert over(w, caller) == [expected]


def test_what_the_document_says_and_plays_is_heard():
    w = world()
    w.app.pages["/jingle.wav"] = HttpReply(200, (("Content-Type", "audio/wav"),), wav([pcm(3000, 2)]))
    leg = w.call(f"<Say>{'x' * 15}</Say><Play>/jingle.wav</Play><Pause length='9'/>")
    w.sim.advance(0)
    record(w, leg)
    w.sim.advance(4)
    say(w, leg, CALLERS)

    assert over(w, leg) == [[[0, 0, 0, 0, CALLERS], [HUM, 3000, 3000, 0, 0]]]


def test_a_recording_that_begins_within_a_sentence_has_the_rest_of_it():
    w = world()
    leg = w.call(f"<Say>{'x' * 45}</Say><Pause length='9'/>")
    w.sim.advance(1)
    record(w, leg)
    w.sim.advance(4)

    assert over(w, leg) == [[[0, 0, 0, 0], [HUM, HUM, 0, 0]]]


def test_a_sentence_ends_where_a_key_cuts_it():
    w = world()
    w.page("/next", "<Pause length='9'/>")
    leg = w.call(f"<Gather numDigits='1' action='/next'><Say>{'x' * 60}</Say></Gather>")
    w.sim.advance(0)
    record(w, leg)
    w.sim.advance(2)
    w.sim.press(leg.sid, "1")
    w.sim.advance(2)

    assert over(w, leg) == [[[0, 0, 0, 0], [HUM, HUM, 0, 0]]]


def test_a_sentence_ends_where_another_document_takes_over():
    w = world()
    w.page("/next", "<Pause length='9'/>")
    leg = w.call(f"<Say>{'x' * 60}</Say>")
    w.sim.advance(0)
    record(w, leg)
    w.sim.advance(1)
    client(w.sim).calls(leg.sid).update(url=f"{BASE}/next")
    w.sim.advance(2)

    assert over(w, leg) == [[[0, 0, 0], [HUM, 0, 0]]]


def test_in_a_conference_the_leg_hears_everybody():
    w, caller, ann, bob = people()
    record(w, caller)

    for leg, level in ((ann, ANNS), (bob, BOBS), (caller, CALLERS)):
        say(w, leg, level)

    assert over(w, caller) == [[[0, 0, CALLERS], [ANNS, BOBS, 0]]]


def test_who_is_muted_is_heard_by_nobody_but_speaks_into_the_own_leg():
    w, caller, ann, _ = people()
    record(w, caller)
    record(w, ann)
    participant(w, ann).update(muted=True)

    say(w, ann, ANNS)
    say(w, caller, CALLERS)

    of_caller, of_ann = over(w, caller, ann)
    assert of_caller == [[0, CALLERS], [0, 0]]
    assert of_ann == [[ANNS, 0], [0, CALLERS]]


def test_who_is_on_hold_hears_the_hold_document_and_not_the_room():
    w, caller, ann, bob = people()
    w.page("/hold", f"<Say>{'x' * 15}</Say>")
    record(w, caller)
    participant(w, caller).update(hold=True, hold_url=f"{BASE}/hold", hold_method="POST")
    w.sim.advance(1)

    say(w, ann, ANNS)
    say(w, caller, CALLERS)
    participant(w, caller).update(hold=False)
    say(w, bob, BOBS)

    assert over(w, caller) == [[[0, 0, CALLERS, 0], [HUM, 0, 0, BOBS]]]


def test_twilios_own_music_is_silence():
    w, caller, ann, _ = people()
    record(w, caller)
    participant(w, caller).update(hold=True)
    say(w, ann, ANNS, 2)

    assert over(w, caller) == [[[0, 0], [0, 0]]]


def test_a_coach_is_in_the_recording_of_the_coached_alone():
    w, caller, ann, bob = people()
    participant(w, bob).update(coaching=True, call_sid_to_coach=ann.sid)
    record(w, caller)
    record(w, ann)

    say(w, bob, BOBS)
    say(w, ann, ANNS)

    of_caller, of_ann = over(w, caller, ann)
    assert of_caller == [[0, 0], [0, ANNS]]
    assert of_ann == [[0, ANNS], [BOBS, 0]]


@pytest.mark.parametrize("change", ["hold the listener", "hold the speaker", "mute the speaker", "the speaker goes"])
def test_a_sentence_is_heard_until_somebody_is_kept_from_it(change):
    w, caller, ann, _ = people()
    record(w, caller)
    w.sim.speak_audio(ann.sid, wav([pcm(ANNS, 4)]))
    w.sim.advance(2)

    match change:
        case "hold the listener":
            participant(w, caller).update(hold=True)
        case "hold the speaker":
            participant(w, ann).update(hold=True)
        case "mute the speaker":
            participant(w, ann).update(muted=True)
        case _:
            w.sim.hang_up(ann.sid)
    w.sim.advance(2)

    assert over(w, caller)[0][1] == [ANNS, ANNS, 0, 0]


def test_a_sentence_is_heard_from_where_somebody_may_hear_it():
    w, caller, ann, _ = people()
    record(w, caller)
    participant(w, ann).update(muted=True)
    w.sim.speak_audio(ann.sid, wav([pcm(ANNS, 4)]))
    w.sim.advance(2)
    participant(w, ann).update(muted=False)
    w.sim.advance(2)

    assert over(w, caller)[0][1] == [0, 0, ANNS, ANNS]


def test_an_announcement_is_heard_by_all():
    w, caller, ann, _ = people()
    w.page("/news", f"<Say>{'x' * 15}</Say>")
    record(w, caller)
    record(w, ann)
    (room,) = client(w.sim).conferences.list(status="in-progress")
    room.update(announce_url=f"{BASE}/news")
    w.sim.advance(2)

    assert over(w, caller, ann) == [[[0, 0], [HUM, 0]]] * 2


def test_a_recording_goes_on_through_documents_and_rooms_until_the_call_ends():
    w = world()
    leg = w.call(f"<Say>{'x' * 15}</Say><Redirect>/wait</Redirect>")
    w.page("/wait", "<Pause length='60'/>")
    w.page("/room", "<Dial><Conference beep='false'>room</Conference></Dial>")
    w.sim.advance(0)
    record(w, leg)
    w.sim.advance(1)
    client(w.sim).calls(leg.sid).update(url=f"{BASE}/room")
    w.sim.advance(0)
    ann = w.call("<Dial><Conference beep='false'>room</Conference></Dial>", caller=ANN)
    w.sim.advance(0)
    say(w, ann, ANNS)

    assert over(w, leg) == [[[0, 0], [HUM, ANNS]]]
    assert w.sim.recordings[0].status == "completed"


def test_pauses_keep_their_time_as_silence():
    w, caller, ann, _ = people()
    running = record(w, caller)

    say(w, ann, ANNS)
    running.update(status="paused")
    say(w, ann, ANNS, 2)
    running.update(status="in-progress")
    say(w, caller, CALLERS)

    assert over(w, caller) == [[[0, 0, 0, CALLERS], [ANNS, 0, 0, 0]]]
    assert w.sim.recordings[0].duration == 4


def test_skipped_pauses_leave_nothing():
    w, caller, ann, _ = people()
    running = record(w, caller)

    say(w, ann, ANNS)
    running.update(status="paused", pause_behavior="skip")
    say(w, ann, BOBS, 2)
    running.update(status="in-progress")
    say(w, caller, CALLERS)

    assert over(w, caller) == [[[0, CALLERS], [ANNS, 0]]]
    assert w.sim.recordings[0].duration == 2


def test_a_pause_cuts_a_sentence_in_two_at_the_sample():
    w, caller, ann, _ = people()
    running = record(w, caller, recording_channels="mono", recording_track="outbound")
    w.sim.speak_audio(ann.sid, wav([pcm(ANNS, 3)]))
    w.sim.advance(0.5)
    running.update(status="paused")
    w.sim.advance(1.25)
    running.update(status="in-progress")
    w.sim.advance(1.25)
    w.sim.hang_up(caller.sid)
    w.sim.advance(5)

    (track,) = w.sim.recordings[0].tracks
    assert track == pcm(ANNS, 0.5) + pcm(0, 1.25) + pcm(ANNS, 1.25)


def test_a_call_that_ends_in_a_pause_ends_its_recording():
    w, caller, ann, _ = people()
    running = record(w, caller)
    say(w, ann, ANNS)
    running.update(status="paused")
    w.sim.advance(2)

    assert over(w, caller) == [[[0, 0, 0], [ANNS, 0, 0]]]


def test_recordings_one_after_the_other_have_each_their_own_time():
    w, caller, ann, _ = people()
    record(w, caller).update(status="stopped")
    first = record(w, caller)
    say(w, ann, ANNS)
    first.update(status="stopped")
    say(w, ann, BOBS)
    record(w, caller)
    say(w, caller, CALLERS)

    _, one, other = over(w, caller)
    assert one == [[0], [ANNS]]
    assert other == [[CALLERS], [0]]
    assert [item.status for item in w.sim.recordings] == ["absent", "completed", "completed"]


def test_recordings_from_several_sources_run_beside_each_other():
    w = world()
    w.phone(ANN, "answers")
    w.page("/hello", "<Pause length='60'/>")
    made = client(w.sim).calls.create(to=ANN, from_=COMPANY, url=f"{BASE}/hello", record=True, trim="do-not-trim")
    w.sim.advance(3)
    leg = w.sim.leg(made.sid)
    begun = w.clock.now()
    record(w, leg)
    say(w, leg, ANNS)

    whole, asked = over(w, leg)
    assert asked == [[ANNS], [0]]
    assert len(whole) == 1
    assert w.sim.recordings[0].started < begun == w.sim.recordings[1].started


def test_what_no_recording_needs_is_not_kept():
    w, caller, ann, _ = people()
    for _ in range(20):
        say(w, ann, ANNS)

    assert len(caller.played) == 1
