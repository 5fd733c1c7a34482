"""Enqueue, Leave and Dial Queue: waiting, being taken, and what the action is told."""

import pytest

from tests.simulator.rest.sdk import client
from tests.simulator.world import ANN, BASE, BOB, CALLER, pick, world

RESULT = ("QueueResult", "QueueTime", "CallStatus")
TAKE = "<Dial action='/dialled' {}><Queue {}>support</Queue></Dial><Say>Agent again</Say>"


def waiting(attributes: str = "waitUrl='/wait'", wait: str = "<Say>Please wait</Say><Pause length='9'/>"):
    """A caller in the queue."""
    w = world()
    w.page("/wait", wait)
    w.page("/over", "<Say>Back again</Say>")
    w.page("/dialled", "<Say>Done</Say>")
    leg = enter(w, CALLER, attributes)
    return w, leg


def enter(w, caller: str, attributes: str = "waitUrl='/wait'", action: str = "action='/over'"):
    leg = w.call(f"<Enqueue {action} {attributes}>support</Enqueue><Say>Next verb</Say>", caller=caller)
    w.sim.advance(0)
    return leg


def take(w, attributes: str = "", dial: str = "", caller: str = ANN):
    leg = w.call(TAKE.format(dial, attributes), caller=caller)
    w.sim.advance(0)
    return leg


def results(w) -> list[str]:
    return [fields["QueueResult"] for fields in w.app.asked("/over")]


def queue(w):
    return w.sim.snapshot()["queues"][0]


def test_the_wait_document_loops_and_tells_place_and_times():
    w, leg = waiting()
    enter(w, BOB)
    w.sim.advance(25)

    first, again = [fields for fields in w.app.asked("/wait") if fields["CallSid"] == leg.sid][:2]
    names = ("QueuePosition", "QueueTime", "AvgQueueTime", "CurrentQueueSize", "MaxQueueSize", "QueueSid")
    sid = queue(w)["sid"]
    assert pick(first, *names) == dict(zip(names, ("1", "0", "0", "1", "1000", sid), strict=True))
    assert pick(again, *names) == dict(zip(names, ("1", "10", "10", "2", "1000", sid), strict=True))
    assert w.app.asked("/wait")[1]["QueuePosition"] == "2"
    assert leg.heard_text.count("Please wait") == 3
    assert [(one["phone"], one["position"], one["seconds"]) for one in queue(w)["members"]] == [
        (CALLER, 1, 25),
        (BOB, 2, 25),
    ]


@pytest.mark.parametrize(("attributes", "heard"), [("", "note"), ("waitUrl=''", "silence")])
def test_without_a_document_there_is_music_and_with_an_empty_one_silence(attributes, heard):
    w, leg = waiting(attributes)
    w.sim.advance(600)

    assert leg.heard[-1].kind == heard
    assert w.app.paths() == ["/voice"]


def test_an_empty_wait_document_does_not_spin():
    w, _ = waiting(wait="")
    w.sim.advance(10)

    assert len(w.app.asked("/wait")) == 11


def test_a_key_can_lead_to_leaving():
    w, leg = waiting(wait="<Gather numDigits='1' action='/pressed'><Say>Press one to leave</Say></Gather>")
    w.page("/pressed", "<Leave/>")
    w.sim.advance(1)
    w.sim.press(leg.sid, "1")
    w.sim.advance(1)

    assert pick(w.app.asked("/over")[0], *RESULT) == {
        "QueueResult": "leave",
        "QueueTime": "1",
        "CallStatus": "in-progress",
    }
    assert leg.heard_text.endswith("Back again")
    assert queue(w)["members"] == []


def test_without_an_action_the_next_verb_runs():
    w = world()
    w.page("/wait", "<Leave/>")
    leg = enter(w, CALLER, action="")
    w.sim.run_until_idle()

    assert leg.heard_text == "Next verb"


