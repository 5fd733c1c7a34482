"""What each event makes of a room: the table of `docs/conferences.md`. Pure.

What Twilio is to be asked for follows from `conferences.wishes`, by comparison with what is so already; nothing else
steers a room. Impossible events change nothing, because late and repeated ones are normal.
"""

from dataclasses import replace

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
    Supervised,
    TimeIsUp,
    Took,
    TookOver,
    Why,
)


def step(room: Room, event: Event) -> Room:
    """Take what happened into the room. What cannot be, or has been already, changes nothing."""
    if room.phase is Phase.CLOSED:
        return _emptying(room, event)
    match event:
        case Pressed():
            return _pressed(room, event) if event.what in legal(room, event.by) else room
        case Asked(person=person):
            return _asked(room, event) if room.person(person.id) is None else room
        case Took(id):
            return _took(room, id)
        case Joined(id):
            return _joined(_took(room, id), id)
        case Left(id):
            return _left(room, event)
        case Removed(id):
            return _removed(room, id)
        case Supervised(id, mode):
            return _replace(room, id, mode=mode) if _has(room, id, Role.SUPERVISOR) else room
        case TookOver(id):
            return _took_over(room, id)
        case TimeIsUp():
            waits = room.phase in (Phase.RECOVERING, Phase.RETURNING)
            return close(room, Fate.REQUEUED) if waits and not _owner_comes(room) else room


def _emptying(room: Room, event: Event) -> Room:
    """Follow who is still in a room that is closed; somebody may come in at the very moment."""
    match event:
        case Left(id):
            return _leg(room, id, Leg.GONE)
        case Joined(id) if (person := room.person(id)) is not None and person.leg is not Leg.GONE:
            return _leg(room, id, Leg.IN)
    return room


def close(room: Room, fate: Fate) -> Room:
    """End the room; the first fate stays."""
    if room.phase is Phase.CLOSED:
        return room
    return replace(room, phase=Phase.CLOSED, fate=fate if room.customer else Fate.GONE, held=False, swapped=False)


def legal(room: Room, by: str) -> frozenset[Press]:
    """Give what this person may press now: what the buttons show."""
    owner = room.owner
    if room.phase is Phase.RECOVERING:
        former = room.person(by)
        return frozenset({Press.GIVE_BACK}) if former is not None and former.role is Role.OWNER else frozenset()
    if owner is None or owner.id != by or not owner.is_there:
        return frozenset()
    customer, target = room.customer, room.target
    if room.phase is Phase.TALKING:
        here = {Press.UNHOLD if room.held else Press.HOLD, Press.SEND_AWAY}
        return frozenset({Press.HANG_UP, *(here if customer is not None and customer.is_there else ())})
    if room.phase is Phase.CONSULTING:
        ready = target is not None and target.is_there
        return frozenset({Press.CANCEL, Press.HANG_UP, *((Press.COMPLETE, Press.SWAP, Press.MERGE) if ready else ())})
    return frozenset({Press.HANG_UP}) if room.phase is Phase.OPENING else frozenset()


def may_ask(room: Room, by: str, why: Why) -> bool:
    """Tell whether this person may ask somebody new in."""
    owner, customer = room.owner, room.customer
    match why:
        case Why.CONSULT | Why.HAND_OVER:
            # with guests there it would leave them alone: they are sent out first, or take over
            alone = not room.of(Role.GUEST)
            settled = room.phase is Phase.TALKING and customer is not None and customer.is_there and alone
            return settled and owner is not None and owner.is_there and owner.id == by
        case Why.ADD:
            return room.phase is Phase.TALKING and owner is not None and owner.is_there and owner.id == by
        case Why.REJOIN:
            return room.phase is Phase.RECOVERING and not _owner_comes(room)
        case Why.SUPERVISE:
            return room.phase not in (Phase.OPENING, Phase.CLOSED)
        case Why.OFFER:
            return room.phase is Phase.OPENING and room.owner is None
        case Why.CALL_OUT:
            return room.phase is Phase.OPENING and not room.people
        case Why.RETURN:
            return room.phase is Phase.RETURNING and not _owner_comes(room)


