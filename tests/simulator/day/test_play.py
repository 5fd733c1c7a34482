"""The day on a virtual clock: the same `Day` as over HTTP, with the simulator's own buttons."""

from dataclasses import replace

from simulator.day.plan import Caller, Habits, calls
from simulator.day.play import Day, summary
from simulator.simulator import SimulatorError
from tests.simulator.world import ANN, COMPANY, world

MENU = "<Gather numDigits='1' action='/chosen'><Say>Press 1</Say></Gather><Pause length='600'/>"
RING = f"<Dial timeout='20' action='/over'><Number url='/screen'>{ANN}</Number></Dial>"
SCREEN = "<Gather numDigits='1' action='/taken'><Say>Press 1 to take it</Say></Gather><Hangup/>"
ALWAYS = Habits(declines=0.0, talk=60)
NEVER = Habits(declines=1.0)


class Buttons:
    """The telephones of a simulator in the same process."""

    def __init__(self, sim):
        self.sim = sim

    def people(self):
        return self.sim.people()["calls"]

    def dial(self, number, to):
        return self.sim.dial(number, to, passing=True)

    def do(self, sid, act, **more):
        try:
            getattr(self.sim, act.replace("-", "_"))(sid, *more.values())
        except SimulatorError:
            return False
        return True


def caller(at=0.0, number="+12015550101", **changed):
    given = {"keys": "1", "thinking": 1.0, "patience": 60.0, "talk": 500.0, "message": "Call me back"}
    return Caller(at=at, number=number, **given | changed)


def play(w, callers, habits=ALWAYS, seconds=600):
    day = Day(Buttons(w.sim), callers, to=COMPANY, seed=1, habits=habits, held={ANN})
    for now in range(seconds):
        day.look(float(now))
        w.clock.advance(1)
        if day.over:
            break
    return day


def company(**pages):
    w = world()
    w.phone(ANN)
    w.page("/voice", MENU)
    w.page("/chosen", RING)
    w.page("/screen", SCREEN)
    w.page("/taken", "")
    for path, verbs in pages.items():
        w.page(f"/{path}", verbs)
    return w


def test_callers_press_their_key_and_talk_to_whoever_takes_the_call():
    w = company()

    day = play(w, [caller(), caller(at=200, number="+12015550102", talk=5.0)])

    assert day.over
    assert w.app.asked("/chosen")[0]["Digits"] == "1"
    assert dict(day.tally.fates) == {"talked": 2}
    assert dict(day.tally.rings) == {"answered": 2}
    assert len(day.tally.waits) == 2
    assert 0 < day.tally.waits[0] < 40


def test_whoever_waits_in_vain_leaves_when_patience_ends():
    w = company(voice="<Say>Please wait</Say><Pause length='600'/>")

    day = play(w, [caller(patience=30.0)])

    assert dict(day.tally.fates) == {"left without talking": 1}
    assert 29 <= w.elapsed() <= 34


def test_a_phone_that_is_declined_rings_no_more():
    w = company(over="<Say>Nobody is there</Say>")

    day = play(w, [caller()], NEVER)

    assert dict(day.tally.rings) == {"declined": 1}
    assert w.app.asked("/over")[0]["DialCallStatus"] == "busy"


def test_where_a_message_is_taken_one_is_left():
    w = company(voice="<Record action='/kept'/>", kept="<Say>Thank you</Say>")

    day = play(w, [caller()])

    assert dict(day.tally.fates) == {"left a message": 1}
    assert [recording.status for recording in w.sim.recordings] == ["completed"]


def test_phones_that_are_not_held_are_left_alone():
    w = company()
    day = Day(Buttons(w.sim), [caller(patience=20.0)], to=COMPANY, seed=1, habits=ALWAYS, held=())
    for now in range(100):
        day.look(float(now))
        w.clock.advance(1)

    assert dict(day.tally.rings) == {}
    assert dict(day.tally.fates) == {"left without talking": 1}


def test_a_day_that_is_closed_leaves_nobody_on_the_line():
    w = company()
    day = Day(Buttons(w.sim), [caller(), caller(at=1000)], to=COMPANY, seed=1, habits=ALWAYS, held={ANN})
    for now in range(20):
        day.look(float(now))
        w.clock.advance(1)

    day.close()
    w.clock.advance(2)

    assert day.over
    assert all(not leg.live for leg in w.sim.legs())


def test_the_summary_counts_calls_and_says_how_long_they_waited():
    day = play(company(), [caller()])

    text = summary(day.tally)

    assert text.startswith("1 calls\n      1 talked\n1 rings of telephones\n      1 answered\nuntil talking: ")


def test_a_loyal_caller_is_on_the_line_until_somebody_else_hangs_up():
    w = company(voice="<Say>Please wait</Say><Pause length='600'/>")
    loyal = calls(seed=1, first_hour=8, hours=1, per_hour=1.5, habits=Habits(loyal=1.0))[:1]

    day = play(w, [replace(loyal[0], at=0.0)], seconds=300)
    day.close()
    w.clock.advance(1)

    assert not w.sim.legs()[0].live
    assert dict(day.tally.fates) == {"still on the line at the end": 1}
    assert day.over
