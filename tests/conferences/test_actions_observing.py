"""News of a conference in any order and number leaves the same rows; answers to legs that ask what to do."""

import random
from itertools import permutations
from typing import Any

import pytest
from django.db import transaction

from calls.actions import observe as observe_call
from calls.models import Call
from calls.observations import Observation
from conferences import actions
from conferences.actions import claiming
from conferences.models import Conference, Participant
from conferences.room import Phase, Role
from conferences.states import LegState
from telephony.payloads import ConferenceEvent, GatherResult, StatusCallback, VoiceRequest, conference_event
from telephony.twiml import Dial, Gather, Hangup, Redirect, Verb
from tests.agents.factories import ready_agent
from tests.calls.factories import AT, make_call, new_sid
from tests.conferences.factories import conference, customer, person

pytestmark = pytest.mark.django_db


def event(what: str, one: Participant | None, room: Conference, number: int, **more: Any) -> ConferenceEvent:
    flags: dict[str, Any] = {"held": False, "muted": False, "coaching": False} if one else {}
    named = {"call_sid": one.call_sid, "label": one.label} if one else {}
    known = {"sid": "CF1", "name": room.name, "sequence": number}
    return ConferenceEvent(event=what, **known | flags | named | more)


def talk() -> tuple[Conference, Participant, Participant]:
    """A room in which the agent has accepted and the customer is being moved."""
    room = conference(Phase.OPENING, sid="")
    caller = customer(room, LegState.ASKED)
    ann = person(room, Role.OWNER, LegState.TAKEN, agent=ready_agent("Ann", activity="talking"))
    make_call(sid=ann.call_sid, direction="outbound-api")
    return room, caller, ann


def rows(room: Conference) -> list[tuple[Any, ...]]:
    names = ("role", "state", "outcome", "held", "muted", "wants_in", "wants_held")
    people = Participant.objects.filter(conference=room).order_by("is_moved")
    room.refresh_from_db()
    return [
        (room.phase, room.fate, room.ended_at is not None),
        *(tuple(getattr(one, n) for n in names) for one in people),
    ]


def test_the_news_of_a_call_in_many_orders_ends_with_the_same_rows() -> None:
    found = set()
    for order in random.Random(6).sample(list(permutations(range(6))), 24):
        with transaction.atomic():
            room, caller, ann = talk()
            news = [
                event("participant-join", ann, room, 1),
                event("participant-join", caller, room, 2),
                event("participant-hold", caller, room, 4, held=True),
                event("participant-unhold", caller, room, 5),
                event("participant-leave", caller, room, 6, left_because="participant_hung_up"),
                event("conference-end", None, room, 8),
            ]
            for index in order:
                actions.observe(news[index], at=AT)
                actions.observe(news[index], at=AT)
            # how the agent's leg ended depends on whether it was still wanted when that was told
            found.add(str([rows(room)[0], rows(room)[1][1], rows(room)[2][:6]]))
            transaction.set_rollback(True)

    assert found == {"[('closed', 'gone', True), 'left', ('customer', 'left', 'hung-up', False, False, False)]"}


def test_the_highest_number_tells_how_somebody_is() -> None:
    room, caller, ann = talk()
    for one in (event("participant-join", ann, room, 1), event("participant-join", caller, room, 2)):
        actions.observe(one, at=AT)

    actions.observe(event("participant-mute", caller, room, 9, muted=True), at=AT)
    actions.observe(event("participant-hold", caller, room, 7, held=True), at=AT)

    caller.refresh_from_db()
    assert (caller.muted, caller.held, caller.sequence) == (True, False, 9)


@pytest.mark.parametrize("numbered", [True, False])
def test_news_that_tell_one_thing_alone_change_nothing_else(numbered: bool) -> None:
    """As in the recorded request `conference-participant-mute`, which has neither a number nor Hold nor Coaching."""
    room, caller, ann = talk()
    news = {"ConferenceSid": "CF1", "FriendlyName": room.name, "CallSid": caller.call_sid}
    for one in (event("participant-join", ann, room, 1), event("participant-join", caller, room, 2)):
        actions.observe(one, at=AT)

    for number, what, flag in ((3, "participant-hold", "Hold"), (4, "participant-mute", "Muted")):
        told = {"StatusCallbackEvent": what, flag: "true"} | ({"SequenceNumber": str(number)} if numbered else {})
        actions.observe(conference_event(news | told), at=AT)

    caller.refresh_from_db()
    assert (caller.held, caller.muted, caller.coaching) == (True, True, False)


def test_another_conference_of_the_name_counts_from_its_own_beginning() -> None:
    room, caller, ann = talk()
    actions.observe(event("participant-join", caller, room, 40), at=AT)
    actions.observe(event("participant-join", ann, room, 1, sid="CF2"), at=AT)

    actions.observe(event("participant-hold", caller, room, 3, held=True, sid="CF2"), at=AT)

    caller.refresh_from_db()
    assert (caller.held, caller.sequence) == (True, 3)


def test_late_news_of_the_conference_before_tell_nothing_of_this_one() -> None:
    room, caller, ann = talk()
    actions.observe(event("participant-join", caller, room, 40), at=AT)
    actions.observe(event("participant-join", ann, room, 1, sid="CF2"), at=AT)

    actions.observe(event("participant-hold", caller, room, 41, held=True), at=AT)
    caller.refresh_from_db()
    assert (caller.held, caller.sequence) == (False, 0)

    actions.observe(event("participant-mute", caller, room, 3, muted=True, sid="CF2"), at=AT)
    caller.refresh_from_db()
    assert (caller.held, caller.muted, caller.sequence) == (False, True, 3)