def test_who_hangs_up_is_told_and_so_is_a_hangup_of_the_document():
    w, leg = waiting()
    w.sim.advance(3)
    w.sim.hang_up(leg.sid)
    v, _ = waiting(wait="<Pause length='3'/><Hangup/>")
    for each in (w, v):
        each.sim.run_until_idle()
        assert pick(each.app.asked("/over")[0], *RESULT) == {
            "QueueResult": "hangup",
            "QueueTime": "3",
            "CallStatus": "completed",
        }


def test_a_full_queue_and_a_failing_document_are_told():
    w, _ = waiting("waitUrl='/wait' maxQueueSize='1'")
    late = enter(w, BOB)
    w.sim.advance(1)
    assert pick(w.app.asked("/over")[0], "CallSid", "QueueResult") == {"CallSid": late.sid, "QueueResult": "queue-full"}

    v = world()
    v.app.pages["/wait"] = "nonsense"
    v.page("/over", "")
    enter(v, CALLER)
    assert results(v) == ["error"]


def test_verbs_that_a_wait_document_may_not_hold_are_left_out():
    w, leg = waiting(wait="<Dial>1</Dial><Enqueue>other</Enqueue><Say>Wait</Say><Pause length='60'/>")
    w.sim.advance(5)

    assert w.codes() == [12200, 12200]
    assert leg.heard_text == "Wait"


def test_leave_outside_a_queue_does_nothing():
    w = world()
    leg = w.call("<Leave/><Say>Next</Say>")
    w.sim.run_until_idle()

    assert (leg.heard_text, w.codes()) == ("Next", [0])


def test_the_front_is_taken_and_both_are_told_when_the_talk_is_over():
    w, caller = waiting()
    w.sim.advance(7)
    agent = take(w)
    assert (agent.bridged, caller.bridged) == (caller, agent)
    w.sim.speak(agent.sid, "How can I help")
    assert caller.heard_text.endswith("How can I help")
    assert results(w) == []
    w.sim.advance(10)
    w.sim.hang_up(agent.sid)
    w.sim.advance(1)

    assert pick(w.app.asked("/over")[0], *RESULT) == {
        "QueueResult": "bridged",
        "QueueTime": "7",
        "CallStatus": "in-progress",
    }
    assert caller.heard_text.endswith("Back again")
    assert pick(w.app.asked("/dialled")[0], "DialCallStatus", "DialBridged", "QueueResult", "QueueTime") == {
        "DialCallStatus": "completed",
        "DialBridged": "true",
        "QueueResult": "bridged",
        "QueueTime": "7",
    }


def test_a_caller_who_hangs_up_in_the_talk_was_bridged():
    w, caller = waiting()
    agent = take(w)
    w.sim.advance(4)
    w.sim.hang_up(caller.sid)
    w.sim.run_until_idle()

    assert results(w) == ["bridged"]
    assert pick(w.app.asked("/dialled")[0], "DialCallStatus", "DialCallSid", "DialCallDuration") == {
        "DialCallStatus": "completed",
        "DialCallSid": caller.sid,
        "DialCallDuration": "4",
    }
    assert agent.heard_text.endswith("Done")


def test_a_greeting_is_heard_by_the_one_taken_before_the_talk():
    w, caller = waiting()
    w.page("/greet", "<Say>You will be connected now, please stay</Say>")
    agent = take(w, "url='/greet'")
    w.sim.advance(1)
    assert caller.bridged is None
    w.sim.advance(3)

    assert caller.bridged is agent
    (fields,) = w.app.asked("/greet")
    assert pick(fields, "CallSid", "DequeingCallSid", "QueueTime") == {
        "CallSid": caller.sid,
        "DequeingCallSid": agent.sid,
        "QueueTime": "0",
    }


