"""The tries of a callback: the customer is rung when an agent is there, and what comes of that."""

from datetime import time, timedelta

import pytest
from django.db import transaction

from calls.models import CallEvent, EventKind
from conferences.models import Conference, Participant
from conferences.room import Phase, Role
from conferences.states import LegState, Outcome
from queues.actions import callbacks
from queues.actions.entries import locked
from queues.states import CallbackState, EntryState
from tests.agents import factories as people
from tests.calls.factories import AT, make_call
from tests.dialing.factories import set_limits
from tests.queues.rows import NUMBER, ask, line, place

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("any_hour")]


def taken(callback):
    """Let an agent have accepted the offer of this place, and return the conversation."""
    conference = Conference.objects.create(opened_at=AT)
    Participant.objects.create(
        conference=conference,
        role=Role.OWNER,
        agent=people.agent(),
        endpoint="browser",
        address="client:agent",
        wants_in=True,
        state=LegState.TAKEN,
        wanted_at=AT,
    )
    callback.entries.filter(state=EntryState.WAITING).update(state=EntryState.TALKING, conference=conference)
    return conference


def tried(callback, *, at=AT):
    conference = taken(callback)
    customer = callbacks.begin_try(place(callback), conference=conference, at=at)
    Participant.objects.filter(pk=customer.pk).update(state=LegState.ASKED, asked_at=at)
    return conference, customer


def closed(callback, conference, outcome="", *, at=AT):
    conference.participants.filter(role=Role.CUSTOMER).update(state=LegState.LEFT, outcome=outcome)
    Conference.objects.filter(pk=conference.pk).update(phase=Phase.CLOSED)
    with transaction.atomic():
        settled = callbacks.note_closed(locked(place(callback).pk), conference=conference, at=at)
    callback.refresh_from_db()
    return settled


def test_the_customer_is_rung_with_the_text_and_the_number_that_they_have_called():
    callback = ask(line(callback_text="Press 1.", caller_id=""), call=make_call(to_number="+15005550100"))

    customer = callbacks.begin_try(place(callback), conference=taken(callback), at=AT)

    callback.refresh_from_db()
    assert (customer.address, customer.screening, customer.caller_id) == (NUMBER, "Press 1.", "+15005550100")
    assert (customer.role, customer.state, customer.wants_in) == (Role.CUSTOMER, LegState.WANTED, True)
    assert str(callback.pk) in customer.onward
    assert (callback.state, callback.tries, callback.tried_at) == (CallbackState.DIALING, 1, AT)


def test_the_number_of_the_queue_is_shown_before_any_other():
    callback = ask(line(caller_id="+15005550199"), call=make_call(to_number="+15005550100"))

    customer = callbacks.begin_try(place(callback), conference=taken(callback), at=AT)

    assert customer.caller_id == "+15005550199"


def test_a_try_that_has_begun_does_not_begin_again():
    callback = ask(line())
    conference, customer = tried(callback)

    assert callbacks.begin_try(place(callback), conference=conference, at=AT) is None
    assert list(conference.participants.filter(role=Role.CUSTOMER)) == [customer]


def test_there_is_no_try_in_a_room_that_is_closed_already():
    callback = ask(line())
    conference = taken(callback)
    Conference.objects.update(phase=Phase.CLOSED)

    assert callbacks.begin_try(place(callback), conference=conference, at=AT) is None

    callback.refresh_from_db()
    assert (callback.state, callback.tries) == (CallbackState.WAITING, 0)


def test_connected_it_is_done_and_the_customer_like_any_caller():
    asked_on, rung = make_call(), make_call(direction="outbound-api")
    callback = ask(line(), call=asked_on)
    tried(callback)

    for _repeat in range(2):
        callbacks.note_connected(locked(place(callback).pk), call_id=rung.pk, at=AT)

    entry = place(callback)
    callback.refresh_from_db()
    assert callback.state == CallbackState.DONE
    assert (entry.call, entry.state, entry.answered_at) == (rung, EntryState.TALKING, AT)
    assert entry.onward
    told = [event.data["what"] for event in CallEvent.objects.filter(kind=EventKind.CALLBACK).order_by("id")]
    assert told == ["asked for", "try 1", "connected", "this is the call back"]


