"""Conference in Dial: when it starts and ends, who hears whom, and what is told."""

import pytest

from tests.simulator.world import ANN, BASE, BOB, CALLER, pick, world

ALL = "start end join leave mute hold modify announcement"
NEWS = f"statusCallback='/news' statusCallbackEvent='{ALL}'"
CAROL = "+14155550133"


def document(attributes: str = "", dial: str = "", name: str = "room") -> str:
    return f"<Dial {dial}><Conference {attributes}>{name}</Conference></Dial>"


def join(w, caller: str, attributes: str = "", dial: str = "", name: str = "room"):
    """Let somebody call in to the conference."""
    leg = w.call(document(attributes, dial, name) + "<Say>Afterwards</Say>", caller=caller)
    w.sim.advance(0)
    return leg


def room(w):
    return w.sim.snapshot()["conferences"][0]


def hearing(w) -> dict[str, list[str]]:
    """Who hears whom, by phone."""
    people = room(w)["participants"]
    names = {one["call_sid"]: one["phone"] for one in people}
    return {one["phone"]: [names[sid] for sid in one["hears"]] for one in people}


def told(w, *names: str) -> list[tuple[str, ...]]:
    return [tuple(fields.get(name, "-") for name in ("StatusCallbackEvent", *names)) for fields in w.app.asked("/news")]


def test_one_alone_waits_with_music_and_the_second_starts_it():
    w = world()
    caller = join(w, CALLER, NEWS)
    assert (room(w)["status"], room(w)["participants"][0]["waiting"]) == ("init", True)
    assert caller.heard_text == "Hold music"
    assert caller.doing == "waiting in conference room"

    agent = join(w, ANN)

    assert room(w)["status"] == "in-progress"
    assert hearing(w) == {CALLER: [ANN], ANN: [CALLER]}
    w.sim.speak(caller.sid, "Hello there")
    assert agent.heard_text.endswith("Hello there")
    assert "Hello there" not in caller.heard_text
    assert told(w, "CallSid", "SequenceNumber") == [
        ("participant-join", caller.sid, "1"),
        ("participant-join", agent.sid, "2"),
        ("conference-start", "-", "3"),
    ]


def test_it_does_not_start_before_somebody_who_may_start_it():
    w = world()
    join(w, CALLER, "startConferenceOnEnter='false'")
    join(w, ANN, "startConferenceOnEnter='false'")
    assert room(w)["status"] == "init"
    assert hearing(w) == {CALLER: [], ANN: []}

    join(w, BOB)

    assert hearing(w) == {CALLER: [ANN, BOB], ANN: [CALLER, BOB], BOB: [CALLER, ANN]}


def test_once_started_it_stays_started_and_its_name_is_free_after_the_end():
    w = world()
    caller, agent = join(w, CALLER, NEWS), join(w, ANN)
    first = room(w)["sid"]
    w.sim.hang_up(caller.sid)
    w.sim.advance(0)
    assert (room(w)["status"], hearing(w)) == ("in-progress", {ANN: []})

    w.sim.hang_up(agent.sid)
    w.sim.run_until_idle()

    assert w.sim.snapshot()["conferences"] == []
    assert w.app.asked("/news")[-1]["ReasonConferenceEnded"] == "last-participant-left"
    assert w.app.asked("/news")[-1]["CallSidEndingConference"] == agent.sid
    join(w, CALLER)
    assert room(w)["sid"] != first