def test_a_failing_greeting_fails_both():
    w, caller = waiting()
    w.app.pages["/greet"] = "nonsense"
    take(w, "url='/greet'")
    w.sim.advance(1)

    assert results(w) == ["error"]
    assert w.app.asked("/dialled")[0]["DialCallStatus"] == "failed"
    assert "Back again" in caller.heard_text


def test_an_agent_who_leaves_in_the_greeting_gives_the_caller_back_to_the_document():
    w, caller = waiting()
    w.page("/greet", "<Pause length='5'/>")
    agent = take(w, "url='/greet'")
    w.sim.advance(1)
    w.sim.hang_up(agent.sid)
    w.sim.advance(5)

    assert results(w) == ["error"]
    assert caller.heard_text.endswith("Back again")


def test_an_empty_queue_is_waited_for_until_the_time_is_over():
    w, caller = waiting()
    first = take(w)
    second = take(w, dial="timeout='20'", caller=BOB)
    w.sim.advance(19)
    assert w.app.asked("/dialled") == []
    w.sim.advance(1.5)
    assert pick(w.app.asked("/dialled")[0], "CallSid", "DialCallStatus") == {
        "CallSid": second.sid,
        "DialCallStatus": "no-answer",
    }
    assert first.bridged is caller


def test_whoever_comes_first_is_taken_by_the_one_who_waits():
    w, _ = waiting()
    take(w)
    idle = take(w, caller=BOB)
    w.sim.advance(5)
    late = enter(w, "+14155550144")

    assert idle.bridged is late


def test_an_unknown_queue_is_an_error():
    w = world()
    w.page("/dialled", "")
    take(w)

    assert pick(w.app.asked("/dialled")[0], "DialCallStatus", "QueueResult") == {
        "DialCallStatus": "failed",
        "QueueResult": "error",
    }


@pytest.mark.parametrize("dial", ["hangupOnStar='true'", "timeLimit='3'"])
def test_a_star_or_the_time_limit_ends_the_talk_and_not_the_call(dial):
    w, caller = waiting()
    agent = take(w, dial=dial)
    w.sim.advance(2)
    w.sim.press(agent.sid, "*")
    w.sim.advance(2)

    assert results(w) == ["bridged"]
    assert caller.heard_text.endswith("Back again")


def test_a_talk_can_be_recorded():
    w, caller = waiting()
    agent = take(w, dial="record='record-from-answer-dual'")
    w.sim.speak(caller.sid, "I need some help please")
    w.sim.advance(4)
    w.sim.hang_up(agent.sid)
    w.sim.run_until_idle()

    (recording,) = w.sim.recordings
    assert (recording.leg, recording.status, recording.wish.channels) == (agent, "completed", 2)


def test_a_redirect_is_told_for_what_it_cut_off():
    w, caller = waiting()
    w.page("/greet", "<Pause length='5'/>")
    w.page("/elsewhere", "<Say>Elsewhere</Say><Pause length='30'/>")
    twilio = client(w.sim)
    twilio.calls(caller.sid).update(url=f"{BASE}/elsewhere")
    w.sim.advance(1)
    greeted, bridged = enter(w, BOB), None
    take(w, "url='/greet'")
    twilio.calls(greeted.sid).update(url=f"{BASE}/elsewhere")
    w.sim.advance(1)
    bridged = enter(w, "+14155550144")
    take(w, caller="+14155550155")
    twilio.calls(bridged.sid).update(url=f"{BASE}/elsewhere")
    w.sim.advance(1)

    assert results(w) == ["redirected", "bridging-in-process", "redirected-from-bridged"]
    assert all(leg.heard_text.endswith("Elsewhere") for leg in (caller, greeted, bridged))
    assert w.app.asked("/dialled")[-1]["DialBridged"] == "true"


def test_a_name_that_is_too_long_is_an_error():
    w = world()
    w.page("/over", "")
    w.call(f"<Enqueue action='/over'>{'x' * 65}</Enqueue>")
    w.sim.advance(0)

    assert results(w) == ["error"]
