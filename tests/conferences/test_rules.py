"""The table of a room: what each event makes of it, and what holds after every order of events."""

import pytest

from conferences.room import (
    Asked,
    Event,
    Fate,
    Joined,
    Left,
    Leg,
    Mode,
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
from conferences.rules import close, legal, may_ask, step
from conferences.wishes import responsible, wanted
from tests.conferences.rooms import (
    ANN,
    BEN,
    CUSTOMER,
    SUE,
    after,
    audible,
    calling_out,
    consulting,
    handing_over,
    happenings,
    offered,
    settled,
    talking,
    waiting,
)


def test_the_customer_is_moved_only_when_an_agent_is_there():
    room = offered(ANN)
    taken = after(room, Took(ANN))
    there = after(taken, Joined(ANN))

    assert [wanted(one)[CUSTOMER].there for one in (room, taken, there)] == [False, False, True]


def test_of_two_agents_who_are_rung_the_first_who_accepts_has_it():
    room = after(offered(ANN, BEN), Took(BEN), Took(ANN))

    assert responsible(room) == BEN
    assert not wanted(room)[ANN].there


def test_an_agent_who_does_not_take_it_leaves_the_customer_in_the_queue():
    room = after(offered(ANN), Left(ANN))

    assert room.phase is Phase.OPENING
    assert responsible(room) == "queue"
    assert may_ask(room, "", Why.OFFER)


def test_an_agent_who_dies_before_the_customer_was_asked_over_gives_the_customer_back():
    room = after(offered(ANN), Took(ANN), Left(ANN))

    assert (room.phase, room.fate) == (Phase.CLOSED, Fate.REQUEUED)


@pytest.mark.parametrize(("breaks", "phase"), [(True, Phase.RECOVERING), (False, Phase.CLOSED)])
def test_a_browser_that_is_gone_is_an_accident_and_a_telephone_was_hung_up(breaks, phase):
    assert step(talking(breaks=breaks), Left(ANN)).phase is phase


def test_hanging_up_by_the_button_ends_the_talk_and_the_customer_goes_on():
    room = step(talking(), Pressed(ANN, Press.HANG_UP))

    assert (room.phase, room.fate) == (Phase.CLOSED, Fate.SERVED)


def test_on_hold_the_customer_hears_nobody():
    room = step(talking(), Pressed(ANN, Press.HOLD))

    assert audible(room) == {CUSTOMER: frozenset(), ANN: frozenset()}
    assert audible(step(room, Pressed(ANN, Press.UNHOLD)))[CUSTOMER] == {ANN}


def test_in_a_consultation_the_customer_waits_and_after_a_swap_the_colleague():
    room = consulting()
    swapped = step(room, Pressed(ANN, Press.SWAP))

    assert audible(room) == {CUSTOMER: frozenset(), ANN: {BEN}, BEN: {ANN}}
    assert audible(swapped) == {CUSTOMER: {ANN}, ANN: {CUSTOMER}, BEN: frozenset()}


def test_completing_leaves_the_colleague_with_the_customer():
    room = settled(step(consulting(), Pressed(ANN, Press.COMPLETE)))

    assert audible(room) == {CUSTOMER: {BEN}, BEN: {CUSTOMER}}
    assert responsible(room) == BEN


def test_only_one_of_two_who_press_complete_completes():
    room = step(consulting(), Pressed(ANN, Press.COMPLETE))

    assert step(room, Pressed(ANN, Press.COMPLETE)) == room
    assert step(consulting(), Pressed(BEN, Press.COMPLETE)) == consulting()


@pytest.mark.parametrize("there", [True, False])
def test_canceling_brings_the_customer_back(there):
    room = settled(step(consulting(there=there), Pressed(ANN, Press.CANCEL)))

    assert audible(room) == {CUSTOMER: {ANN}, ANN: {CUSTOMER}}


def test_a_colleague_who_declines_brings_the_customer_back():
    assert audible(step(consulting(there=False), Left(BEN))) == {CUSTOMER: {ANN}, ANN: {CUSTOMER}}


def test_merging_lets_all_hear_all():
    room = step(consulting(), Pressed(ANN, Press.MERGE))

    assert audible(room) == {CUSTOMER: {ANN, BEN}, ANN: {CUSTOMER, BEN}, BEN: {CUSTOMER, ANN}}
    assert legal(room, ANN) >= {Press.HANG_UP, Press.HOLD}


def test_an_owner_who_leaves_a_conference_of_all_leaves_it_to_the_colleague():
    room = settled(after(consulting(), Pressed(ANN, Press.MERGE), Pressed(ANN, Press.HANG_UP)))

    assert responsible(room) == BEN
    assert audible(room) == {CUSTOMER: {BEN}, BEN: {CUSTOMER}}


def test_a_customer_who_hangs_up_in_a_consultation_leaves_the_two_to_finish():
    room = step(consulting(), Left(CUSTOMER))

    assert audible(room) == {ANN: {BEN}, BEN: {ANN}}
    assert step(room, Left(BEN)).phase is Phase.CLOSED
    assert step(room, Pressed(ANN, Press.HANG_UP)).phase is Phase.CLOSED


def test_a_customer_who_hangs_up_while_the_colleague_is_rung_ends_it():
    assert step(consulting(there=False), Left(CUSTOMER)).phase is Phase.CLOSED


@pytest.mark.parametrize("press", [True, False])
def test_an_owner_who_goes_in_a_consultation_leaves_the_customer_to_the_colleague(press):
    gone = Pressed(ANN, Press.HANG_UP) if press else Left(ANN)
    room = settled(step(consulting(), gone))

    assert responsible(room) == BEN
    assert audible(room) == {CUSTOMER: {BEN}, BEN: {CUSTOMER}}


def test_an_owner_whose_browser_dies_while_the_colleague_is_rung_is_waited_for():
    room = settled(step(consulting(there=False), Left(ANN)))

    assert room.phase is Phase.RECOVERING
    assert [person.id for person in room.people if person.leg is not Leg.GONE] == [CUSTOMER]


def test_an_owner_who_hangs_up_while_the_colleague_is_rung_has_handed_over():
    room = settled(step(consulting(there=False), Pressed(ANN, Press.HANG_UP)))

    assert room.phase is Phase.HANDING_OVER
    assert responsible(room) == BEN


def test_handing_over_ends_with_the_target_as_the_owner():
    room = after(handing_over(), Took(BEN), Joined(BEN))

    assert responsible(room) == BEN
    assert audible(room) == {CUSTOMER: {BEN}, BEN: {CUSTOMER}}


def test_what_the_target_does_not_take_comes_back_to_the_sender():
    room = step(handing_over(), Left(BEN))
    back = after(room, Asked(Person("ann again", Role.OWNER), Why.RETURN), Took("ann again"), Joined("ann again"))

    assert room.phase is Phase.RETURNING
    assert responsible(back) == "ann again"
    assert audible(back)[CUSTOMER] == {"ann again"}


@pytest.mark.parametrize("ending", [Left("ann again"), TimeIsUp()])
def test_what_not_even_the_sender_takes_goes_to_the_head_of_the_queue(ending):
    room = step(handing_over(), Left(BEN))
    asked = step(room, Asked(Person("ann again", Role.OWNER), Why.RETURN))
    room = step(asked if isinstance(ending, Left) else room, ending)

    assert (room.phase, room.fate) == (Phase.CLOSED, Fate.REQUEUED)


def test_a_sender_who_is_being_rung_is_not_overtaken_by_the_clock():
    room = step(step(handing_over(), Left(BEN)), Asked(Person("ann again", Role.OWNER), Why.RETURN))

    assert step(room, TimeIsUp()) == room


def test_a_customer_who_hangs_up_while_being_handed_over_is_gone():
    assert step(handing_over(), Left(CUSTOMER)).fate is Fate.GONE


def test_sending_away_ends_the_room_and_keeps_where_to():
    room = step(talking(), Pressed(ANN, Press.SEND_AWAY))

    assert (room.phase, room.fate, responsible(room)) == (Phase.CLOSED, Fate.ELSEWHERE, "queue")


def test_who_comes_back_in_time_has_the_customer_again():
    room = step(talking(), Left(ANN))
    back = after(room, Asked(Person("ann again", Role.OWNER), Why.REJOIN), Took("ann again"), Joined("ann again"))

    assert wanted(room)[CUSTOMER].held
    assert audible(back)[CUSTOMER] == {"ann again"}


def test_a_rejoin_that_is_not_taken_may_be_asked_for_again():
    room = after(talking(), Left(ANN), Asked(Person("ann 2", Role.OWNER), Why.REJOIN), Left("ann 2"))

    assert room.phase is Phase.RECOVERING
    assert may_ask(room, "", Why.REJOIN)


@pytest.mark.parametrize("ending", [TimeIsUp(), Pressed(ANN, Press.GIVE_BACK)])
def test_a_customer_whose_agent_does_not_come_back_goes_to_the_head_of_the_queue(ending):
    room = step(step(talking(), Left(ANN)), ending)

    assert (room.phase, room.fate) == (Phase.CLOSED, Fate.REQUEUED)


def test_a_customer_who_hangs_up_while_waiting_for_the_agent_to_return_is_gone():
    assert step(step(talking(), Left(ANN)), Left(CUSTOMER)).fate is Fate.GONE


def test_a_customer_whom_we_rang_and_who_does_not_take_it_is_unreached():
    room = after(offered(ANN), Took(ANN), Joined(ANN))
    room = settled(room)

    assert step(room, Left(CUSTOMER)).fate is Fate.UNREACHED


# ---- calling somebody


def test_a_call_out_begins_in_a_room_that_nobody_is_in_yet():
    asked = step(Room(), Asked(Person(ANN, Role.OWNER), Why.CALL_OUT))

    assert may_ask(Room(), "", Why.CALL_OUT)
    assert not may_ask(asked, "", Why.CALL_OUT)
    assert not may_ask(waiting(), "", Why.CALL_OUT)
    assert not may_ask(close(Room(), Fate.GONE), "", Why.CALL_OUT)


@pytest.mark.parametrize(("first", "second"), [(ANN, CUSTOMER), (CUSTOMER, ANN)])
def test_who_is_called_and_who_calls_talk_whoever_is_in_first(first, second):
    room = after(calling_out(), Joined(first), Joined(second))

    assert room.phase is Phase.TALKING
    assert audible(room) == {first: {second}, second: {first}}


@pytest.mark.parametrize("there", [True, False])
def test_an_owner_who_hangs_up_while_somebody_is_rung_lets_the_ring_end(there):
    room = step(calling_out(breaks=False), Joined(ANN)) if there else calling_out(breaks=False)

    ended = [step(room, Left(ANN)), *([step(room, Pressed(ANN, Press.HANG_UP))] if there else [])]

    assert {(one.phase, one.fate) for one in ended} == {(Phase.CLOSED, Fate.UNREACHED)}
    assert not wanted(ended[0])[CUSTOMER].there


def test_an_owner_whose_browser_dies_while_somebody_is_rung_may_come_back():
    room = step(step(calling_out(), Joined(ANN)), Left(ANN))

    assert room.phase is Phase.RECOVERING
    assert may_ask(room, "", Why.REJOIN)


def test_somebody_who_picks_up_as_the_owner_hangs_up_is_told_to_wait():
    room = after(calling_out(), Joined(ANN), Took(CUSTOMER), Pressed(ANN, Press.HANG_UP))

    assert room.phase is Phase.RECOVERING


# ---- supervisors


def supervised(mode: Mode) -> Room:
    asked = Asked(Person(SUE, Role.SUPERVISOR, mode=mode), Why.SUPERVISE)
    return after(talking(), asked, Took(SUE), Joined(SUE))


@pytest.mark.parametrize(
    ("mode", "heard_by"), [(Mode.LISTEN, set()), (Mode.COACH, {ANN}), (Mode.BARGE, {ANN, CUSTOMER})]
)
def test_whom_a_supervisor_is_heard_by_follows_from_the_mode(mode, heard_by):
    room = supervised(mode)

    assert {listener for listener, voices in audible(room).items() if SUE in voices} == heard_by
    assert audible(room)[SUE] == {ANN, CUSTOMER}


def test_a_listener_may_begin_to_coach():
    assert wanted(step(supervised(Mode.LISTEN), Supervised(SUE, Mode.COACH)))[SUE].coaches == ANN


def test_a_coach_coaches_whoever_owns_the_customer_now():
    room = after(supervised(Mode.COACH), Asked(Person(BEN, Role.TARGET), Why.CONSULT), Joined(BEN))

    assert wanted(step(room, Pressed(ANN, Press.COMPLETE)))[SUE].coaches == BEN


def test_a_supervisor_who_takes_over_is_the_owner_and_the_agent_is_out():
    room = settled(step(supervised(Mode.BARGE), TookOver(SUE)))

    assert responsible(room) == SUE
    assert audible(room) == {CUSTOMER: {SUE}, SUE: {CUSTOMER}}


def test_a_supervisor_can_take_over_from_a_browser_that_died():
    room = settled(step(step(supervised(Mode.LISTEN), Left(ANN)), TookOver(SUE)))

    assert audible(room) == {CUSTOMER: {SUE}, SUE: {CUSTOMER}}


def test_a_supervisor_who_leaves_changes_nothing_for_the_others():
    room = supervised(Mode.LISTEN)

    assert audible(step(room, Left(SUE))) == {CUSTOMER: {ANN}, ANN: {CUSTOMER}}


def test_a_guest_who_is_removed_is_out():
    room = settled(step(step(consulting(), Pressed(ANN, Press.MERGE)), Removed(BEN)))

    assert audible(room) == {CUSTOMER: {ANN}, ANN: {CUSTOMER}}


def test_neither_the_owner_nor_the_customer_can_be_removed():
    room = talking()

    assert step(room, Removed(ANN)) == room
    assert step(room, Removed(CUSTOMER)) == room


def test_the_first_fate_of_a_closed_room_stays():
    assert close(close(talking(), Fate.ELSEWHERE), Fate.SERVED).fate is Fate.ELSEWHERE


# ---- every order


LATE = (Took(ANN), Joined(ANN), Joined(CUSTOMER), Joined(BEN), TimeIsUp(), Pressed(ANN, Press.COMPLETE))


def check(room: Room, way: tuple[Event, ...]) -> None:
    """What holds after any event, once Twilio has done what is wanted."""
    owners = room.of(Role.OWNER, Leg.IN)
    assert len(owners) <= 1, way
    assert responsible(room), way
    if room.phase is Phase.CLOSED:
        assert not any(person.is_there or person.is_coming for person in room.people), (way, room)
        return
    if room.phase in (Phase.TALKING, Phase.CONSULTING):
        assert responsible(room) == owners[0].id, way
    comes = any(person.is_coming for person in room.people)
    heard = audible(room)
    for person in room.people:
        if not person.is_there or person.role is Role.SUPERVISOR:
            continue
        held = wanted(room)[person.id].held
        hears_somebody = any(other.id in heard[person.id] for other in room.people if other.role is not Role.SUPERVISOR)
        if held:  # hears music, and somebody is there or comes, or the clock runs
            assert owners or comes or room.phase in (Phase.RECOVERING, Phase.RETURNING), way
        else:
            assert hears_somebody or comes or room.held, (way, room)
    if room.phase is Phase.HANDING_OVER:
        assert comes, (way, room)


def walk(room: Room, depth: int, way: tuple[Event, ...], seen: dict[Room, int], ends: set[Fate]) -> None:
    """Let everything happen, in every order, so many events deep; a room is gone on from once for each depth."""
    if seen.get(room, 0) >= depth:
        return
    seen[room] = depth
    for event in happenings(room):
        now = settled(step(room, event))
        path = (*way, event)
        check(now, path)
        if not isinstance(event, Pressed | Asked):
            assert settled(step(now, event)) == now, ("a repeat changed something", path)
        for late in LATE:
            check(settled(step(now, late)), (*path, late))
        if now.phase is Phase.CLOSED:
            ends.add(now.fate)
        walk(now, depth - 1, path, seen, ends)


@pytest.mark.parametrize(
    "start",
    [
        offered(ANN),
        offered(ANN, BEN),
        talking(),
        talking(breaks=False),
        consulting(),
        consulting(there=False),
        handing_over(),
        supervised(Mode.BARGE),
        calling_out(),
        calling_out(breaks=False),
    ],
    ids=[
        *("offered", "offered to two", "browser", "telephone", "consulting", "rung", "handing over", "supervised"),
        *("calling out", "calling out by telephone"),
    ],
)
def test_after_every_order_of_events_nobody_is_stranded(start):
    ends: set[Fate] = set()
    seen: dict[Room, int] = {}

    walk(settled(start), 5, (), seen, ends)

    assert Fate.GONE in ends
    assert len(seen) > 20


def test_a_closed_room_stays_closed_whatever_comes():
    room = close(talking(), Fate.SERVED)

    for event in (*LATE, Asked(Person("x", Role.OWNER), Why.OFFER), Pressed(ANN, Press.HOLD), TookOver(ANN)):
        assert step(room, event).phase is Phase.CLOSED
    assert not may_ask(room, ANN, Why.CONSULT)
    assert legal(room, ANN) == frozenset()


def test_nobody_presses_anything_before_there_is_an_owner():
    assert legal(waiting(), ANN) == frozenset()
    assert legal(offered(ANN), ANN) == frozenset()


def test_somebody_who_was_asked_may_be_wanted_no_more_but_not_who_has_accepted():
    room = after(offered(ANN, BEN), Took(ANN))

    assert step(room, Removed(ANN)) == room
    assert not wanted(step(offered(ANN, BEN), Removed(BEN)))[BEN].there


def test_a_customer_who_hangs_up_while_being_moved_is_gone_and_was_not_unreached():
    moved = Person(CUSTOMER, Role.CUSTOMER, Leg.COMING, moved=True)
    rung = Person(CUSTOMER, Role.CUSTOMER, Leg.COMING)

    fates = [step(Room(people=(one,)), Left(CUSTOMER)).fate for one in (moved, rung)]

    assert fates == [Fate.GONE, Fate.UNREACHED]


def test_who_comes_into_a_closed_room_is_known_to_be_there_and_not_wanted():
    room = step(close(after(offered(ANN), Took(ANN)), Fate.GONE), Joined(ANN))

    assert room.person(ANN).is_there
    assert not wanted(room)[ANN].there