def test_who_has_left_does_not_come_in_by_late_news() -> None:
    room, _caller, ann = talk()

    actions.observe(event("participant-leave", ann, room, 3), at=AT)
    actions.observe(event("participant-join", ann, room, 1), at=AT)

    ann.refresh_from_db()
    assert (ann.state, ann.outcome) == (LegState.LEFT, "lost")


def test_the_end_of_an_earlier_conference_of_the_name_ends_nothing() -> None:
    room, caller, ann = talk()
    actions.observe(event("participant-join", ann, room, 1), at=AT)
    second = event("participant-join", caller, room, 1)
    actions.observe(
        ConferenceEvent(**{name: getattr(second, name) for name in second.__slots__} | {"sid": "CF2"}), at=AT
    )

    actions.observe(event("conference-end", None, room, 5), at=AT)

    room.refresh_from_db()
    assert (room.sid, room.ended_at, room.phase) == ("CF2", None, Phase.TALKING)


@pytest.mark.parametrize("name", ["", "lobby", "f" * 32, "\u00b2" * 32])
def test_news_of_a_conference_that_is_none_of_ours_is_forgotten(name: str) -> None:
    actions.observe(ConferenceEvent(event="participant-join", name=name, sid="CF1", call_sid=new_sid()), at=AT)

    assert not Conference.objects.exists()


def test_news_of_somebody_unknown_in_a_room_of_ours_changes_nobody() -> None:
    room, _caller, _ann = talk()
    before = rows(room)

    actions.observe(ConferenceEvent(event="participant-leave", name=room.name, sid="CF1", call_sid="CA0"), at=AT)

    assert rows(room) == before


# ---- legs that ask what to do


def asks(one: Participant, sid: str = "") -> list[type[Verb]]:
    call = VoiceRequest(call_sid=sid or one.call_sid, status="in-progress")
    return [type(verb) for verb in actions.answer(one.pk, call, at=AT)]


def test_a_leg_is_brought_in_screened_sent_on_or_let_go() -> None:
    room, caller, ann = talk()
    guest = person(room, Role.GUEST, LegState.RINGING, screening="Press 1.")

    assert asks(ann) == [Dial, Hangup]
    assert asks(caller) == [Dial]
    assert asks(guest) == [Gather, Hangup]
    assert asks(ann, sid=new_sid()) == [Hangup]  # a leg that is not theirs
    actions.close(room.pk, "gone", at=AT)  # type: ignore[arg-type]
    assert asks(caller) == [Redirect]
    assert asks(guest) == [Hangup]


@pytest.mark.parametrize(("digits", "verbs", "state"), [("1", [Dial, Hangup], "taken"), ("2", [Hangup], "left")])
def test_a_key_takes_the_call_and_only_this_key(digits: str, verbs: list[type[Verb]], state: str) -> None:
    room, _caller, _ann = talk()
    guest = person(room, Role.GUEST, LegState.RINGING, screening="Press 1.")
    call = VoiceRequest(call_sid=guest.call_sid, status="in-progress")
    actions.answer(guest.pk, call, at=AT)

    given = actions.accept(guest.pk, GatherResult(call=call, digits=digits), at=AT)

    guest.refresh_from_db()
    assert [type(verb) for verb in given] == verbs
    assert (guest.state, guest.outcome) == (state, "" if state == "taken" else "not-accepted")


def test_a_leg_whose_sid_never_came_is_found_by_our_id_in_the_address() -> None:
    room, _caller, _ann = talk()
    guest = person(room, Role.GUEST, LegState.ASKED, call_sid="")

    sid = new_sid()
    news = StatusCallback(call=VoiceRequest(call_sid=sid, status="ringing"), status="ringing")
    actions.observe_leg(guest.pk, news, at=AT)

    guest.refresh_from_db()
    assert (guest.state, guest.call_sid, guest.call) == ("ringing", sid, Call.objects.get(sid=sid))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [("busy", "declined"), ("no-answer", "no-answer"), ("failed", "failed"), ("canceled", "no-answer"),
     ("completed", "hung-up")],
)  # fmt: skip
def test_the_end_of_a_call_is_the_end_of_its_leg_though_no_conference_tells(status: str, outcome: str) -> None:
    room, _caller, _ann = talk()
    guest = person(room, Role.GUEST, LegState.RINGING)

    observe_call(Observation(sid=guest.call_sid, status=status), at=AT)

    guest.refresh_from_db()
    assert (guest.state, guest.outcome) == ("left", outcome)


def test_the_end_of_the_customers_call_closes_a_room_in_which_the_customer_never_was() -> None:
    room = conference(Phase.OPENING, sid="")
    customer(room, LegState.WANTED, wants_in=False)
    assert room.customer is not None

    observe_call(Observation(sid=room.customer.sid, status="completed"), at=AT)

    room.refresh_from_db()
    assert (room.phase, room.fate, room.ended_because) == ("closed", "gone", "never-began")


# ---- how much it costs


def test_answers_and_news_stay_cheap(django_assert_max_num_queries: Any) -> None:
    room, caller, ann = talk()

    with django_assert_max_num_queries(14):
        asks(ann)
    with django_assert_max_num_queries(14):
        actions.observe(event("participant-join", ann, room, 1), at=AT)
    with django_assert_max_num_queries(10):
        actions.observe(event("participant-hold", caller, room, 3, held=True), at=AT)


def test_a_customer_who_never_came_into_a_room_that_is_closed_is_asked_after_once() -> None:
    room = conference(Phase.CLOSED, ended_at=AT)
    caller = customer(room, LegState.ASKED, wants_in=False)
    alive = Observation(sid=caller.call_sid, status="in-progress")

    claiming.note_leg(caller.pk, alive, missing=True, at=AT)

    caller.refresh_from_db()
    assert caller.state == LegState.LEFT
    assert not Conference.objects.unsettled().exists()
