"""A company at work: callers in a queue, agents and supervisors at their pages, and a clock that beats for all of them.

Whatever lets time pass lets open desks send their heartbeats and beat start what it starts. After each beat the company
looks whether anybody is where they cannot be, or has been on a silent line for too long.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.test import Client
from django.utils import timezone
from django.utils.module_loading import import_string

from agents import actions as presence
from agents.models import Agent, Reason, Team
from agents.presence import ALIVE, HEARTBEAT
from agents.states import Chosen, EndpointKind, Microphone
from calls.models import Call
from conferences.models import Conference, Participant
from conferences.room import Phase
from conferences.states import LegState
from ivr.models import Flow
from queues.models import Entry, Handling, Membership, Offer
from queues.states import EntryState, OfferState
from simulator.simulator import Leg
from tests.agents import factories
from tests.agents.factories import BROWSER
from tests.queues.factories import make_queue
from tests.scenarios import flows
from tests.scenarios.desk import COMPANY, Desk, Phone
from tests.scenarios.floor import Floor

BEAT = 5
WENT_ON = 0  # the simulator's note that a document was fetched for a caller who had gone on meanwhile


class Company:
    """A queue that a line leads to. `patience` is for how many seconds rows and Twilio may disagree about a caller."""

    def __init__(self, desk: Desk, *, patience: float = 15, unstaffed: str = "never", **queue: Any) -> None:
        self.desk, self.floor, self.patience = desk, Floor(desk), patience
        self.lead = factories.user("Supervisor")
        self.team: Team = factories.team("Sales", supervisors=[self.lead])
        self.queue = make_queue(**({"name": "Sales", "wrap_up": "none", "team": self.team} | queue))
        self.flow = self._publish(unstaffed)
        self.people: list[Person] = []
        self.callers: list[Phone] = []
        self._began = desk.clock.now()
        self._wrong_since: dict[str, Any] = {}
        desk.clock.call_later(BEAT, self._beat, background=True)

    def _publish(self, unstaffed: str) -> Flow:
        steps = {
            "Line": flows.queue(self.queue, answered="Bye", timed_out="Late", alone="Alone", unstaffed=unstaffed),
            "Bye": flows.hang_up("Goodbye."),
            "Late": flows.hang_up("Nobody was free in time."),
            "Alone": flows.hang_up("Nobody is here any more."),
            "Hours": flows.message("We are open all day.", then="Bye"),
        }
        flow = flows.publish("Main", steps, at=timezone.now())
        flows.line(COMPANY, flow)
        return flow

    # people

    def agent(
        self,
        name: str,
        *,
        habit: Any = "asks",
        endpoints: Iterable[tuple[str, str]] = (BROWSER,),
        member: bool = True,
        role: str = "Agent",
    ) -> "Person":
        """Let somebody sit down at a desk and choose to be ready."""
        account = self.lead if role == "Supervisor" else factories.user(role)
        agent = factories.agent(name, endpoints=endpoints, account=account, team=self.team)
        person = Person(self, agent)
        for endpoint in agent.endpoints.all():
            is_browser = endpoint.kind == EndpointKind.BROWSER
            self.desk.phone(person.address if is_browser else endpoint.address, habit)
        if member:
            Membership.objects.create(queue=self.queue, agent=agent)
        self.people.append(person)
        person.beats()
        person.chooses("ready")
        return person

    def caller(self, number: str = "+14155550123") -> Phone:
        """Somebody who calls and comes to the queue."""
        phone = self.desk.dial(COMPANY, number)
        self.callers.append(phone)
        self.desk.wait(0.5)
        return phone

    def talk(self, person: "Person", caller: Phone | None = None) -> tuple[Conference, Phone, Phone]:
        """Let an agent take who is next."""
        caller = caller or self.caller()
        phone = person.rings().answers()
        conference = Conference.objects.latest("opened_at")
        self.floor.until(lambda: self.floor.phase(conference) == "talking")
        return conference, caller, phone

    def comes_to_hear(self, conference: Conference, within: float = 150, **expected: set[str]) -> None:
        """Wait until this is so at Twilio, and the rows know it."""
        for _ in range(round(within)):
            if self.floor.heard(conference) == (expected, expected):
                return
            self.desk.wait(1)
        ours, theirs = self.floor.heard(conference)
        raise AssertionError(f"{ours} is what we believe, {theirs} is so, wanted is {expected}")

    # time

    def _beat(self) -> None:
        self.desk.clock.call_later(BEAT, self._beat, background=True)
        elapsed = round((self.desk.clock.now() - self._began).total_seconds())
        if elapsed % HEARTBEAT.total_seconds() == 0:
            for person in self.people:
                if person.is_present:
                    person.beats()
        for entry in settings.CELERY_BEAT_SCHEDULE.values():
            if elapsed % entry["schedule"] == 0:
                with self.desk.commits():
                    import_string(entry["task"])()
        self.check()

    # what must be so after each event

    def check(self) -> None:
        for person in self.people:
            person.check()
        recent = Entry.objects.filter(ended_at__gte=timezone.now() - timedelta(minutes=1))
        for entry in (Entry.objects.live() | recent).filter(call__isnull=False).select_related("conference"):
            _check_entry(entry)
        for caller in self.callers:
            self._complain(caller.leg.sid, self.wrong(caller))

    def _complain(self, about: str, wrong: str) -> None:
        now = self.desk.clock.now()
        if not wrong:
            self._wrong_since.pop(about, None)
            return
        since = self._wrong_since.setdefault(about, now)
        assert (now - since).total_seconds() <= self.patience, f"since {since}: {wrong}"

    def place(self, caller: Phone) -> str:
        """Say where somebody is at Twilio: waiting, in a room, in a document, or gone."""
        leg, board = caller.leg, self.desk.twilio._board
        if not leg.live:
            return "gone"
        if leg.place is board.queues:
            return "waiting"
        return "in a room" if leg.place is board.conferences else "in a document"

    def wrong(self, caller: Phone) -> str:
        """Say what is wrong with where somebody is; nothing where Twilio and our rows agree and they hear something."""
        place = self.place(caller)
        entry = Entry.objects.live().filter(call__sid=caller.sid).first()
        state = entry.state if entry is not None else "none"
        allowed = {
            "waiting": {EntryState.WAITING, EntryState.OFFERED},
            "in a room": {EntryState.TALKING},
            "in a document": {"none"},
            "gone": {"none"},
        }
        if state not in allowed[place]:
            return f"{place}, and our rows say {state}"
        if place == "in a room" and self._is_in_silence(caller.leg):
            return "on a silent line"
        return ""

    def _is_in_silence(self, leg: Leg) -> bool:
        """Tell whether somebody in a room hears neither music nor anybody."""
        room = next(
            room for room in self.desk.twilio._board.conferences.live() if leg in [p.leg for p in room.present()]
        )
        seat = next(one for one in room.present() if one.leg is leg)
        return not seat.held and not any(room.hears(seat, other) for other in room.present() if other is not seat)

    # the end

    def goes_home(self, within: float = 60) -> None:
        """Let everybody hang up, and see that nothing is left of it."""
        for leg in self.desk.twilio.legs():
            if leg.decision is not None:
                self.desk.twilio.decline(leg.sid)
            elif leg.live and leg.phone:
                self.desk.twilio.hang_up(leg.sid)
        until = self.desk.clock.now() + timedelta(seconds=within)
        while self.left() and self.desk.clock.now() < until:
            self.desk.wait(BEAT)
        found = self.left()
        assert found == [], found
        self.check()

    def left(self) -> list[str]:
        """List what is not over yet, in our rows or at Twilio."""
        twilio = self.desk.twilio
        found: list[str] = [f"leg {leg.to} {leg.status}" for leg in twilio.legs() if leg.live]
        found += [f"room {room.friendly_name}" for room in twilio._board.conferences.live()]
        open_rows = Conference.objects.exclude(phase=Phase.CLOSED) | Conference.objects.filter(ended_at=None)
        found += [f"conference {one.pk} {one.phase}" for one in open_rows]
        found += [f"{one.role} {one.state}" for one in Participant.objects.exclude(state=LegState.LEFT)]
        found += [f"entry {one.state}" for one in Entry.objects.live().filter(callback=None)]
        found += [f"offer to {one.agent}" for one in Offer.objects.filter(state=OfferState.RINGING)]
        found += [f"handling of {one.agent}" for one in Handling.objects.talking()]
        found += [f"{one} {one.activity}" for one in Agent.objects.exclude(activity__in=("idle", "wrap-up"))]
        statuses = {leg.sid: leg.status for leg in twilio.legs()}
        rows = Call.objects.filter(sid__in=statuses).values_list("sid", "status")
        return found + [f"call {sid}: {status}" for sid, status in rows if statuses[sid] != status]


def _check_entry(entry: Entry) -> None:
    """Somebody who came to the queue is waiting, rung for, talked to, or out: what hangs on it says the same."""
    rings = entry.offers.filter(state=OfferState.RINGING).exists()
    match EntryState(entry.state):
        case EntryState.OFFERED:
            assert rings, "rung for by nobody"
        case EntryState.TALKING:
            assert entry.conference is not None
            assert entry.conference.phase != Phase.CLOSED, "talked to in a room that is closed"
            assert entry.conference.phase != Phase.OPENING or entry.agent is not None
        case state:
            assert not rings, f"{state}, and somebody is rung"
            # colleagues may talk on without the caller
            in_it = Participant.objects.filter(conference=entry.conference, role="customer", state=LegState.JOINED)
            over = entry.conference is None or entry.conference.phase == Phase.CLOSED
            assert over or not in_it.exists(), f"{state}, and the caller is in the room"


@dataclass
class Person:
    """An agent with a desk. `chosen` is what was last chosen here, by the agent or by somebody who may."""

    company: Company
    agent: Agent
    is_present: bool = True
    chosen: str = ""
    page: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        self.page.force_login(self.agent.user)
        self.beat_at = self.company.desk.clock.now()

    @property
    def address(self) -> str:
        return Floor.address(self.agent)

    @property
    def fresh(self) -> Agent:
        return Agent.objects.observed().get(pk=self.agent.pk)

    def beats(self) -> None:
        """Send what an open desk sends every ten seconds."""
        self.beat_at = self.company.desk.clock.now()
        with self.company.desk.commits():
            presence.heartbeat(self.agent.pk, microphone=Microphone.ALLOWED, phone_registered=True, at=self.beat_at)

    def closes_the_page(self) -> "Person":
        """Go away without a word: no more heartbeats, and whatever the browser phone was in is over."""
        self.is_present = False
        for leg in self.company.desk.twilio.legs(self.address):
            if leg.live and leg.status == "in-progress":
                self.company.desk.twilio.hang_up(leg.sid)
        return self

    def comes_back(self) -> "Person":
        self.is_present = True
        self.beats()
        return self

    # what is pressed

    def chooses(self, choice: str) -> None:
        """Choose ready, or the reason of that name for not being ready."""
        found = choice if choice == "ready" else str(Reason.objects.get(name=choice).pk)
        self.does("choose", choice=found)
        self.chosen = choice

    def does(self, what: str, **fields: Any) -> None:
        """Press something at the desk that is possible."""
        status = self.tries(what, **fields)
        assert status < HTTPStatus.BAD_REQUEST, f"{what}: {status}"

    def tries(self, what: str, **fields: Any) -> int:
        """Press something at the desk, and give the status of the answer."""
        return self._post(f"/desk/do/{what}", {"conference": self.conference, **fields})

    def supervises(self, what: str, conference: Conference, **fields: Any) -> None:
        """Press something at the board that is possible."""
        status = self.tries_at_board(what, conference, **fields)
        assert status < HTTPStatus.BAD_REQUEST, f"{what}: {status}"

    def supervises_line(self, what: str, **fields: Any) -> None:
        """Press something at the board about who waits or who is there."""
        status = self._post(f"/board/do/{what}", fields)
        assert status < HTTPStatus.BAD_REQUEST, f"{what}: {status}"

    def is_set_by(self, supervisor: "Person", choice: str) -> None:
        """Be set to ready, or to the reason of that name, by somebody who may."""
        found = choice if choice == "ready" else str(Reason.objects.get(name=choice).pk)
        supervisor.supervises_line("choose", agent=self.agent.pk, choice=found)
        self.chosen = choice

    def tries_at_board(self, what: str, conference: Conference, **fields: Any) -> int:
        """Press something at the board, and give the status of the answer."""
        return self._post(f"/board/do/{what}", {"conference": conference.pk, **fields})

    def _post(self, path: str, fields: dict[str, Any]) -> int:
        with self.company.desk.commits():
            return self.page.post(path, {key: str(value) for key, value in fields.items()}).status_code

    def sees(self, panel: str) -> str:
        """Give what a panel of the desk shows."""
        response = self.page.get(f"/desk/panels/{panel}")
        assert response.status_code == HTTPStatus.OK
        return str(response.content.decode())

    @property
    def conference(self) -> UUID | str:
        """The conversation that the agent is in now, or was last."""
        rows = self.agent.participations.order_by("-wanted_at")
        row = rows.exclude(state=LegState.LEFT).first() or rows.first()
        return row.conference_id if row is not None else ""

    # the phone

    def rings(self, within: float = 30) -> Phone:
        return self.company.desk.rings(self.address, within)

    def on_the_phone(self) -> Phone:
        (leg,) = [leg for leg in self.company.desk.twilio.legs(self.address) if leg.status == "in-progress"]
        return Phone(self.company.desk, leg.sid)

    def is_rung(self) -> bool:
        return any(leg.decision is not None for leg in self.company.desk.twilio.legs(self.address))

    # what must be so

    def check(self) -> None:
        agent, now = self.fresh, self.company.desk.clock.now()
        if Agent.objects.available(now).filter(pk=agent.pk).exists():
            assert now - self.beat_at < ALIVE, f"{agent} counts as ready, and the desk is silent"
        paused = agent.reason is not None and agent.reason.is_automatic
        wanted = (Chosen.READY, "") if self.chosen == "ready" else (Chosen.NOT_READY, self.chosen)
        assert paused or (agent.chosen, agent.reason.name if agent.reason else "") == wanted, "the choice is lost"
        seats = agent.participations.exclude(state=LegState.LEFT).exclude(conference__phase=Phase.CLOSED)
        assert seats.values("conference").distinct().count() <= 1, f"{agent} is in two conversations"
        talking = [leg for leg in self.company.desk.twilio.legs(self.address) if leg.status == "in-progress"]
        assert len(talking) <= 1, f"{agent} has two live calls"
        assert Offer.objects.filter(agent=agent, state=OfferState.RINGING).count() <= 1, f"{agent} has two offers"
