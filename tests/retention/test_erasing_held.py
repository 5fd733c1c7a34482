"""What may not go yet waits, and says why."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from calls.models import Call
from compliance.models import Hold
from queues.models import Callback
from recordings.models import MissedCall
from retention import tasks
from retention.states import ErasureState, ItemState
from retention.things import Thing
from tests.calls.factories import make_call
from tests.compliance.keepers import lift, make_hold
from tests.retention import people
from tests.retention.erasures import confirmed, goes_on, states
from tests.retention.people import ANN

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