def _pressed(room: Room, event: Pressed) -> Room:
    owner, target = room.owner, room.target
    match event.what:
        case Press.HOLD:
            return replace(room, held=True)
        case Press.UNHOLD:
            return replace(room, held=False)
        case Press.SWAP:
            return replace(room, swapped=not room.swapped)
        case Press.CANCEL if target is not None:
            return _back_to_the_customer(_former(room, target.id))
        case Press.MERGE if target is not None:
            return replace(_replace(room, target.id, role=Role.GUEST), phase=Phase.TALKING, swapped=False, held=False)
        case Press.COMPLETE if target is not None and owner is not None:
            return _succeed(room, owner.id, target.id)
        case Press.SEND_AWAY:
            return close(room, Fate.ELSEWHERE)
        case Press.GIVE_BACK:
            return close(room, Fate.REQUEUED)
        case Press.HANG_UP if owner is not None:
            return _owner_leaves(_former(room, owner.id), on_purpose=True)
    return room


def _asked(room: Room, event: Asked) -> Room:
    person = event.person
    added = replace(room, people=(*room.people, person))
    match event.why:
        case Why.CONSULT:
            return replace(added, phase=Phase.CONSULTING, swapped=False, held=False)
        case Why.HAND_OVER:
            owner = room.owner
            left = _former(added, owner.id) if owner is not None else added
            return replace(left, phase=Phase.HANDING_OVER, held=False, returns=True)
        case _:
            return added


def _took(room: Room, id: str) -> Room:  # noqa: A002
    """Let the first who accepts have it; the others are not wanted any more."""
    person = room.person(id)
    if person is None or person.leg is not Leg.COMING:
        return room
    if person.role is not Role.OWNER:
        return _leg(room, id, Leg.TAKEN)
    if room.owner is not None:
        return _former(room, id)
    return _leg(room, id, Leg.TAKEN)


def _joined(room: Room, id: str) -> Room:  # noqa: A002
    person = room.person(id)
    if person is None or person.leg in (Leg.IN, Leg.GONE):
        return room
    room = _leg(room, id, Leg.IN)
    match person.role, room.phase:
        case Role.CUSTOMER, Phase.OPENING:
            # whoever the customer was moved for may have gone meanwhile
            return replace(room, phase=Phase.TALKING) if room.of(Role.OWNER, Leg.IN) else _lost(room)
        case Role.OWNER, Phase.OPENING if (customer := room.customer) is not None and customer.is_there:
            return replace(room, phase=Phase.TALKING)
        case Role.OWNER, Phase.RECOVERING | Phase.RETURNING:
            return replace(room, phase=Phase.TALKING, held=False, returns=False)
        case ((Role.TARGET | Role.GUEST), (Phase.HANDING_OVER | Phase.RETURNING | Phase.RECOVERING)):
            return _succeed(room, "", id)
    return room


def _left(room: Room, event: Left) -> Room:
    person = room.person(event.id)
    if person is None or person.leg is Leg.GONE:
        return room
    was_owner = room.owner is not None and room.owner.id == person.id
    room = _leg(room, person.id, Leg.GONE)
    match person.role:
        case Role.CUSTOMER:
            return _customer_leaves(room, person)
        case Role.OWNER if was_owner:
            return _owner_leaves(room, on_purpose=event.on_purpose or not person.breaks)
        case Role.OWNER:
            return _nobody_took_it(room)
        case Role.TARGET:
            return _target_leaves(room)
        case Role.GUEST | Role.FORMER:
            return _unless_alone(room)
        case Role.SUPERVISOR:
            return room


def _customer_leaves(room: Room, customer: Person) -> Room:
    """Without the customer the room ends, unless the owner is speaking with somebody else."""
    others = [*room.of(Role.TARGET, Leg.IN), *room.of(Role.GUEST, Leg.IN)]
    owner = room.owner
    if owner is None or not owner.is_there or not others:
        unreached = room.phase is Phase.OPENING and customer.is_coming and not customer.moved
        return replace(close(room, Fate.GONE), fate=Fate.UNREACHED if unreached else Fate.GONE)
    target = room.target
    room = _replace(room, target.id, role=Role.GUEST) if target is not None else room
    return replace(room, phase=Phase.TALKING, held=False, swapped=False)


