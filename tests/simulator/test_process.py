import pytest

from simulator.clock import VirtualClock
from simulator.process import HungUp, Inbox, Outside, Process, Wait


def run(steps):
    """Start a generator that appends to a list; return clock, process and list."""
    clock, seen = VirtualClock(), []
    return clock, Process(clock, steps(seen)), seen


def test_a_wait_ends_with_its_time():
    def steps(seen):
        seen.append((yield Wait(3)))

    clock, process, seen = run(steps)
    clock.advance(2.9)
    assert seen == []
    clock.advance(0.1)

    assert seen == [None]
    assert not process.running


@pytest.mark.parametrize("early", [True, False])
def test_a_wait_ends_with_what_arrives(early):
    inbox = Inbox()

    def steps(seen):
        yield Wait(1)
        seen.append((yield Wait(10, inbox)))
        seen.append((yield Wait(10, inbox)))
        seen.append((yield Wait(10, inbox)))

    clock, _, seen = run(steps)
    clock.advance(0.5 if early else 2)
    inbox.put("one")
    inbox.put("two")
    clock.advance(1)
    assert seen == ["one", "two"]
    clock.advance(10)

    assert seen == ["one", "two", None]


def test_an_interruption_is_raised_where_it_waits_and_the_timer_is_given_up():
    def steps(seen):
        try:
            yield Wait(3)
        except HungUp:
            seen.append("tidy")
            yield Wait(1)
            seen.append("last")
            raise
        seen.append("never")

    clock, process, seen = run(steps)
    clock.advance(1)
    process.interrupt(HungUp())
    clock.advance(10)

    assert seen == ["tidy", "last"]
    assert not process.running


def test_an_interruption_of_a_finished_process_does_nothing():
    def steps(seen):
        seen.append((yield Wait(0)))

    clock, process, seen = run(steps)
    clock.advance(1)
    process.interrupt(HungUp())
    clock.advance(1)

    assert seen == [None]


def test_work_outside_brings_its_result_unless_nobody_waits_any_more():
    def steps(seen):
        seen.append((yield Outside(lambda: 7)))
        yield Outside(lambda: process.interrupt(HungUp()))
        seen.append("never")

    clock, process, seen = run(steps)
    clock.settle()

    assert seen == [7]


def test_an_error_in_a_process_reaches_whoever_moves_the_clock():
    def steps(seen):
        yield Wait(1)
        raise ZeroDivisionError

    clock, process, _ = run(steps)

    with pytest.raises(ZeroDivisionError):
        clock.advance(2)
    assert not process.running
