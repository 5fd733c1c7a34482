"""What may not go yet waits, and says why."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from calls.models import Call
from compliance.models import Hold
from contacts import actions as contacts
from contacts.details import Details
from contacts.models import OptOut
from contacts.states import Channel, How
from crm.models import Event
from dialing.models import Attempt
from messaging.models import Thread
from outbound.models import Order
from queues.models import Callback, Handling
from recordings.models import MissedCall, Transcript
from retention import tasks
from retention.states import ErasureState, ItemState
from retention.things import Thing
from telephony.models import Delivery as TwilioRequest
from tests.calls.factories import AT, make_call
from tests.compliance.keepers import lift, make_hold, make_queue
from tests.dialing.factories import attempt
from tests.messaging.factories import make_received, make_thread
from tests.outbound.factories import make_order
from tests.retention import people
from tests.retention.account import BUSY
from tests.retention.erasures import confirmed, goes_on, states, texts_with
from tests.retention.people import ANN, BEN, OURS
from tests.scenarios import flows

pytestmark = pytest.mark.django_db


def test_what_is_held_waits_and_says_why_and_goes_once_the_hold_is_lifted(account, clock):
    anns = people.customer(account)
    hold = make_hold(call=anns.customer, name="Court 7")

    erasure = goes_on(confirmed(clock), clock)

    assert erasure.state == ErasureState.WORKING
    assert states(erasure, Thing.CALL) == states(erasure, Thing.RECORDING) == ["held"]
    assert "Court 7" in erasure.items.get(kind=Thing.CALL).why
    assert anns.customer.sid in account.sids
    assert default_storage.exists(f"recordings/2026/03/02/{anns.rows['recordings_recording'].pk}.wav")
    lift(hold)
    goes_on(erasure, clock)
    assert erasure.state == ErasureState.DONE
    assert account.sids == set()


def test_a_hold_that_names_the_number_keeps_what_lies_at_twilio_too(account, clock):
    account.call("CA1", caller=ANN)
    account.message("SM1", sender=ANN)
    hold = make_hold(caller=ANN)

    erasure = goes_on(confirmed(clock), clock)
    assert account.sids == {"CA1", "SM1"}
    assert set(erasure.items.values_list("state", flat=True)) == {ItemState.HELD}
    lift(hold)
    goes_on(erasure, clock)

    assert account.sids == set()
    assert Hold.objects.get().caller == ""


def test_a_hold_that_names_the_number_keeps_who_was_dialed_who_was_to_be_and_what_programs_were_told(account, clock):
    flow = flows.publish("Parcels", {"Bye": flows.hang_up("Bye.")}, at=AT)
    order = make_order(kind="flow", flow=flow, number=ANN, not_before=AT, state="canceled", ended_at=AT)
    refused = attempt(ANN, at=AT, rule="hours")
    ann = contacts.create(Details(name="Ann", numbers=((ANN, ""),)), how=How.SAID, at=AT)
    told = Event.objects.filter(contact=ann.pk)
    assert told.exists()
    hold = make_hold(caller=ANN, name="Court 7")

    erasure = goes_on(confirmed(clock), clock)

    assert (list(Order.objects.all()), list(Attempt.objects.all())) == ([order], [refused])
    assert told.exists()
    kinds = (Thing.ORDER, Thing.ATTEMPT, Thing.EVENT)
    assert {state for kind in kinds for state in states(erasure, kind)} == {ItemState.HELD}
    assert all("Court 7" in why for why in erasure.items.filter(kind__in=kinds).values_list("why", flat=True))
    lift(hold)
    goes_on(erasure, clock)
    assert erasure.state == ErasureState.DONE
    assert texts_with(ANN) == set()


def test_whatever_stands_of_a_number_that_a_hold_names_stays(account, clock):
    bens = people.customer(account, BEN)
    notes = Handling.objects.filter(pk=bens.rows["queues_handling"].pk)
    notes.update(notes=f"Her number is {ANN}.")
    request = people.request_about()
    ended = OptOut.objects.create(
        number=ANN, channel=Channel.CALLS, how=How.SAID, at=AT, ended_at=AT, ended_how=How.SAID
    )
    make_hold(caller=ANN, name="Court 7")

    erasure = goes_on(confirmed(clock), clock)

    assert notes.get().notes == f"Her number is {ANN}."
    assert TwilioRequest.objects.filter(pk=request.pk).exists()
    assert OptOut.objects.filter(pk=ended.pk).exists()
    assert set(erasure.items.values_list("state", flat=True)) == {ItemState.HELD}


def test_what_is_said_of_somebody_in_a_held_conversation_of_others_is_left_as_it_is(account, clock):
    bens = people.customer(account, BEN)
    notes = Handling.objects.filter(pk=bens.rows["queues_handling"].pk)
    notes.update(notes=f"Her number is {ANN}.")
    transcript = Transcript.objects.filter(pk=bens.rows["recordings_transcript"].pk)
    transcript.update(text=f"Call {ANN}", segments=[{"text": f"Call {ANN}"}])
    hold = make_hold(call=bens.customer, name="Court 7", reason=f"She asked from {ANN}.")

    erasure = goes_on(confirmed(clock), clock)

    assert (notes.get().notes, transcript.get().text) == (f"Her number is {ANN}.", f"Call {ANN}")
    hold.refresh_from_db()
    assert ANN in hold.reason
    assert states(erasure, Thing.MENTION) == [ItemState.HELD] * 3
    assert all("Court 7" in why for why in erasure.items.values_list("why", flat=True))
    lift(hold)
    goes_on(erasure, clock)
    assert erasure.state == ErasureState.DONE
    assert texts_with(ANN) == set()


def test_twilio_keeps_a_text_as_long_as_a_hold_keeps_ours(account, clock):
    queue = make_queue()
    thread = make_thread(number=ANN)
    Thread.objects.filter(pk=thread.pk).update(queue=queue)
    received = make_received(thread)
    account.message(received.sid, sender=ANN, to=OURS)
    hold = make_hold(queue=queue, name="Court 7")

    erasure = goes_on(confirmed(clock), clock)

    assert account.sids == {received.sid}
    assert states(erasure, Thing.TEXT) == states(erasure, Thing.TWILIO_MESSAGE) == [ItemState.HELD]
    lift(hold)
    goes_on(erasure, clock)
    assert (erasure.state, account.sids) == (ErasureState.DONE, set())


def test_what_was_held_for_a_year_is_asked_for_as_long_as_anything_else_once_it_may_go(account, clock):
    account.call("CA1", caller=ANN)
    hold = make_hold(caller=ANN)
    erasure = goes_on(confirmed(clock), clock)
    clock(timedelta(days=365))
    account.refuses("CA1", BUSY, BUSY, BUSY)

    lift(hold)
    goes_on(erasure, clock, days=2)

    assert (erasure.state, account.sids) == (ErasureState.DONE, set())
    assert states(erasure, Thing.TWILIO_CALL) == [ItemState.CHECKED]


def test_a_call_that_goes_on_waits_for_its_end(account, clock):
    live = make_call(from_number=ANN, status="in-progress")

    erasure = goes_on(confirmed(clock), clock)
    assert erasure.items.get(kind=Thing.CALL).why == "The call goes on."
    Call.objects.filter(pk=live.pk).update(status="completed")
    goes_on(erasure, clock)

    assert erasure.state == ErasureState.DONE


def test_an_email_that_is_being_sent_is_waited_for(account, clock):
    missed = people.missed()
    MissedCall.objects.filter(pk=missed.pk).update(telling_until=clock(timedelta(0)) + timedelta(minutes=2))

    erasure = confirmed(clock)
    tasks.sweep()
    assert "e-mail" in erasure.items.get(kind=Thing.CALL).why
    goes_on(erasure, clock)

    assert erasure.state == ErasureState.DONE


def test_who_waits_to_be_called_back_is_not_called_any_more(account, clock):
    people.wants_callback(state="waiting")

    goes_on(confirmed(clock), clock)

    assert not Callback.objects.exists()
