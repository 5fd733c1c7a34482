"""Whatever dies while a person is called back, and at whatever line: they are rung once per try, and not forgotten."""

import linecache
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

from django.db import connection
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
    """Kills whoever runs one of these functions, at the given one of their lines and returns.

    Of each of these steps it keeps how much had left the process before it.
    """

    def __init__(self, codes: set[CodeType], step: int, left: Callable[[], int]) -> None:
        self.codes, self.step, self.left = codes, step, left
        self.before: list[int] = []

    def __call__(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        return self._step if frame.f_code in self.codes else None

    def _step(self, frame: FrameType, event: str, _argument: Any) -> Any:
        line = linecache.getline(frame.f_code.co_filename, frame.f_lineno)
        # at its head a `with` would neither be entered nor left, as no process can die that goes on afterwards
        if event == "return" or (event == "line" and not line.lstrip().startswith("with ")):
            self.before.append(self.left())
            if len(self.before) == self.step:
                raise Killed
        return self._step


class Outlet:
    """Counts what leaves the process: statements to the database, and with them commits, and requests to Twilio."""

    def __init__(self, desk: Desk) -> None:
        self.statements, self.desk = 0, desk

    def query(self, execute: Callable[..., Any], *query: Any) -> Any:
        self.statements += 1
        return execute(*query)

    def left(self) -> int:
        return self.statements + sum(exchange.kind == "REST from app" for exchange in self.desk.twilio.exchanges)


@contextmanager
def killing(desk: Desk, step: int) -> Iterator[Killer]:
    """Kill the work within at that step, if it comes so far."""
    was, outlet = sys.gettrace(), Outlet(desk)
    killer = Killer({work.__code__ for work in WORK}, step, outlet.left)
    with connection.execute_wrapper(outlet.query):
        sys.settrace(killer)
        try:
            yield killer
        except Killed:
            pass
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

    def life(step: int) -> tuple[list[int], str]:
        number = f"+1415556{step:04}"
        callback, customer, _phone = begun(line, agent, number)
        with killing(desk, step) as killer, committing():
            conferences.tasks.ring(str(customer.pk))
        callback.refresh_from_db()
        ended(line, callback)
        assert line.rung(number) <= 1, f"rung twice when killed at step {step}"
        if callback.state == "waiting":
            entry = Entry.objects.get(callback=callback)
            assert (callback.tries, entry.state) == (1, "waiting")
            assert entry.not_before is not None
            assert entry.not_before > timezone.now()
            asking.cancel(callback.pk, by=None, why="the next one", at=timezone.now())
        else:
            assert (callback.state, line.rung(number)) == ("done", 1)
        return killer.before, callback.state

    steps, state = life(0)  # nobody is killed
    assert state == "done"
    assert len(steps) > 20
    # Lines between which nothing left the process die alike.
    moments = [step for step, left in enumerate(steps, 1) if step == 1 or left != steps[step - 2]]
    ends = [life(step)[1] for step in moments]

    assert len(moments) > 8
    assert set(ends) == {"done", "waiting"}
