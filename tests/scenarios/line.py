"""A company whose callers wait in one queue and may be called back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils import timezone

import conferences.tasks
import queues.tasks
from agents.models import Agent
from queues.models import Callback, Membership, Queue
from tests.scenarios import flows
from tests.scenarios.desk import CALLER, COMPANY, Desk, Phone, committing
from tests.scenarios.floor import Floor

STORED = "We will call you back."
SCREENING = "This is the call back that you asked for."


class Line:
    """A company whose callers wait in one queue and may press 1 to be called back."""

    def __init__(self, desk: Desk, **fields: Any) -> None:
        self.desk, self.floor = desk, Floor(desk)
        anytime = {"callback_from": "00:00", "callback_until": "00:00", "wrap_up": "none"}
        self.queue = Queue.objects.create(**({"name": "Support"} | anytime | fields))
        choices = {"Call me back": flows.Choice("Call", keys="1")}
        waits = flows.queue(self.queue, answered="Bye", timed_out="Bye", choices=choices)
        steps = {
            "Wait": replace(waits, settings={"unstaffed": "never"}),
            "Call": flows.call_back(self.queue, stored="Bye", refused="Bye", failed="Bye"),
            "Bye": flows.hang_up("Goodbye."),
        }
        flows.line(COMPANY, flows.publish("Main", steps, at=timezone.now()))
        desk.phone(CALLER)

    def agent(self, name: str = "Ann", habit: str = "asks") -> Agent:
        agent = self.floor.agent(name, habit)
        Membership.objects.create(queue=self.queue, agent=agent)
        return agent

    def asks(self, number: str = CALLER) -> Callback:
        """Let somebody call, ask to be called back, and hang up."""
        caller = self.desk.dial(COMPANY, number).hears("La la").waits(20)
        caller.press("1").hears("Press 1, or 2").press("1").hears(STORED).is_hung_up_on()
        return Callback.objects.latest("asked_at")

    def passes(self, seconds: float) -> None:
        """Let time pass, with what beat does every ten seconds. Desks stay alive."""
        for _ in range(max(1, round(seconds / 10))):
            self.desk.wait(min(seconds, 10))
            Agent.objects.exclude(desk_seen_at=None).update(desk_seen_at=timezone.now())
            with committing():
                queues.tasks.keep_time()
        with committing():
            conferences.tasks.sweep()
            queues.tasks.sweep()

    def waits_until(self, later: timedelta) -> None:
        """Let hours pass in one step."""
        self.desk.wait(later.total_seconds())
        self.passes(5)

    def takes(self, agent: Agent) -> Phone:
        """Let an agent who is offered the callback take it."""
        self.passes(5)
        return self.floor.rings(agent).answers()

    def rung(self, number: str = CALLER) -> int:
        """How often somebody was rung by us."""
        return len([leg for leg in self.desk.twilio.legs(number) if leg.direction.startswith("outbound")])

    def is_settled(self) -> bool:
        """Tell whether nobody is left in any room, and no agent is kept busy."""
        rooms = self.desk.twilio._board.conferences.live()
        return not rooms and not Agent.objects.exclude(activity="idle").exists()