def test_who_ends_it_on_exit_sends_the_others_to_their_actions():
    w = world()
    w.page("/over", "<Say>Wrap up</Say>")
    caller = join(w, CALLER, f"endConferenceOnExit='true' participantLabel='caller' {NEWS}")
    agent = join(w, ANN, dial="action='/over'")
    other = join(w, BOB)

    w.sim.hang_up(caller.sid)
    w.sim.run_until_idle()

    fields = w.app.asked("/over")[0]
    assert pick(fields, "CallSid", "DialCallStatus", "DialCallSid", "DialCallDuration") == {
        "CallSid": agent.sid,
        "DialCallStatus": "answered",
    }
    assert agent.heard_text.endswith("Wrap up")
    assert other.heard_text.endswith("Afterwards")
    leaves = [entry for entry in w.app.asked("/news") if entry["StatusCallbackEvent"] == "participant-leave"]
    assert [(entry["CallSid"], entry["ReasonParticipantLeft"], entry["ParticipantCallStatus"]) for entry in leaves] == [
        (caller.sid, "participant_hung_up", "completed"),
        (agent.sid, "moderator_ended_conference", "in-progress"),
        (other.sid, "moderator_ended_conference", "in-progress"),
    ]
    end = w.app.asked("/news")[-1]
    assert pick(end, "StatusCallbackEvent", "ReasonConferenceEnded", "ParticipantLabelEndingConference") == {
        "StatusCallbackEvent": "conference-end",
        "ReasonConferenceEnded": "participant-with-end-conference-on-exit-left",
        "ParticipantLabelEndingConference": "caller",
    }


def test_only_the_first_ones_callback_counts_and_without_events_nothing_is_told():
    w = world()
    join(w, CALLER, "statusCallback='/silent'")
    agent = join(w, ANN, NEWS)
    w.sim.hang_up(agent.sid)
    w.sim.run_until_idle()

    assert w.app.asked("/silent") == w.app.asked("/news") == []


def test_the_participants_flags_are_told():
    w = world()
    join(w, CALLER, f"{NEWS} muted='true' participantLabel='caller' endConferenceOnExit='true'")

    (fields,) = w.app.asked("/news")
    assert pick(
        fields, "ParticipantLabel", "Muted", "Hold", "Coaching", "EndConferenceOnExit", "StartConferenceOnEnter"
    ) == {
        "ParticipantLabel": "caller",
        "Muted": "true",
        "Hold": "false",
        "Coaching": "false",
        "EndConferenceOnExit": "true",
        "StartConferenceOnEnter": "true",
    }
    assert fields["FriendlyName"] == "room"
    assert fields["ConferenceSid"].startswith("CF")
    assert "+0000" in fields["Timestamp"]


def test_a_muted_participant_hears_and_is_not_heard():
    w = world()
    caller, agent = join(w, CALLER), join(w, ANN, "muted='true'")

    assert hearing(w) == {CALLER: [], ANN: [CALLER]}
    w.sim.speak(agent.sid, "Can you hear me")
    w.sim.speak(caller.sid, "Is anybody there")
    assert "hear me" not in caller.heard_text
    assert "anybody there" in agent.heard_text


def test_a_coach_is_heard_by_the_coached_one_alone():
    w = world()
    caller, agent = join(w, CALLER), join(w, ANN)
    boss = join(w, BOB, f"coach='{agent.sid}'")

    assert hearing(w) == {CALLER: [ANN], ANN: [CALLER, BOB], BOB: [CALLER, ANN]}
    w.sim.speak(boss.sid, "Offer a refund")
    assert "refund" in agent.heard_text
    assert "refund" not in caller.heard_text


def test_a_wrong_coach_fails_the_dial_to_its_action():
    w = world()
    w.page("/over", "")
    join(w, CALLER)
    join(w, ANN, f"coach='CA{'1' * 32}'", "action='/over'")

    assert w.codes() == [13240]
    assert w.app.asked("/over")[0]["DialCallStatus"] == "failed"
    assert list(hearing(w)) == [CALLER]


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ("participantLabel='caller'", 16025),
        ("participantLabel='a/b'", 16023),
        (f"participantLabel='CA{'a' * 32}'", 16023),
        (f"participantLabel='{'x' * 129}'", 16023),
    ],
)
def test_a_wrong_label_keeps_one_out_and_the_next_verb_runs(attributes, code):
    w = world()
    join(w, CALLER, "participantLabel='caller'")
    agent = join(w, ANN, attributes, "action='/over'")
    w.sim.run_until_idle()

    assert w.codes() == [code]
    assert agent.heard_text.endswith("Afterwards")
    assert w.app.asked("/over") == []


