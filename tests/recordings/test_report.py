"""What is not on a recording: by tables, and by whatever Hypothesis thinks of. A moment is written in seconds."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from recordings.recorder import PauseReason, RecorderState
from recordings.report import Cause, Span, Stretch, Why, ran, silent, united, without

BEGAN = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
WHOLE = (0, 100)


def at(second: float) -> datetime:
    return BEGAN + timedelta(seconds=second)


def span(since: float, until: float) -> Span:
    return Span(at(since), at(until))


def plain(spans):
    return [((one.since - BEGAN).total_seconds(), (one.until - BEGAN).total_seconds()) for one in spans]


def told(stretches: list[Stretch]):
    return [(*pair, " ".join(one.reasons)) for pair, one in zip(plain(stretches), stretches, strict=True)]


RUNNING, PAUSED, STOPPED, FAILED = (
    RecorderState.RUNNING,
    RecorderState.PAUSED,
    RecorderState.STOPPED,
    RecorderState.FAILED,
)


@pytest.mark.parametrize(
    ("marks", "spans"),
    [
        ([], []),
        ([(5, RUNNING)], [(5, 100)]),
        ([(5, RUNNING), (60, STOPPED)], [(5, 60)]),
        ([(5, RUNNING), (20, PAUSED), (30, RUNNING), (60, STOPPED)], [(5, 20), (30, 60)]),
        ([(5, RUNNING), (20, PAUSED), (60, STOPPED)], [(5, 20)]),
        ([(60, STOPPED), (5, RUNNING)], [(5, 60)]),  # whatever the order
        ([(5, RUNNING), (8, RUNNING), (60, STOPPED)], [(5, 60)]),  # told twice
        ([(5, "wanted"), (6, FAILED)], []),
        ([(5, PAUSED), (9, RUNNING), (12, FAILED)], [(9, 12)]),
        ([(5, RUNNING), (5, STOPPED)], [(5, 5)]),
    ],
)
def test_a_recorder_ran_where_twilio_has_confirmed_it(marks, spans):
    assert plain(ran([(at(second), state) for second, state in marks], until=at(100))) == spans


@pytest.mark.parametrize(
    ("spans", "united_ones", "rest"),
    [
        ([], [], [WHOLE]),
        ([(0, 100)], [(0, 100)], []),
        ([(-5, 120)], [(-5, 120)], []),
        ([(10, 20), (15, 30)], [(10, 30)], [(0, 10), (30, 100)]),
        ([(15, 30), (10, 20), (30, 40)], [(10, 40)], [(0, 10), (40, 100)]),
        ([(10, 50), (20, 30)], [(10, 50)], [(0, 10), (50, 100)]),
        ([(10, 10)], [], [WHOLE]),
        ([(90, 120)], [(90, 120)], [(0, 90)]),
        ([(120, 130)], [(120, 130)], [WHOLE]),
    ],
)
def test_spans_are_put_together_and_taken_away(spans, united_ones, rest):
    given_ones = [span(*one) for one in spans]

    assert plain(united(given_ones)) == united_ones
    assert plain(without(span(*WHOLE), given_ones)) == rest


AGENT, HOLD, WAIT = PauseReason.AGENT, PauseReason.HOLD, PauseReason.WAIT


@pytest.mark.parametrize(
    ("recorded", "causes", "expected"),
    [
        ([], [], [(0, 100, "not-begun")]),
        ([(0, 100)], [], []),
        ([(0, 100)], [(20, 30, AGENT)], []),  # what was asked for and never came about is on it
        ([(10, 90)], [], [(0, 10, "not-begun"), (90, 100, "stopped")]),
        ([(10, 40), (50, 100)], [(0, 10, "flow"), (40, 50, AGENT)], [(0, 10, "flow"), (40, 50, "agent")]),
        ([(0, 40), (60, 100)], [], [(40, 60, "unexplained")]),
        # what overlaps is told once, with every reason that there was at the time
        (
            [(0, 20), (80, 100)],
            [(20, 60, AGENT), (40, 80, HOLD)],
            [(20, 40, "agent"), (40, 60, "agent hold"), (60, 80, "hold")],
        ),
        ([(0, 20), (80, 100)], [(20, 80, HOLD), (30, 50, HOLD)], [(20, 80, "hold")]),
        ([(0, 20), (80, 100)], [(20, 50, HOLD), (50, 80, HOLD)], [(20, 80, "hold")]),
        # Twilio takes a moment for what it is asked
        ([(0, 21), (64, 100)], [(20, 60, AGENT)], [(21, 64, "agent")]),
        ([(0, 18), (60, 100)], [(20, 60, AGENT)], [(18, 60, "agent")]),
        ([(31, 100)], [(0, 10, "flow"), (10, 30, WAIT)], [(0, 10, "flow"), (10, 31, "wait")]),
        # but not a long one: the agent began it later
        ([(45, 100)], [(0, 10, "flow"), (10, 30, WAIT)], [(0, 10, "flow"), (10, 30, "wait"), (30, 45, "not-begun")]),
        ([(0, 20), (60, 100)], [(20, 30, AGENT)], [(20, 30, "agent"), (30, 60, "unexplained")]),
        ([(10, 60)], [(60, 100, "refused")], [(0, 10, "not-begun"), (60, 100, "refused")]),
        (
            [(10, 20), (40, 60)],
            [(20, 40, "refused")],
            [(0, 10, "not-begun"), (20, 40, "refused"), (60, 100, "stopped")],
        ),
    ],
)
def test_what_is_not_on_a_recording_is_told_with_its_reasons(recorded, causes, expected):
    found = silent(
        span(*WHOLE),
        [span(*one) for one in recorded],
        [Cause(at(since), at(until), why) for since, until, why in causes],
    )

    assert told(found) == expected


seconds = some.integers(-20, 120)
spans_of_any = some.lists(some.builds(lambda a, b: span(min(a, b), max(a, b)), seconds, seconds), max_size=6)
causes_of_any = some.lists(
    some.builds(
        lambda a, b, reason: Cause(at(min(a, b)), at(max(a, b)), reason),
        seconds,
        seconds,
        some.sampled_from([AGENT, HOLD, Why.FLOW]),
    ),
    max_size=8,
)


@given(spans_of_any, causes_of_any)
def test_each_second_is_recorded_or_told_of_and_never_both(recorded, causes):
    found = silent(span(*WHOLE), recorded, causes)

    for second in range(*WHOLE):
        middle = at(second + 0.5)
        is_recorded = any(one.since <= middle < one.until for one in recorded)
        telling = [one for one in found if one.since <= middle < one.until]
        assert len(telling) == (0 if is_recorded else 1)


@given(spans_of_any, causes_of_any)
def test_stretches_are_in_order_have_reasons_and_differ_from_their_neighbors(recorded, causes):
    found = silent(span(*WHOLE), recorded, causes)

    assert all(one.reasons and one.since < one.until for one in found)
    for one, after in pairwise(found):
        assert one.until <= after.since
        assert one.until < after.since or one.reasons != after.reasons


@given(spans_of_any, causes_of_any)
def test_no_reason_is_left_out(recorded, causes):
    found = silent(span(*WHOLE), recorded, causes)

    for second in range(*WHOLE):
        middle = at(second + 0.5)
        reasons = {one.reason for one in causes if one.since <= middle < one.until}
        for stretch in found:
            if stretch.since <= middle < stretch.until:
                assert reasons <= set(stretch.reasons)
