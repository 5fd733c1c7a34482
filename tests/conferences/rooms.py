"""Rooms as tests need them, and a world that does to a room all that can happen, in every order."""

from collections.abc import Iterator
from dataclasses import replace

from conferences.room import (
    Asked,
    Event,
    Joined,
    Left,
    Leg,
    Mode,
    Person,
    Phase,
    Pressed,
    Removed,
    Role,
    Room,
    Supervised,
    TimeIsUp,
    Took,
    TookOver,
    Why,
)
from conferences.rules import legal, may_ask, step
from conferences.wishes import Presence, hears, wanted

CUSTOMER, ANN, BEN, SUE = "customer", "ann", "ben", "sue"


def waiting() -> Room:
    """A customer in the queue, of whom nobody has been asked yet."""
    return Room(people=(Person(CUSTOMER, Role.CUSTOMER, Leg.AWAY),))


def after(room: Room, *events: Event) -> Room:
    for event in events:
        room = step(room, event)
    return room


def offered(*agents: str) -> Room:
    return after(waiting(), *(Asked(Person(agent, Role.OWNER, breaks=True), Why.OFFER) for agent in agents))


def talking(owner: str = ANN, *, breaks: bool = True) -> Room:
    """The customer and an owner who speak; `breaks`: at a browser."""
    asked = Asked(Person(owner, Role.OWNER, breaks=breaks), Why.OFFER)
    return after(waiting(), asked, Took(owner), Joined(owner), Joined(CUSTOMER))


def calling_out(owner: str = ANN, *, breaks: bool = True) -> Room:
    """An owner who has picked up and is on the way in, while the customer is rung."""
    asked = Asked(Person(owner, Role.OWNER, breaks=breaks), Why.CALL_OUT)
    return after(Room(), asked, Took(owner), Asked(Person(CUSTOMER, Role.CUSTOMER), Why.ADD))


def consulting(target: str = BEN, *, breaks: bool = True, there: bool = True) -> Room:
    room = after(talking(), Asked(Person(target, Role.TARGET, breaks=breaks), Why.CONSULT))
    return after(room, Took(target), Joined(target)) if there else room


def handing_over(target: str = BEN) -> Room:
    return settled(after(talking(), Asked(Person(target, Role.TARGET), Why.HAND_OVER)))


def settled(room: Room) -> Room:
    """Let Twilio do at once all that is wanted of it."""
    while True:
        before = room
        for person in room.people:
            wish = wanted(room).get(person.id)
            if wish is None:
                continue
            if not wish.there and person.leg is Leg.AWAY:
                continue
            if not wish.there:
                room = step(room, Left(person.id, on_purpose=True))
            elif person.leg is Leg.AWAY:
                room = replace(
                    room,
                    people=tuple(replace(one, leg=Leg.COMING) if one.id == person.id else one for one in room.people),
                )
        if room == before:
            return room


def audible(room: Room) -> dict[str, frozenset[str]]:
    """Tell who hears whom once all wishes are true."""
    wishes = wanted(room)
    there = (person for person in room.people if person.is_there)
    return dict(
        hears(
            tuple(Presence(one.id, wishes[one.id].held, wishes[one.id].muted, wishes[one.id].coaches) for one in there)
        )
    )


def happenings(room: Room) -> Iterator[Event]:
    """Give everything that may happen next: what people press, and what becomes of each leg."""
    for person in room.people:
        if person.leg is Leg.GONE:
            continue
        if person.is_coming:
            yield Joined(person.id)
        if person.leg is not Leg.AWAY or person.role is Role.CUSTOMER:
            yield Left(person.id)
        yield from (Pressed(person.id, what) for what in sorted(legal(room, person.id)))
        new = Person(f"target {len(room.people)}", Role.TARGET, breaks=person.breaks)
        yield from (Asked(new, why) for why in (Why.CONSULT, Why.HAND_OVER) if may_ask(room, person.id, why))
        if may_ask(room, person.id, Why.ADD) and len(room.of(Role.GUEST)) < 2:
            yield Asked(replace(new, role=Role.GUEST), Why.ADD)
        if person.role is Role.SUPERVISOR:
            yield from (Supervised(person.id, mode) for mode in Mode if mode is not person.mode)
            yield TookOver(person.id)
        if person.role in (Role.TARGET, Role.GUEST):
            yield Removed(person.id)
    again = Person(f"owner {len(room.people)}", Role.OWNER, breaks=True)
    yield from (Asked(again, why) for why in (Why.REJOIN, Why.RETURN) if may_ask(room, "", why))
    if room.phase in (Phase.RECOVERING, Phase.RETURNING):
        yield TimeIsUp()