def test_a_full_conference_takes_nobody():
    w = world()
    join(w, CALLER, "maxParticipants='2'")
    join(w, ANN)
    late = join(w, BOB, "maxParticipants='9'")

    assert w.codes() == [16020]
    assert list(hearing(w)) == [CALLER, ANN]
    assert "Afterwards" in late.heard_text


def test_a_name_that_is_too_long_fails():
    w = world()
    w.page("/over", "")
    join(w, CALLER, dial="action='/over'", name="x" * 129)

    assert w.codes() == [13237]
    assert w.app.asked("/over")[0]["DialCallStatus"] == "failed"


def test_the_wait_document_is_played_once_and_redirects_are_followed():
    w = world()
    w.page("/wait", "<Say>Please wait</Say><Redirect>/more</Redirect>")
    w.page("/more", "<Say>Still waiting</Say><Pause length='2'/>")
    caller = join(w, CALLER, "waitUrl='/wait'")
    w.sim.advance(600)

    assert [entry["CallSid"] for entry in w.app.asked("/wait") + w.app.asked("/more")] == [caller.sid, caller.sid]
    assert caller.heard_text == "Please wait\nStill waiting"


def test_the_wait_document_stops_when_the_conference_starts():
    w = world()
    w.page("/wait", "<Say>One</Say><Pause length='60'/><Say>Two</Say>")
    caller = join(w, CALLER, "waitUrl='/wait' waitMethod='GET'")
    w.sim.advance(10)
    join(w, ANN)
    w.sim.advance(600)

    assert "Two" not in caller.heard_text
    assert w.app.requests[1].method == "GET"


def test_an_empty_wait_url_is_silence_and_other_verbs_are_left_out():
    w = world()
    silent = join(w, CALLER, "waitUrl=''")
    w.page("/wait", "<Gather/><Say>Wait</Say>")
    other = join(w, ANN, "waitUrl='/wait'", name="other")
    w.sim.advance(30)

    assert [heard.kind for heard in silent.heard if heard.kind != "ring"] == ["silence"]
    assert w.codes() == [13238]
    assert "Wait" in other.heard_text


def test_a_failing_wait_document_keeps_one_out():
    w = world()
    w.page("/over", "")
    w.app.pages["/wait"] = "nonsense"
    join(w, CALLER, f"waitUrl='/wait' {NEWS}", "action='/over'")
    w.sim.run_until_idle()

    assert w.app.asked("/over")[0]["DialCallStatus"] == "failed"
    assert told(w, "ReasonParticipantLeft") == [
        ("participant-join", "-"),
        ("participant-leave", "participant_add_failed"),
        ("conference-end", "-"),
    ]


def test_the_star_leaves_when_the_dial_says_so():
    w = world()
    w.page("/over", "<Pause length='9'/>")
    join(w, CALLER, NEWS)
    agent = join(w, ANN, dial="action='/over' hangupOnStar='true'")
    w.sim.press(agent.sid, "5")
    w.sim.advance(0)
    assert list(hearing(w)) == [CALLER, ANN]

    w.sim.press(agent.sid, "*")
    w.sim.advance(0)

    assert list(hearing(w)) == [CALLER]
    assert w.app.asked("/over")[0]["DialCallStatus"] == "answered"
    assert w.app.asked("/news")[-1]["ReasonParticipantLeft"] == "participant_hung_up"


def test_the_time_limit_of_the_dial_takes_one_out():
    w = world()
    join(w, CALLER)
    agent = join(w, ANN, dial="timeLimit='30'")
    w.sim.advance(31)

    assert list(hearing(w)) == [CALLER]
    assert agent.heard_text.endswith("Afterwards")


