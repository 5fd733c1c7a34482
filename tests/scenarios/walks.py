"""A conversation that walks through everything that can happen next, beside the rules' own table of it.

The room of the rules and the room at Twilio are led through the same events; after each, both must be the same.
"""

from collections import Counter
from dataclasses import replace
from typing import Any

from conferences import actions
from conferences.models import Conference
from conferences.reading import room_of
from conferences.room import (
    Asked,
    Event,
    Fate,
    Joined,
    Left,
    Leg,
    Person,
    Phase,
    Press,
    Pressed,
    Removed,
    Role,
    Room,
    TimeIsUp,
    Took,
    Why,
)
from conferences.rules import step
from conferences.wishes import responsible
from tests.conferences import rooms
from tests.conferences.rooms import ANN, CUSTOMER
from tests.scenarios.desk import Phone
from tests.scenarios.people import Company
from tests.scenarios.people import Person as Worker

ASKS = {Why.CONSULT: "consult", Why.HAND_OVER: "hand-over", Why.ADD: "add"}
PLACES = {
    Fate.SERVED: {"in a document", "gone"},
    Fate.ELSEWHERE: {"in a document", "gone"},
    Fate.GONE: {"gone"},
    Fate.REQUEUED: {"waiting"},
}


def name_of(id: str) -> str:  # noqa: A002 (as the rules call it)
    """Who is behind an id of the rules: each coming back has a number of its own."""
    name = id.split()[0]
    return name if name == CUSTOMER else name.title()


class Walk:
    """One conversation, from its talk on."""

    def __init__(self, company: Company, caller: Phone, conference: Conference, taken: Counter[Any]) -> None:
        self.company, self.caller, self.conference, self.taken = company, caller, conference, taken
        self.workers: dict[str, Worker] = {person.agent.name: person for person in company.people}
        self.room: Room = rooms.talking()
        self.lost = self.sender = ANN
        self.way: list[Event] = []

    # choosing

    def options(self) -> list[Event]:
        """Give what may happen next to those who are there; what the server does by itself is not chosen."""
        found: list[Event] = []
        for event in rooms.happenings(self.room):
            match event:
                case Asked(why=Why.RETURN):
                    continue
                case Asked(person=person, why=Why.REJOIN):
                    found.append(Asked(replace(person, id=self._new(self.lost)), Why.REJOIN))
                case Asked(person=person, why=why):
                    free = self._free()
                    if free:
                        found.append(Asked(replace(person, id=self._new(free)), why))
                case TimeIsUp() if any(person.is_coming for person in self.room.people):
                    continue
                case _:
                    found.append(event)
        return found

    def _free(self) -> str:
        here = {name_of(one.id) for one in self.room.people if one.leg is not Leg.GONE}
        return next((name.lower() for name in sorted(self.workers) if name not in here), "")

    def _new(self, id: str) -> str:  # noqa: A002
        name = id.split()[0]
        times = sum(name_of(one.id) == name_of(id) for one in self.room.people)
        return f"{name} {times + 1}" if times else name

    def goes_on(self, depth: int) -> None:
        """Let so many things happen, what was seen least in such a room first."""
        for _ in range(depth):
            if self.room.phase is Phase.CLOSED:
                return
            options = self.options()
            event = min(options, key=lambda one: self.taken[self._sight(one)])
            self.taken[self._sight(event)] += 1
            self.happens(event)

    def _sight(self, event: Event) -> tuple[Any, ...]:
        """What there is to see of a room and of what happens in it, without names."""
        people = tuple(sorted((one.role, one.leg) for one in self.room.people if one.leg is not Leg.GONE))
        who = self.room.person(getattr(event, "id", "") or getattr(event, "by", ""))
        what = getattr(event, "what", "") or getattr(event, "why", "")
        return (
            self.room.phase,
            self.room.held,
            self.room.swapped,
            people,
            type(event),
            what,
            who and (who.role, who.leg),
        )

    # happening

    def happens(self, event: Event) -> None:
        self.way.append(event)
        if self.room.owner is not None:
            self.lost = self.room.owner.id
        self._do(event)
        was = self.room
        self.room = rooms.settled(step(was, event))
        if self.room.returns and not was.returns:
            self.sender = self.lost
        if self.room.phase is Phase.RETURNING and not self.room.of(Role.OWNER):
            again = Person(self._new(self.sender), Role.OWNER, breaks=True)
            self.room = rooms.settled(step(self.room, Asked(again, Why.RETURN)))
        self.check()

    def _do(self, event: Event) -> None:
        """Let it happen for real."""
        match event:
            case Joined(id) | Took(id):
                self._worker(id).rings().answers()
            case Left(id) if id == CUSTOMER:
                self.company.desk.twilio.hang_up(self.caller.sid)
            case Left(id) if self._leg(id) is Leg.COMING:
                self._worker(id).rings().declines()
            case Left(id):
                self.company.desk.twilio.hang_up(self._worker(id).on_the_phone().sid)
            case Pressed(by, Press.SEND_AWAY):
                step_id = self.company.flow.steps.get(name="Hours").pk
                self._worker(by).does("hand-over", destination=f"step:{self.company.flow.pk}:{step_id}")
            case Pressed(by, what):
                self._worker(by).does(str(what), conference=self.conference.pk)
            case Asked(person=person, why=Why.REJOIN):
                self._worker(person.id).does("rejoin", kind="browser", conference=self.conference.pk)
            case Asked(person=person, why=why):
                assert self.room.owner is not None
                self._worker(self.room.owner.id).does(ASKS[why], agent=self._worker(person.id).agent.pk)
            case Removed(id):
                row = self.conference.participants.exclude(state="left").get(agent=self._worker(id).agent)
                owner = self.room.owner
                if owner is not None and owner.is_there:
                    self._worker(owner.id).does("remove", participant=row.pk)
                else:  # as a supervisor may
                    lead = self.company.lead
                    self.company.floor.do(actions.remove, self.conference.pk, row.pk, by_user=lead)
            case TimeIsUp():
                self.company.desk.wait(45)
        self.company.desk.wait(1)

    def _worker(self, id: str) -> Worker:  # noqa: A002
        return self.workers[name_of(id)]

    def _leg(self, id: str) -> Leg:  # noqa: A002
        person = self.room.person(id)
        assert person is not None
        return person.leg

    # what must be so

    def check(self) -> None:
        """See that Twilio, our rows and the rules' table say the same."""
        heard = rooms.audible(self.room)
        table = {name_of(one): {name_of(other) for other in others} for one, others in heard.items()}
        if len(table) == 1:  # Twilio cannot tell whom somebody hears who is alone
            table = {one: set() for one in table}
        try:
            self.company.comes_to_hear(self.conference, within=8, **table)
        except AssertionError as error:
            raise AssertionError(f"{self.way}: {error}") from error
        self.conference.refresh_from_db()
        assert self.conference.phase == self.room.phase, self.way
        rows = room_of(self.conference, self.conference.participants.all())
        names = {one.label: one.agent.name if one.agent else CUSTOMER for one in self.conference.participants.all()}
        owner = responsible(rows)
        assert names.get(owner, owner) == self._responsible(), self.way
        if self.room.phase is Phase.CLOSED:
            assert self.conference.fate == self.room.fate, self.way
            assert self.company.place(self.caller) in PLACES[self.room.fate], self.way

    def _responsible(self) -> str:
        owner = responsible(self.room)
        return name_of(owner) if self.room.person(owner) else owner
