"""Whatever dies while a person is called back, and at whatever line: they are rung once per try, and not forgotten."""

import linecache
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

from django.utils import timezone

import conferences.tasks
from agents.models import Agent
from conferences.actions import claiming
from conferences.models import Participant
from conferences.room import Role
from queues.actions import callbacks as asking
from queues.models import Callback, Entry
from telephony import client
from tests.scenarios.desk import COMPANY, Desk, Phone, committing
from tests.scenarios.line import SCREENING, Line

# What rings a person, from the claim to the note of what became of it.
WORK = (
    conferences.tasks.ring.run,
    claiming.claim_ring,
    claiming._claim,
    client.create_call,
    client.ask,
    claiming.note_rung,
)


class Killed(BaseException):
    """The process is gone."""


class Killer:
    """Kills whoever runs one of these functions, at the given one of their lines and returns."""

    def __init__(self, codes: set[CodeType], step: int) -> None:
        self.codes, self.left = codes, step

    def __call__(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        return self._step if frame.f_code in self.codes else None

    def _step(self, frame: FrameType, event: str, _argument: Any) -> Any:
        line = linecache.getline(frame.f_code.co_filename, frame.f_lineno)
        # at its head a `with` would neither be entered nor left, as no process can die that goes on afterwards
        if event == "return" or (event == "line" and not line.lstrip().startswith("with ")):
            self.left -= 1
            if self.left == 0:
                raise Killed
        return self._step


@contextmanager
def killing(step: int) -> Iterator[list[bool]]:
    """Kill the work within at that step; gives whether it was killed."""
    was, killed = sys.gettrace(), [False]
    sys.settrace(Killer({work.__code__ for work in WORK}, step))
    try:
        yield killed
    except Killed:
        killed[0] = True
    finally:
        sys.settrace(was)


def begun(line: Line, agent: Agent, number: str) -> tuple[Callback, Participant, Phone]:
    """Let an agent have taken a callback whose ring waits for a worker."""
    line.desk.phone(number)
    with committing():
        callback = asking.ask(
            line.queue.pk, number, call_id=None, language="", aged_from=timezone.now(), at=timezone.now()
        )
    line.passes(5)
    phone = line.floor.rings(agent)
    with line.desk.workers_dead():
        phone.answers()
    return callback, Participant.objects.get(role=Role.CUSTOMER, address=number), phone


def ended(line: Line, callback: Callback) -> None:
    """Let the person answer, if they are rung, and see what becomes of the try; then all hang up."""
    number, most = callback.number, 12
    while callback.state == "dialing" and most:
        line.passes(10)
        ringing = [leg for leg in line.desk.twilio.legs(number) if leg.decision is not None]
        if ringing:
            Phone(line.desk, ringing[0].sid).answers().hears(SCREENING).press("1")
        callback.refresh_from_db()
        most -= 1
    for leg in line.desk.twilio.legs(number):
        if leg.live:
            Phone(line.desk, leg.sid).hangs_up()
    line.floor.until(line.is_settled)


def test_a_worker_that_dies_at_any_line_rings_nobody_twice_and_forgets_nobody(desk: Desk) -> None:
    line = Line(desk, caller_id=COMPANY, callback_spacing=30)
    agent = line.agent()
    ends = []
    step, was_killed = 0, True
    while was_killed:
        step += 1
        number = f"+1415556{step:04}"
        callback, customer, _phone = begun(line, agent, number)
        with killing(step) as killed, committing():
            conferences.tasks.ring(str(customer.pk))
        was_killed = killed[0]

        callback.refresh_from_db()
        ended(line, callback)

        ends.append((step, line.rung(number), callback.state))
        assert line.rung(number) <= 1, f"rung twice when killed at step {step}"
        if callback.state == "waiting":
            entry = Entry.objects.get(callback=callback)
            assert (callback.tries, entry.state) == (1, "waiting")
            assert entry.not_before is not None
            assert entry.not_before > timezone.now()
            asking.cancel(callback.pk, by=None, why="the next one", at=timezone.now())
        else:
            assert (callback.state, line.rung(number)) == ("done", 1)

    assert len(ends) > 20
    assert ends[-1][1:] == (1, "done")  # nobody was killed
    assert {state for _step, _rung, state in ends} == {"done", "waiting"}
