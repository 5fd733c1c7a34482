"""The floor of a contact center: callers who wait in a queue of Twilio's, agents with phones, and who hears whom.

Where callers wait and where they go on afterwards are documents that stand for whatever a flow would say.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

import conferences.tasks
from agents.models import Agent
from agents.states import EndpointKind
from calls.actions import known
from calls.models import CallEvent
from conferences import actions
from conferences.actions import Place, Target
from conferences.models import Conference, Participant
from conferences.reading import audible, room_of
from conferences.room import Press, Role, Why
from conferences.wishes import responsible
from telephony import callbacks
from tests.agents import factories as people
from tests.scenarios.desk import Desk, Phone, committing

LINE = "+15005550199"
ONWARD = "/elsewhere/onward"
WAITING = (
    '<Response><Enqueue waitUrl="/elsewhere/wait" action="/elsewhere/left">line</Enqueue><Say>Nobody</Say></Response>'
)


class Floor:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        base = settings.PUBLIC_BASE_URL
        desk.documents |= {
            "/elsewhere/queue": WAITING,
            "/elsewhere/wait": "<Response><Say>You are next.</Say><Pause length='20'/></Response>",
            "/elsewhere/left": "<Response><Say>Out of the line.</Say></Response>",
            ONWARD: "<Response><Say>Onward.</Say><Pause length='30'/></Response>",
        }
        desk.twilio.add_number(
            LINE, voice_url=base + "/elsewhere/queue", status_callback=callbacks.news("voice-status")
        )

    def caller(self, number: str = "+14155550123") -> Phone:
        """Somebody who waits in the line."""
        return self.desk.dial(LINE, number).hears("You are next.")

    def agent(self, name: str, habit: Any = "asks", **fields: Any) -> Agent:
        agent = people.ready_agent(name, at=timezone.now(), **fields)
        for endpoint in agent.endpoints.all():
            self.desk.phone(self.address(agent) if endpoint.kind == EndpointKind.BROWSER else endpoint.address, habit)
        return agent

    @staticmethod
    def address(agent: Agent) -> str:
        return f"client:{agent.identity}"

    def opened(self, caller: Phone) -> Conference:
        """Open a conversation about a caller who waits."""
        return actions.open_conversation(
            customer=known(caller.sid, at=timezone.now()),
            onward=settings.PUBLIC_BASE_URL + ONWARD,
            address=caller.leg.from_,
            subject="Sales",
            caller_id=LINE,
            at=timezone.now(),
        )

    def offer(self, conference: Conference, agent: Agent, place: Place | None = None, **how: Any) -> Participant:
        endpoint = place or agent.endpoint_to_ring(timezone.now())
        assert endpoint is not None
        how = {"ring_seconds": 15} | how
        with committing(execute=self.desk.workers_live):
            Agent.objects.filter(pk=agent.pk).update(activity="ringing")  # as queues reserve
            return actions.invite(
                conference.pk,
                agent=agent,
                endpoint=endpoint,
                role=Role.OWNER,
                why=Why.OFFER,
                at=timezone.now(),
                **how,
            )

    def press(self, conference: Conference, what: Press, agent: Agent) -> None:
        self.do(actions.press, conference.pk, what, by_agent=agent)

    def do(self, action: Callable[..., Any], *args: Any, **parts: Any) -> Any:
        """Carry out an action as a page would: in a transaction of its own, and tasks after it."""
        fresh = {name: self.fresh(value) for name, value in parts.items()}
        with committing(execute=self.desk.workers_live):
            return action(*(map(self.fresh, args)), **fresh, at=timezone.now())

    @staticmethod
    def fresh(value: Any) -> Any:
        """Read an agent anew, as a page would."""
        match value:
            case Agent():
                return Agent.objects.get(pk=value.pk)
            case Target(agent=Agent() as agent):
                return replace(value, agent=Agent.objects.get(pk=agent.pk))
        return value

    def talk(self, agent: Agent, caller: Phone | None = None) -> tuple[Conference, Phone, Phone]:
        """Bring a caller and an agent together."""
        caller = caller or self.caller()
        conference = self.opened(caller)
        self.offer(conference, agent)
        phone = self.rings(agent).answers()
        self.until(lambda: self.phase(conference) == "talking")
        return conference, caller, phone

    def rings(self, agent: Agent) -> Phone:
        return self.desk.rings(self.address(agent))

    def until(self, happens: Callable[[], bool], within: float = 20.0, otherwise: str = "it does not happen") -> None:
        self.desk.until(happens, within, otherwise)

    def seconds(self, count: int, *, sweeping: bool = True) -> None:
        """Let time pass, with what beat does every ten seconds. Desks stay alive."""
        for _ in range(max(1, count // 10)):
            self.desk.wait(10)
            Agent.objects.exclude(desk_seen_at=None).update(desk_seen_at=timezone.now())
            if sweeping:
                with committing():
                    conferences.tasks.sweep()

    # what is true

    @staticmethod
    def phase(conference: Conference) -> str:
        conference.refresh_from_db()
        return conference.phase

    def hears(self, conference: Conference) -> dict[str, set[str]]:
        """Who hears whom at Twilio, by name; the same as the rows say."""
        ours, theirs = self.heard(conference)
        assert len(theirs) < 2 or ours == theirs, f"{ours} is what we believe, {theirs} is so"
        return ours

    def comes_to_hear(self, conference: Conference, **expected: set[str]) -> None:
        """Wait, while beat goes on, until this is so at Twilio, and the rows know it."""
        for _ in range(15):
            if self.heard(conference) == (expected, expected):
                return
            self.seconds(10)
        ours, theirs = self.heard(conference)
        raise AssertionError(f"{ours} is what we believe, {theirs} is so, wanted is {expected}")

    def comes_to_ring(self, agent: Agent) -> Phone:
        """Wait, while beat goes on, until an agent's phone rings."""
        address = self.address(agent)
        for _ in range(12):
            if any(leg.decision is not None for leg in self.desk.twilio.legs(address)):
                break
            self.seconds(10)
        return self.rings(agent)

    def heard(self, conference: Conference) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        """Who hears whom by our rows, and at Twilio."""
        rows = {one.label: one for one in conference.participants.select_related("agent")}
        names = {label: one.agent.name if one.agent else str(one.role) for label, one in rows.items()}
        ours = {names[one]: {names[other] for other in others} for one, others in audible(rows.values()).items()}
        room = self.desk.twilio._board.conferences.named(conference.name)
        seats = room.participants if room else []
        theirs = {
            names[one.label]: {names[other.label] for other in seats if room and room.hears(one, other)}
            for one in seats
        }
        return ours, theirs

    def activity(self, agent: Agent) -> str:
        agent.refresh_from_db()
        return agent.activity

    def owner(self, conference: Conference) -> str:
        conference.refresh_from_db()
        found = responsible(room_of(conference, conference.participants.all()))
        row = conference.participants.filter(pk=UUID(hex=found)).first() if len(found) == 32 else None
        return row.agent.name if row and row.agent else found

    @staticmethod
    def told(conference: Conference) -> list[str]:
        """What the customer's history tells of the conversation."""
        kinds = ("joined", "departed", "turned", "supervised", "untaken")
        events = CallEvent.objects.filter(call_id=conference.customer_id, kind__in=kinds).order_by("pk")
        order = ("who", "what", "whom", "role", "mode", "outcome")
        return [" ".join([one.kind, *(str(one.data[key]) for key in order if key in one.data)]) for one in events]

    def is_settled(self, conference: Conference) -> bool:
        """Tell whether the room is closed, nobody is in it any more, and the rows know that."""
        conference.refresh_from_db()
        live = conference.participants.exclude(state="left")
        rooms = [room for room in self.desk.twilio._board.conferences.live() if room.friendly_name == conference.name]
        return conference.phase == "closed" and conference.ended_at is not None and not live.exists() and not rooms