def _owner_leaves(room: Room, *, on_purpose: bool) -> Room:
    """Find who is responsible now: a successor who is there, the target who is coming, or somebody to be found."""
    customer, target = room.customer, room.target
    if customer is None:
        return close(room, Fate.GONE)
    successor = next(iter([*room.of(Role.TARGET, Leg.IN), *room.of(Role.GUEST, Leg.IN)]), None)
    if successor is not None:
        return _succeed(room, "", successor.id)
    if room.phase is Phase.OPENING and customer.leg is Leg.AWAY:
        return close(room, Fate.REQUEUED)
    if room.phase is Phase.OPENING and on_purpose and customer.leg is Leg.COMING and not customer.moved:
        return close(room, Fate.UNREACHED)  # we ring somebody who has not picked up, and nobody is there to talk to
    if room.phase is Phase.OPENING:
        return _lost(room)
    if on_purpose:
        if target is not None:
            return replace(room, phase=Phase.HANDING_OVER, swapped=False, held=False, returns=True)
        return close(room, Fate.SERVED)
    return _lost(_former(room, target.id) if target is not None else room)


def _lost(room: Room) -> Room:
    return replace(room, phase=Phase.RECOVERING, held=False, swapped=False)


def _nobody_took_it(room: Room) -> Room:
    """An owner who was asked does not come. While OPENING the queue asks the next; else the search is over."""
    if room.phase is Phase.RETURNING and not _owner_comes(room):
        return close(room, Fate.REQUEUED)
    return room


def _target_leaves(room: Room) -> Room:
    match room.phase:
        case Phase.CONSULTING:
            return _back_to_the_customer(room)
        case Phase.HANDING_OVER if room.returns:
            return replace(room, phase=Phase.RETURNING)
        case Phase.HANDING_OVER:
            return close(room, Fate.REQUEUED)
    return room


def _back_to_the_customer(room: Room) -> Room:
    return replace(room, phase=Phase.TALKING, swapped=False, held=False)


def _unless_alone(room: Room) -> Room:
    """End a room in which only one is left to talk: after the customer has gone, or when the last guest has."""
    guests = [*room.of(Role.GUEST), *room.of(Role.TARGET)]
    return close(room, Fate.GONE) if room.customer is None and not guests else room


def _removed(room: Room, id: str) -> Room:  # noqa: A002
    person = room.person(id)
    if person is None or person.role in (Role.CUSTOMER, Role.FORMER):
        return room
    if person.role is Role.OWNER:  # who was asked may be wanted no more; who has accepted stays
        return _nobody_took_it(_former(room, id)) if person.leg is Leg.COMING else room
    was = person.role
    room = _former(room, id)
    return _target_leaves(room) if was is Role.TARGET else _unless_alone(room)


def _took_over(room: Room, id: str) -> Room:  # noqa: A002
    if not _has(room, id, Role.SUPERVISOR, Leg.IN) or room.customer is None:
        return room
    if room.phase not in (Phase.TALKING, Phase.CONSULTING, Phase.RECOVERING, Phase.RETURNING, Phase.HANDING_OVER):
        return room
    for other in room.of(Role.TARGET):
        room = _former(room, other.id)
    for other in room.of(Role.OWNER):
        room = _former(room, other.id)
    return replace(_replace(room, id, role=Role.OWNER), phase=Phase.TALKING, held=False, swapped=False, returns=False)


def _succeed(room: Room, owner: str, successor: str) -> Room:
    room = _former(room, owner) if owner else room
    room = _replace(room, successor, role=Role.OWNER)
    return replace(room, phase=Phase.TALKING, held=False, swapped=False, returns=False)


def _owner_comes(room: Room) -> bool:
    return bool(room.of(Role.OWNER, Leg.COMING, Leg.TAKEN, Leg.IN))


def _former(room: Room, id: str) -> Room:  # noqa: A002
    return _replace(room, id, role=Role.FORMER)


def _leg(room: Room, id: str, leg: Leg) -> Room:  # noqa: A002
    return _replace(room, id, leg=leg)


def _has(room: Room, id: str, role: Role, *legs: Leg) -> bool:  # noqa: A002
    return any(person.id == id for person in room.of(role, *legs))


def _replace(room: Room, id: str, **changes: object) -> Room:  # noqa: A002
    return replace(
        room,
        people=tuple(replace(one, **changes) if one.id == id else one for one in room.people),  # type: ignore[arg-type]  # fields by name
    )
