"""Voices while they last, on the switchboard's own terms. What it means for recordings is in `test_recorded_legs`."""

from tests.simulator.world import ANN, CALLER, world


def talk():
    w = world()
    w.phone(ANN, "answers")
    leg = w.call(f"<Dial>{ANN}</Dial><Pause length='60'/>")
    w.sim.advance(3)
    return w, leg, leg.bridged


def test_a_voice_is_on_the_other_leg_from_its_begin_to_its_end():
    w, caller, ann = talk()
    w.sim.speak(caller.sid, "x" * 30)
    w.sim.advance(1)
    w.sim.speak(caller.sid, "y" * 15)

    (heard,) = ann.played
    assert (heard.since, heard.until, heard.seconds) == (heard.at, None, 2)
    w.sim.advance(1.5)
    assert [sound.seconds for sound in ann.played] == [1]  # the first is over, and nothing records it
    assert caller.played == []


def test_whoever_hangs_up_hears_no_more():
    w, caller, ann = talk()
    w.sim.speak(caller.sid, "x" * 45)
    (heard,) = ann.played
    w.sim.advance(1)
    w.sim.hang_up(ann.sid)

    assert heard.until == w.clock.now()
    assert w.sim.legs(CALLER) == [caller]


def test_a_voice_that_nobody_hears_is_heard_by_nobody():
    w = world()
    leg = w.call("<Pause length='60'/>")
    w.sim.advance(2)

    assert leg.played == []