@pytest.mark.parametrize(
    ("beep", "entering", "leaving"), [("true", 1, 1), ("false", 0, 0), ("onEnter", 1, 0), ("onExit", 0, 1)]
)
def test_beeps_are_heard_by_those_who_are_in(beep, entering, leaving):
    w = world()
    caller = join(w, CALLER, "beep='false'")
    join(w, ANN, "beep='false'")
    agent = join(w, BOB, f"beep='{beep}'")
    assert [heard.kind for heard in caller.heard].count("beep") == entering

    w.sim.hang_up(agent.sid)
    w.sim.advance(0)

    assert [heard.kind for heard in caller.heard].count("beep") == entering + leaving


def test_a_hang_up_in_a_conference_tells_the_action_too():
    w = world()
    join(w, CALLER)
    agent = join(w, ANN, dial="action='/over'")
    w.sim.hang_up(agent.sid)
    w.sim.run_until_idle()

    assert pick(w.app.asked("/over")[0], "DialCallStatus", "CallStatus") == {
        "DialCallStatus": "answered",
        "CallStatus": "completed",
    }


def test_a_recording_has_what_the_room_heard_from_its_start_on():
    w = world()
    caller = join(w, CALLER, "record='record-from-start' recordingStatusCallback='/recorded' trim='do-not-trim'")
    w.sim.speak(caller.sid, "Nobody hears this yet")
    w.sim.advance(10)
    assert w.sim.recordings == []
    agent = join(w, ANN)
    boss = join(w, BOB, f"coach='{agent.sid}'")
    w.sim.speak(caller.sid, "I have a question about my order")
    w.sim.advance(5)
    w.sim.speak(boss.sid, "Be kind")
    w.sim.advance(5)
    for leg in (boss, agent, caller):
        w.sim.hang_up(leg.sid)
    w.sim.run_until_idle()

    (recording,) = w.sim.recordings
    (fields,) = w.app.asked("/recorded")
    assert pick(fields, "RecordingSource", "RecordingStatus", "RecordingDuration", "RecordingChannels") == {
        "RecordingSource": "Conference",
        "RecordingStatus": "completed",
        "RecordingDuration": "10",
        "RecordingChannels": "1",
    }
    assert fields["ConferenceSid"].startswith("CF")
    assert [sound.pcm for sound in recording.heard] == [caller.said[-1].pcm]


def test_a_conference_and_a_number_do_not_mix_and_wrong_values_have_their_codes():
    w = world()
    w.phone(CAROL)
    w.page("/over", "")
    w.call(f"<Dial action='/over'><Number>{CAROL}</Number><Conference>room</Conference></Dial>")
    w.sim.advance(0)
    join(w, ANN, "beep='loud' muted='perhaps'")

    assert w.codes() == [13000, 13235, 13230]
    assert w.app.asked("/over")[0]["DialCallStatus"] == "failed"


def test_relative_addresses_count_from_the_document():
    w = world()
    join(w, CALLER, NEWS)

    assert w.app.requests[-1].url == f"{BASE}/news"


def test_who_speaks_is_told_when_asked_for():
    """Facts 4.2: participant-speech-start and participant-speech-stop."""
    w = world()
    caller = join(w, CALLER, "statusCallback='/news' statusCallbackEvent='join speaker'")
    agent = join(w, ANN, "muted='true'")

    w.sim.speak(caller.sid, "I should like to know")
    w.sim.speak(caller.sid, "where my parcel is")
    w.sim.speak(agent.sid, "Nobody hears this")
    w.sim.run_until_idle()

    assert told(w, "CallSid")[2:] == [
        ("participant-speech-start", caller.sid),
        ("participant-speech-stop", caller.sid),
    ]


def test_who_leaves_in_the_middle_of_a_word_is_not_told_to_be_silent():
    w = world()
    caller = join(w, CALLER, "statusCallback='/news' statusCallbackEvent='leave speaker'")
    join(w, ANN)

    w.sim.speak(caller.sid, "I should like to know where")
    w.sim.hang_up(caller.sid)
    w.sim.run_until_idle()

    assert [event for event, *_ in told(w)][:2] == ["participant-speech-start", "participant-leave"]
    assert ("participant-speech-stop",) not in told(w)
