"""Queues and members by REST, as the real library asks for them."""

import pytest

from tests.simulator.rest.sdk import client, get
from tests.simulator.rest.test_participants import refusal
from tests.simulator.verbs.test_enqueue import enter, queue, results, waiting
from tests.simulator.world import ANN, BASE, BOB, CALLER, world


def test_a_queue_is_made_changed_found_and_removed():
    w = world()
    twilio = client(w.sim)
    made = twilio.queues.create(friendly_name="sales", max_size=5)
    assert (made.friendly_name, made.max_size, made.current_size, made.average_wait_time) == ("sales", 5, 0, 0)

    changed = twilio.queues(made.sid).update(friendly_name="orders")
    assert (changed.friendly_name, changed.max_size) == ("orders", 5)
    assert [item.sid for item in twilio.queues.list()] == [made.sid]
    assert twilio.queues(made.sid).delete() is True
    assert refusal(twilio.queues(made.sid).fetch) == (404, 20404)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"friendly_name": "support"}, 22003),
        ({"friendly_name": "x" * 65}, 20001),
        ({"friendly_name": "other", "max_size": 5001}, 20001),
    ],
)
def test_a_taken_name_and_wrong_sizes_are_refused(options, code):
    w, _ = waiting()

    assert refusal(lambda: client(w.sim).queues.create(**options)) == (400, code)


def test_members_are_listed_front_first_with_numbers():
    w, caller = waiting()
    w.sim.advance(20)
    second = enter(w, BOB)
    members = client(w.sim).queues(queue(w)["sid"]).members

    assert [member.call_sid for member in members.list()] == [caller.sid, second.sid]
    front = members("Front").fetch()
    assert (front.call_sid, front.position, front.wait_time) == (caller.sid, 1, 20)
    assert members(second.sid).fetch().position == 2
    assert client(w.sim).queues(queue(w)["sid"]).fetch().average_wait_time == 10
    body = get(w.sim, f"/Queues/{queue(w)['sid']}/Members/Front.json").body.decode()
    assert '"date_enqueued": "Mon, 05 Jan 2026' in body


def test_a_queue_with_people_in_it_stays():
    w, _ = waiting()

    assert refusal(client(w.sim).queues(queue(w)["sid"]).delete) == (400, 22002)


def test_a_dequeued_member_runs_the_document_and_the_action_is_told():
    w, caller = waiting()
    second = enter(w, ANN)
    w.page("/agent", "<Say>To the agent</Say><Pause length='30'/>")
    members = client(w.sim).queues(queue(w)["sid"]).members

    assert members(second.sid).update(url=f"{BASE}/agent").position == 2
    assert members("Front").update(url=f"{BASE}/agent", method="GET").call_sid == caller.sid
    w.sim.advance(5)

    assert results(w) == ["redirected", "redirected"]
    assert caller.heard_text.endswith("To the agent")
    assert refusal(lambda: members(caller.sid).update(url=f"{BASE}/agent")) == (400, 20001)
    assert refusal(lambda: members("Front").update(url=f"{BASE}/agent")) == (404, 20404)
    assert refusal(members(caller.sid).fetch) == (404, 20404)


def test_who_comes_back_can_be_dequeued_again():
    w, caller = waiting()
    w.page("/again", "<Enqueue waitUrl='/wait'>support</Enqueue>")
    members = client(w.sim).queues(queue(w)["sid"]).members
    members(caller.sid).update(url=f"{BASE}/again")
    w.sim.advance(5)
    assert [one["phone"] for one in queue(w)["members"]] == [CALLER]

    assert members(caller.sid).update(url=f"{BASE}/again").position == 1
