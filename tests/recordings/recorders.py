"""Recorders and their pauses as rows, and a whole call with both; moments are written in seconds after AT."""

from datetime import datetime, timedelta
from typing import Any

from agents.models import Agent
from calls.models import Call, CallEvent, EventKind
from compliance.models import Policy
from compliance.states import Answer
from conferences.models import Conference, Participant
from conferences.room import Role
from conferences.states import LegState
from queues.models import Queue
from recordings.models import Pause, Recorder
from recordings.recorder import RecorderState, RecorderWish
from tests.agents.factories import agent
from tests.calls.factories import AT, make_call
from tests.compliance.rows import entry, notice, policy, scope
from tests.conferences import factories
from tests.queues.factories import make_entry, make_queue
from tests.recordings.factories import make_recording


def at(second: float) -> datetime:
    return AT + timedelta(seconds=second)


def recorder(call: Call, by: Policy, state: str = RecorderState.RUNNING, **fields: Any) -> Recorder:
    """A recorder on the customer's leg, as it is wanted, unless the fields say something else."""
    wishes = {
        RecorderState.PAUSED: RecorderWish.PAUSED,
        RecorderState.STOPPED: RecorderWish.STOPPED,
        RecorderState.FAILED: RecorderWish.STOPPED,
    }
    defaults = {
        "customer": call,
        "call_sid": call.sid,
        "policy": by,
        "channels": by.channels,
        "state": state,
        "wants": wishes.get(RecorderState(state), RecorderWish.RUNNING),
        "wanted_at": AT,
        "began_at": None if state in (RecorderState.WANTED, RecorderState.ASKED, RecorderState.FAILED) else AT,
    }
    return Recorder.objects.create(**(defaults | fields))


def pause(on: Recorder, reason: str, since: float, until: float | None = None, **fields: Any) -> Pause:
    return Pause.objects.create(
        recorder=on, reason=reason, since=at(since), until=None if until is None else at(until), **fields
    )


def confirmed(on: Recorder, *marks: tuple[float, str]) -> None:
    """What Twilio has confirmed of a recorder, and when, as the call's history tells it."""
    for second, what in marks:
        CallEvent.objects.create(
            call=on.customer, at=at(second), kind=EventKind.RECORDER, data={"what": what, "recorder": str(on.pk)}
        )


class Recorded:
    """A call of 100 seconds: 10 in a flow, 20 in a queue, then a talk with Ann, recorded from second 32 to its end.

    Ann paused by hand from 50 to 60 (confirmed 51 to 62), and put the customer on hold from 70 to 80.
    """

    def __init__(self, **fields: Any) -> None:
        self.queue: Queue = make_queue("Sales")
        self.policy = policy("Sales", queue=self.queue, consent="ask-one", **fields)
        notice(self.policy, "en-US", "May we record you?")
        self.call = make_call(status="completed", answered_at=AT, ended_at=at(100), seconds=100)
        scope(self.call, queue=self.queue, queues=[self.queue.pk], language="en-US")
        make_entry(self.queue, call=self.call, after=10, answered_at=at(30), ended_at=at(98), state="answered")
        self.talk: Conference = factories.conference(customer=self.call, opened_at=at(28), phase="closed")
        self.customer = self._person(Role.CUSTOMER, 30, 100, address="+14155550123", call_sid=self.call.sid)
        self.ann: Agent = agent("Ann")
        self.owner = self._person(Role.OWNER, 29, 99, agent=self.ann)
        text = self.policy.notices.get()
        self.answer = entry(
            self.call,
            self.policy,
            Answer.AGREED,
            at=at(25),
            key="1",
            notice=text,
            wording=text.text,
            version=1,
            language="en-US",
            name="+1415****123",
        )
        self.recording = make_recording(
            call=self.call, subject="conversation", policy=self.policy, seconds=66, speakers=["customer", "Ann"]
        )
        self.recorder = recorder(
            self.call,
            self.policy,
            RecorderState.STOPPED,
            conference=self.talk,
            participant=self.customer,
            wanted_at=at(30),
            began_at=at(32),
            stopped_at=at(98),
            speakers=["customer", "Ann"],
            recording=self.recording,
        )
        confirmed(
            self.recorder,
            *((30, "wanted"), (32, "running"), (51, "paused"), (62, "running")),
            *((71, "paused"), (81, "running"), (98, "stopped")),
        )
        self.by_hand = pause(self.recorder, "agent", 50, 60, by=self.ann.user)
        self.hold = pause(self.recorder, "hold", 70, 80)

    def _person(self, role: Role, since: float, until: float, **fields: Any) -> Participant:
        fields |= {"joined_at": at(since), "left_at": at(until), "state": LegState.LEFT, "wants_in": False}
        return factories.person(self.talk, role, **fields)

    def coached(self, name: str, since: float, until: float) -> Participant:
        """A supervisor who whispers to Ann."""
        row = self._person(Role.SUPERVISOR, since, until, agent=agent(name), mode="coach")
        assert row.agent is not None
        row.supervisions.create(by=row.agent.user, mode="coach", told=True, at=at(since), until=at(until))
        return row
