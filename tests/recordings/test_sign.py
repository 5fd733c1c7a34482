"""One sign for all recorders: a pause is none before Twilio has confirmed it."""

from dataclasses import replace
from itertools import product

import pytest

from recordings.recorder import OVER, RecorderState, RecorderWish
from recordings.sign import SAFE, Dark, Light, Off, Sign, off, sign

WANTED, ASKED, RUNNING, PAUSED, STOPPED, FAILED = RecorderState
RUN, PAUSE, STOP = RecorderWish


@pytest.mark.parametrize(
    ("lights", "expected"),
    [
        ([], Sign.OFF),
        ([(STOPPED, STOP)], Sign.OFF),
        ([(FAILED, RUN)], Sign.OFF),
        ([(WANTED, RUN)], Sign.STARTING),
        ([(ASKED, RUN)], Sign.STARTING),
        ([(RUNNING, RUN)], Sign.RECORDING),
        ([(RUNNING, PAUSE)], Sign.PAUSING),
        ([(ASKED, PAUSE)], Sign.PAUSING),  # Twilio may begin any moment
        ([(ASKED, STOP)], Sign.STOPPING),
        ([(WANTED, PAUSE)], Sign.PAUSED),  # Twilio was not asked
        ([(PAUSED, PAUSE)], Sign.PAUSED),
        ([(PAUSED, RUN)], Sign.RESUMING),
        ([(RUNNING, STOP)], Sign.STOPPING),
        ([(PAUSED, STOP)], Sign.STOPPING),
        # the customer is on hold, and the agent's own line goes on
        ([(PAUSED, PAUSE), (RUNNING, RUN)], Sign.RECORDING),
        # one has confirmed the pause, and the other has not
        ([(PAUSED, PAUSE), (RUNNING, PAUSE)], Sign.PAUSING),
        ([(PAUSED, PAUSE), (ASKED, RUN)], Sign.STARTING),
        ([(PAUSED, PAUSE), (PAUSED, STOP)], Sign.PAUSED),
        ([(STOPPED, STOP), (RUNNING, RUN)], Sign.RECORDING),
    ],
)
def test_the_sign_of_recorders(lights, expected):
    assert sign([Light(*one) for one in lights]) == expected


def test_nothing_is_called_safe_while_twilio_may_record_something():
    one = [Light(state, wants) for state, wants in product(RecorderState, RecorderWish)]
    for first, second in product(one, repeat=2):
        may_hear = {ASKED, RUNNING} & {first.state, second.state}
        if may_hear:
            assert sign([first, second]) not in SAFE
        assert sign([first, second]) == sign([second, first])
        if {first.state, second.state} <= OVER:
            assert sign([first, second]) is Sign.OFF


ALL_WELL = Dark(fits=True, governed=True)


@pytest.mark.parametrize(
    ("dark", "why"),
    [
        (Dark(), Off.NO_POLICY),
        (replace(ALL_WELL, governed=False), Off.LEFT_OUT),
        (replace(ALL_WELL, refused=True, agreed=False), Off.REFUSED),
        (replace(ALL_WELL, agreed=False, presses=True), Off.NOT_AGREED),
        (replace(ALL_WELL, others_agreed=False), Off.OTHERS),
        (replace(ALL_WELL, failed=True, presses=True), Off.FAILED),
        (replace(ALL_WELL, presses=True), Off.PRESS),
        (ALL_WELL, Off.NOT_YET),
    ],
)
def test_why_nothing_is_recorded(dark, why):
    assert off(dark) == why
