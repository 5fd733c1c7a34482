"""Call me back: asked for, given up and expired; the tries are in `test_callbacks_tried`."""

from datetime import timedelta

import pytest

from agents.models import User
from calls.models import CallEvent, EventKind
from queues.actions import callbacks
from queues.models import Callback, Entry
from queues.states import CallbackState, EntryState
from telephony.models import PhoneNumber
from tests.calls.factories import AT, make_call
from tests.dialing.factories import set_limits
from tests.queues.rows import NUMBER, ask, line, place

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("any_hour")]


def told(call):
    rows = CallEvent.objects.filter(call=call, kind=EventKind.CALLBACK).order_by("id")
    return [event.data["what"] for event in rows]


def test_the_place_in_line_is_kept_as_old_as_it_was():
    queue, call = line(), make_call(from_number=NUMBER)

    callback = ask(queue, call=call, aged_from=AT - timedelta(minutes=7), priority=5)

    entry = place(callback)
    assert (entry.queue, entry.call, entry.priority, entry.language) == (queue, None, 5, "en-US")
    assert entry.aged_from == AT - timedelta(minutes=7)
    assert callback.expires_at == AT + timedelta(hours=24)
    assert told(call) == ["asked for"]


def test_the_history_shows_the_number_masked():
    call = make_call(from_number=NUMBER)

    ask(line(), call=call)

    assert CallEvent.objects.get(call=call, kind=EventKind.CALLBACK).data["number"] == "+1415****123"


def test_a_number_is_stored_once_for_each_queue():
    queue = line()
    first = ask(queue)

    with pytest.raises(callbacks.AlreadyAsked) as again:
        ask(queue)

    assert again.value.callback == first
    assert ask(line()) != first
    assert Entry.objects.filter(queue=queue).count() == 1


def test_a_number_may_be_asked_for_again_when_the_last_callback_is_over():
    queue = line()
    first = ask(queue)
    callbacks.cancel(first.pk, by=None, why="a test", at=AT)

    assert ask(queue).state == CallbackState.WAITING


@pytest.mark.parametrize("number", ["", "anonymous", "client:agent_1", "sip:ann@example.com", "4155550123", "+464"])
def test_what_is_no_telephone_number_is_refused(number):
    with pytest.raises(callbacks.NotCallable):
        ask(line(), number=number)

    assert not Callback.objects.exists()


def test_a_number_that_costs_more_is_refused():
    with pytest.raises(callbacks.NotCallable, match="higher rate"):
        ask(line(), number="+19005550123")


def test_one_of_our_own_numbers_is_refused():
    PhoneNumber.objects.create(sid="PN1", number=NUMBER, synchronized_at=AT)

    with pytest.raises(callbacks.NotCallable, match="our own"):
        ask(line())


def test_nobody_is_promised_a_call_for_which_there_is_no_number_to_show():
    with pytest.raises(callbacks.NotCallable, match="no number"):
        ask(line(caller_id=""), call=make_call(to_number="sip:line@example.com"))


def test_a_number_that_could_never_be_called_at_a_decent_hour_is_refused():
    queue = line(callback_from="09:00", callback_until="09:30")
    set_limits(countries=["RU"])

    with pytest.raises(callbacks.NotCallable, match="decent hour"):
        ask(queue, number="+79161234567")  # a mobile of a country with eleven hours


def test_out_of_hours_the_first_try_waits_for_the_morning_there():
    callback = ask(line(callback_from="09:00", callback_until="20:00"), at=AT.replace(hour=6))

    assert place(callback).not_before == AT.replace(hour=17)  # nine in California


def test_what_is_canceled_gives_up_its_place_and_says_why():
    call = make_call()
    callback = ask(line(), call=call)

    callbacks.cancel(callback.pk, by=User.objects.create(username="sue"), why="solved", at=AT)

    callback.refresh_from_db()
    assert (callback.state, callback.last_outcome, callback.ended_at) == (CallbackState.CANCELED, "solved", AT)
    assert callback.entries.get().state == EntryState.LEFT
    assert told(call)[-1] == "canceled: solved (sue)"


def test_what_is_over_cannot_be_canceled():
    callback = ask(line())
    callbacks.cancel(callback.pk, by=None, why="a test", at=AT)

    with pytest.raises(callbacks.NotNow):
        callbacks.cancel(callback.pk, by=None, why="a test", at=AT)


def test_who_joins_the_same_queue_goes_on_with_the_place_of_the_callback():
    queue, other = line(), line()
    kept, elsewhere = ask(queue, aged_from=AT - timedelta(minutes=9)), ask(other)

    since = callbacks.cancel_for_number(NUMBER, queue_id=queue.pk, at=AT)

    kept.refresh_from_db()
    elsewhere.refresh_from_db()
    assert since == AT - timedelta(minutes=9)
    assert (kept.state, elsewhere.state) == (CallbackState.CANCELED, CallbackState.WAITING)


def test_who_is_talked_to_is_called_back_by_nobody():
    ask(line())
    ask(line())

    callbacks.cancel_for_number(NUMBER, at=AT)

    assert not Callback.objects.live().exists()


@pytest.mark.parametrize("number", ["", "anonymous", "+14155550199"])
def test_other_callers_leave_callbacks_alone(number):
    ask(line())

    assert callbacks.cancel_for_number(number, at=AT) is None
    assert Callback.objects.live().count() == 1


def test_what_was_not_tried_in_time_expires():
    queue = line(callback_hours=2)
    callback = ask(queue)

    assert callbacks.sweep(at=AT + timedelta(hours=1)) == 0
    assert callbacks.sweep(at=AT + timedelta(hours=2)) == 1
    assert callbacks.sweep(at=AT + timedelta(hours=3)) == 0

    callback.refresh_from_db()
    assert callback.state == CallbackState.EXPIRED
    assert callback.entries.get().state == EntryState.FAILED


def test_what_agents_are_being_rung_for_does_not_expire():
    callback = ask(line())
    callback.entries.update(state=EntryState.OFFERED)

    assert callbacks.sweep(at=AT + timedelta(days=3)) == 0


def test_one_may_be_tried_at_once_without_the_pause():
    callback = ask(line())
    callback.entries.update(not_before=AT + timedelta(minutes=15))

    callbacks.try_now(callback.pk, by=User.objects.create(username="sue"), at=AT)

    entry = place(callback)
    assert (entry.not_before, entry.is_first) == (None, True)
