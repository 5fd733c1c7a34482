import pytest

from simulator.edge import NotThere
from simulator.production import SIMULATED_ACCOUNT
from simulator.tokens import TokenRefused
from tests.simulator.signing import KEYS, token
from tests.simulator.world import CALLER, world

RING = "<Dial timeout='20' action='/after'><Client>agent_ann<Parameter name='call' value='7'/></Client></Dial>"


@pytest.fixture
def w():
    return world(api_keys=KEYS, account_sid=SIMULATED_ACCOUNT)


def register(w, identity="agent_ann", **more):
    return w.sim.edge.register(token(w.clock.wall().timestamp(), identity=identity, **more)).key


def told(w, key, since=0):
    return [event["type"] for event in w.sim.edge.events(key, since)]


def rung(w, voice=RING, seconds=1):
    """Let somebody call, and return the client's leg."""
    w.call(voice)
    w.clock.advance(seconds)
    return w.sim.legs("client:agent_ann")[-1]


def test_a_registered_client_rings_at_its_page_and_talks(w):
    key = register(w)

    leg = rung(w)
    incoming = w.sim.edge.events(key)[0]
    w.sim.edge.accept(key, leg.sid)
    w.clock.advance(1)
    w.sim.speak(w.sim.legs(CALLER)[0].sid, "Hello Ann")
    w.clock.advance(2)

    assert incoming["type"] == "incoming"
    assert incoming["parameters"]["From"] == CALLER
    assert incoming["custom"] == {"call": "7"}
    assert leg.status == "in-progress"
    heard = [event["heard"]["text"] for event in w.sim.edge.events(key) if event["type"] == "heard"]
    assert heard == [f"Connected with {CALLER}", "Hello Ann"]


def test_events_are_told_from_a_number_on_and_not_twice(w):
    key = register(w)
    leg = rung(w)

    assert told(w, key) == ["incoming"]
    assert told(w, key) == ["incoming"]
    assert told(w, key, since=1) == []
    w.sim.edge.accept(key, leg.sid)
    w.clock.advance(1)
    assert told(w, key, since=1)[0] == "accept"


def test_all_pages_of_a_client_ring_and_the_first_answer_wins(w):
    first, second, other = register(w), register(w), register(w, "agent_bob")
    leg = rung(w)
    assert (told(w, first), told(w, second), told(w, other)) == (["incoming"], ["incoming"], [])

    w.sim.edge.accept(second, leg.sid)

    assert told(w, first) == ["incoming", "cancel"]
    assert "accept" in told(w, second)
    with pytest.raises(NotThere):
        w.sim.edge.accept(first, leg.sid)


def test_a_refusal_at_one_page_is_one_for_all(w):
    first, second = register(w), register(w)
    leg = rung(w)

    w.sim.edge.reject(first, leg.sid)
    w.clock.advance(1)

    assert (leg.status, leg.sip_code) == ("busy", 603)
    assert told(w, second) == ["incoming", "cancel"]


def test_a_caller_who_leaves_cancels_the_ringing(w):
    key = register(w)
    rung(w)

    w.sim.hang_up(w.sim.legs(CALLER)[0].sid)
    w.clock.advance(1)

    assert told(w, key) == ["incoming", "cancel"]


def test_nobody_takes_the_call_until_it_rings_no_more(w):
    key = register(w)
    leg = rung(w, seconds=40)

    assert leg.status == "no-answer"
    assert told(w, key) == ["incoming", "cancel"]


def test_a_client_without_a_page_is_not_reached(w):
    leg = rung(w, seconds=2)

    assert leg.status == "no-answer"


def test_a_page_that_unregistered_rings_no_more_but_keeps_its_call(w):
    key = register(w)
    leg = rung(w)
    w.sim.edge.accept(key, leg.sid)
    w.clock.advance(1)

    w.sim.edge.unregister(key)
    second = rung(w, seconds=2)

    assert leg.status == "in-progress"
    assert second.status == "no-answer"


def test_a_page_that_is_gone_hangs_up(w):
    key = register(w)
    leg = rung(w)
    w.sim.edge.accept(key, leg.sid)
    w.clock.advance(1)

    w.sim.edge.forget(key)
    w.clock.advance(1)

    assert leg.status == "completed"
    assert w.app.asked("/after")[0]["DialCallStatus"] == "completed"
    with pytest.raises(NotThere):
        w.sim.edge.events(key)


def test_a_page_that_is_gone_while_it_rings_leaves_the_others_ringing(w):
    first, second = register(w), register(w)
    leg = rung(w)

    w.sim.edge.forget(first)
    w.sim.edge.accept(second, leg.sid)
    w.clock.advance(1)

    assert leg.status == "in-progress"


def test_an_expired_token_rings_no_more_until_a_newer_one_is_shown(w):
    key = register(w, seconds=60)
    w.clock.advance(61)
    assert rung(w, seconds=2).status == "no-answer"

    again = w.sim.edge.register(token(w.clock.wall().timestamp()), key)

    assert again.key == key
    assert rung(w, seconds=2).status == "ringing"


def test_an_expired_token_does_not_register(w):
    stale = token(w.clock.wall().timestamp(), seconds=10)
    w.clock.advance(11)

    with pytest.raises(TokenRefused) as refused:
        w.sim.edge.register(stale)
    assert refused.value.code == 20104


def test_a_page_has_only_the_calls_that_it_took(w):
    first, second = register(w), register(w)
    leg = rung(w)
    w.sim.edge.accept(first, leg.sid)
    w.clock.advance(1)

    assert w.sim.edge.own(first, leg.sid) is leg
    with pytest.raises(NotThere):
        w.sim.edge.own(second, leg.sid)


def test_the_one_who_ends_the_call_is_told_of_its_end(w):
    key = register(w)
    leg = rung(w)
    w.sim.edge.accept(key, leg.sid)
    w.clock.advance(1)

    w.sim.hang_up(w.sim.legs(CALLER)[0].sid)
    w.clock.advance(1)

    assert told(w, key)[-1] == "disconnect"


def test_bad_sound_is_told_to_the_page_and_to_nobody_else(w):
    key = register(w)
    leg = rung(w)
    with pytest.raises(NotThere):
        w.sim.edge.warn(leg.sid, "high-rtt")
    w.sim.edge.accept(key, leg.sid)
    w.clock.advance(1)

    w.sim.edge.warn(leg.sid, "high-rtt")
    w.sim.edge.warn(leg.sid, "high-rtt", cleared=True)

    assert [kind for kind in told(w, key) if kind.startswith("warning")] == ["warning", "warning-cleared"]


def test_the_page_of_the_simulator_shows_who_is_registered(w):
    first, _ = register(w), register(w)
    w.sim.edge.unregister(first)

    assert w.sim.snapshot()["clients"] == [{"address": "client:agent_ann", "devices": 1}]
