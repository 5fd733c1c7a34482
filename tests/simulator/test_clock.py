import threading

import pytest

from simulator.clock import RealClock, StuckError, VirtualClock
from tests.patience import PATIENCE


def test_events_happen_in_order_of_time_and_then_of_their_making():
    clock, seen = VirtualClock(), []
    clock.call_later(2, lambda: seen.append("later"))
    clock.call_later(1, lambda: seen.append("first"))
    clock.call_later(1, lambda: seen.append("second"))

    clock.advance(1)
    assert seen == ["first", "second"]

    clock.advance(1)
    assert seen == ["first", "second", "later"]


def test_an_event_sees_the_moment_it_was_due():
    clock, seen = VirtualClock(), []
    begin = clock.now()
    clock.call_later(2.5, lambda: seen.append((clock.now() - begin).total_seconds()))

    clock.advance(60)

    assert seen == [2.5]
    assert (clock.now() - begin).total_seconds() == 60


def test_a_canceled_timer_does_not_fire():
    clock, seen = VirtualClock(), []
    clock.call_later(1, lambda: seen.append(1)).cancel()

    clock.run_until_idle()

    assert seen == []


def test_until_idle_ignores_background_timers_but_fires_those_it_passes():
    clock, seen = VirtualClock(), []
    begin = clock.now()
    clock.call_later(100, lambda: seen.append("limit"), background=True)
    clock.call_later(5, lambda: seen.append("soon"), background=True)
    clock.call_later(10, lambda: seen.append("event"))

    clock.run_until_idle()

    assert seen == ["soon", "event"]
    assert (clock.now() - begin).total_seconds() == 10


def test_until_idle_stops_at_its_limit():
    clock = VirtualClock()
    begin = clock.now()

    def again() -> None:
        clock.call_later(30, again)

    again()
    clock.run_until_idle(limit=100)

    assert (clock.now() - begin).total_seconds() == 90


def test_work_outside_never_runs_inside_another_event():
    clock, seen = VirtualClock(), []

    def event() -> None:
        clock.outside(lambda: seen.append("work"), lambda _: seen.append("done"))
        seen.append("event ends")

    clock.call_later(0, event)
    clock.settle()

    assert seen == ["event ends", "work", "done"]


def test_a_call_from_within_an_event_does_not_start_a_second_loop():
    clock, seen = VirtualClock(), []
    clock.call_later(0, lambda: (clock.settle(), seen.append("outer")))
    clock.call_later(0, lambda: seen.append("next"))

    clock.settle()

    assert seen == ["outer", "next"]


def test_events_in_a_circle_are_noticed():
    clock = VirtualClock()

    def again() -> None:
        clock.call_later(0, again)

    again()

    with pytest.raises(StuckError):
        clock.advance(1)


def test_the_real_clock_fires_events_and_brings_work_back():
    clock, done, seen = RealClock(), threading.Event(), []
    try:
        clock.call_later(0.01, lambda: clock.outside(lambda: 7, lambda result: (seen.append(result), done.set())))
        assert done.wait(PATIENCE)
    finally:
        clock.stop()

    assert seen == [7]


def test_a_failing_event_does_not_end_the_real_clock(caplog):
    clock, done = RealClock(), threading.Event()
    try:
        clock.call_later(0, lambda: 1 / 0)
        clock.call_later(0.01, done.set)
        assert done.wait(PATIENCE)
    finally:
        clock.stop()

    assert "An event of the simulator failed" in caplog.text


def test_the_real_clock_can_go_faster_from_now_on():
    clock, done = RealClock(), threading.Event()
    try:
        begun = clock.now()
        clock.call_later(30, done.set)
        clock.go(200)
        assert done.wait(PATIENCE)
        assert (clock.now() - begun).total_seconds() >= 30
        assert clock.wall() < clock.now()
        clock.go(1)
        later = clock.now()
        assert (clock.now() - later).total_seconds() < 1
    finally:
        clock.stop()