@pytest.mark.parametrize(
    "outcome", [Outcome.NO_ANSWER, Outcome.BUSY, Outcome.NOT_ACCEPTED, Outcome.FAILED, Outcome.LOST, Outcome.NONE]
)
def test_who_is_not_reached_keeps_the_place_for_a_try_later(outcome):
    callback = ask(line(callback_spacing=15), aged_from=AT - timedelta(minutes=5))
    conference, _customer = tried(callback)

    assert closed(callback, conference, outcome)

    entry = place(callback)
    assert (callback.state, callback.tries) == (CallbackState.WAITING, 1)
    assert callback.last_outcome == (outcome or Outcome.WITHDRAWN)
    assert (entry.state, entry.conference, entry.agent) == (EntryState.WAITING, None, None)
    assert (entry.not_before, entry.aged_from) == (AT + timedelta(minutes=15), AT - timedelta(minutes=5))


def test_the_next_try_waits_for_a_decent_hour():
    queue = line(callback_from="07:00", callback_until="07:10", callback_spacing=15)
    callback = ask(queue)
    conference, _customer = tried(callback)

    closed(callback, conference, Outcome.NO_ANSWER)

    assert place(callback).not_before == AT + timedelta(days=1)


def test_after_the_last_try_people_have_to_look_at_it():
    callback = ask(line(callback_tries=2))
    for _try in range(2):
        conference, _customer = tried(callback)
        closed(callback, conference, Outcome.NO_ANSWER)

    assert (callback.state, callback.last_outcome) == (CallbackState.EXPIRED, Outcome.NO_ANSWER)
    assert callback.entries.get().state == EntryState.FAILED


def test_a_try_in_which_nobody_was_rung_is_none():
    callback = ask(line(callback_tries=1))
    conference, customer = tried(callback)
    Participant.objects.filter(pk=customer.pk).update(asked_at=None)

    assert closed(callback, conference, Outcome.WITHDRAWN)

    assert (callback.state, callback.tries) == (CallbackState.WAITING, 0)
    assert place(callback).not_before is None


def test_the_end_of_a_conversation_that_came_about_is_not_ours():
    callback = ask(line())
    conference, _customer = tried(callback)
    callbacks.note_connected(locked(place(callback).pk), call_id=make_call().pk, at=AT)

    assert not closed(callback, conference)
    assert callback.state == CallbackState.DONE


def test_a_try_whose_room_was_closed_without_our_hearing_of_it_is_settled_by_the_sweep():
    callback = ask(line())
    conference, _customer = tried(callback)
    Conference.objects.filter(pk=conference.pk).update(phase=Phase.CLOSED)

    assert [callbacks.sweep(at=AT), callbacks.sweep(at=AT)] == [1, 0]

    callback.refresh_from_db()
    assert callback.state == CallbackState.WAITING


def test_what_is_canceled_while_the_customer_is_rung_closes_the_room():
    callback = ask(line())
    conference, _customer = tried(callback)

    callbacks.cancel(callback.pk, by=None, why="the person has called", at=AT)

    conference.refresh_from_db()
    callback.refresh_from_db()
    assert (conference.phase, callback.state) == (Phase.CLOSED, CallbackState.CANCELED)
    assert not conference.participants.filter(wants_in=True).exists()
    assert callback.entries.get().state == EntryState.LEFT


@pytest.mark.parametrize(
    ("limits", "is_over", "why"),
    [
        ({"countries": ["DE"]}, True, "Calls to US are not allowed here."),
        ({"per_hour": 0}, False, "0 calls out are allowed each hour, and were made."),
        (
            {"opens": time(9), "closes": time(12), "number_per_hour": 0},
            False,
            "It is not between 09:00 and 12:00 where that number is.",
        ),
    ],
)
def test_whom_a_rule_forbids_to_call_is_not_rung_and_not_forgotten(limits, is_over, why):
    call = make_call()
    callback = ask(line(), call=call)
    conference = taken(callback)
    set_limits(**limits)

    assert callbacks.begin_try(place(callback), conference=conference, at=AT) is None

    callback.refresh_from_db()
    conference.refresh_from_db()
    told = CallEvent.objects.filter(call=call, kind=EventKind.CALLBACK).latest("pk").data["what"]
    assert (callback.tries, conference.phase, told) == (0, Phase.CLOSED, f"not dialed: {why}")
    if is_over:
        assert (callback.state, callback.last_outcome) == (CallbackState.EXPIRED, "country")
        assert callback.entries.get().state == EntryState.FAILED
    else:
        assert callback.state == CallbackState.WAITING
        assert place(callback).not_before > AT
