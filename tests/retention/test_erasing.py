"""Everything of a person goes, wherever it stands, and nothing of others."""

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.files.storage import default_storage

from calls.models import Call, CallEvent, EventKind
from calls.signals import call_ended
from compliance.models import Consent
from conferences.models import Participant
from contacts import actions as contacts
from contacts.details import Details
from contacts.models import Change, Choice, Contact, OptOut
from contacts.states import Channel, How
from crm import sending
from crm.actions import numbering
from crm.actions.events import note as note_event
from crm.catalogue import TYPES
from crm.models import Delivery, Event, Try
from dialing.models import Attempt, Rate
from ivr.models import Flow, Step, Visit
from messaging import files
from messaging.models import LineType, Media, Message, Removal, Thread
from messaging.signals import message_received
from messaging.states import MediaState
from outbound.models import Order
from queues.models import Handling
from recordings.indexing import vector
from recordings.models import MissedCall, Recording, Transcript
from retention import tasks
from retention.actions import erasures
from retention.models import ErasureItem
from retention.places import OBJECTION
from retention.states import ErasureState, ItemState
from retention.things import Thing
from tests.agents.factories import agent, user
from tests.calls.factories import AT, make_call
from tests.compliance.keepers import lift, make_hold
from tests.contacts.factories import contact
from tests.crm.factories import make_subscription
from tests.crm.receiver import receiving
from tests.dialing.factories import attempt
from tests.messaging.factories import make_media, make_received, make_thread
from tests.outbound.factories import make_order
from tests.patience import PATIENCE
from tests.retention import people
from tests.retention.erasures import confirmed, goes_on, states, texts_with
from tests.retention.people import ANN, BEN, OURS
from tests.scenarios import flows

pytestmark = pytest.mark.django_db


def test_everything_of_a_person_goes_and_nothing_of_others(account, clock):
    anns, bens = people.customer(account), people.customer(account, BEN, after=60)
    file = f"recordings/2026/03/02/{anns.rows['recordings_recording'].pk}.wav"
    people.missed()
    people.wants_callback()
    people.request_about()
    account.message("SM1", sender=ANN, to=OURS)
    account.message("SM2", sender=OURS, to=BEN)

    erasure = goes_on(confirmed(clock), clock)

    assert erasure.state == ErasureState.DONE
    assert texts_with(ANN) == set()
    assert not default_storage.exists(file)
    assert account.sids == {bens.customer.sid, bens.leg.sid, bens.rows["recordings_recording"].sid, "SM2"}
    assert {anns.customer.sid, anns.leg.sid, anns.rows["recordings_recording"].sid, "SM1"} <= set(account.deleted)
    for table, key in bens.ids().items():
        model = next(model for model in apps.get_models() if model._meta.db_table == table)
        assert model.objects.filter(pk=key).exists(), f"{table} of somebody else"
    assert Call.objects.count() == 2
    assert Consent.objects.count() == 1
    assert Handling.objects.count() == 1
    assert not MissedCall.objects.exists()


def test_who_was_asked_into_a_talk_is_taken_out_of_it_with_what_was_heard_of_them(account, clock):
    bens = people.customer(account, BEN)
    leg = people.asked_in(bens)

    goes_on(confirmed(clock), clock)

    assert texts_with(ANN) == set()
    assert not Call.objects.filter(pk=leg.pk).exists()
    assert Call.objects.filter(pk=bens.customer.pk).exists()
    assert Recording.objects.get(call=bens.customer).state == "deleted", "the person is heard on it"
    told = CallEvent.objects.get(call=bens.customer, kind=EventKind.RANG)
    assert told.data == {"targets": ["+1415****123"]}


def test_who_did_not_answer_is_not_heard_on_what_was_recorded(account, clock):
    bens = people.customer(account, BEN)
    people.asked_in(bens, answered=False)
    rung = people.rung_in_vain(bens)

    goes_on(confirmed(clock), clock)

    assert texts_with(ANN) == set()
    assert Recording.objects.get(call=bens.customer).state == "stored"
    assert Participant.objects.get(pk=rung.pk).address == "+1415****123"


def test_a_number_that_others_name_is_hidden_in_what_they_said_and_wrote(account, clock):
    bens = people.customer(account, BEN)
    Handling.objects.update(notes="Ring his sister at (415) 555-0123, please")
    Visit.objects.update(position={"step": "1", "variables": {"number": "4155550123"}})
    CallEvent.objects.filter(call=bens.customer).update(data={"text": "I am at 415 555 0123"})
    Transcript.objects.update(text="at 4155550123", segments=[{"text": "at 415 555 0123", "start": 1}])
    Transcript.objects.update(search=vector("at 4155550123", "en-US"))
    assert "recordings.Transcript.search" in texts_with(ANN)
    people.announced(bens, "Connecting you to 415-555-0123")

    goes_on(confirmed(clock), clock)

    assert texts_with(ANN) == set()
    assert Handling.objects.get().notes == "Ring his sister at +1415****123, please"
    assert Visit.objects.get().position == {"step": "1", "variables": {"number": "+1415****123"}}
    assert Transcript.objects.get().segments == [{"text": "at +1415****123", "start": 1}]


def test_a_contact_goes_with_its_last_number_and_an_objection_in_force_stays(account, clock):
    known = contact("Caller 1", ANN, BEN, attributes={"note": f"Also {ANN}"}, at=AT)
    alone = contact("Caller 2", ANN, at=AT)
    contacts.change(alone.pk, Details(name="Caller 3"), how=How.SAID, at=AT)
    contacts.choose(ANN, alone.pk, by=user(), at=AT)
    kept = contacts.opt_out(ANN, Channel.CALLS, how=How.SAID, at=AT)
    contacts.opt_out(ANN, Channel.TEXTS, how=How.TEXT, at=AT)
    contacts.opt_in(ANN, Channel.TEXTS, how=How.TEXT, at=AT)

    erasure = goes_on(confirmed(clock), clock)

    assert erasure.state == ErasureState.DONE
    assert list(Contact.objects.all()) == [known]
    assert [one.number for one in known.numbers.all()] == [BEN]
    known.refresh_from_db()
    assert ANN not in known.attributes["note"]
    assert not Choice.objects.exists()
    assert not Change.objects.filter(contact=alone.pk).exists()
    assert list(OptOut.objects.all()) == [kept]
    assert texts_with(ANN) == {"contacts.OptOut.number"}
    assert [event.data["name"] for event in Event.objects.filter(contact=alone.pk)] == [""]
    paper = {section["kind"]: section for section in erasure.certificate["things"]}
    assert (paper["contact"]["erased"], paper["contact"]["checked"]) == (2, 2)
    assert paper["opt-out"]["kept"] == [{"number": 1, "why": OBJECTION}]


def test_nothing_that_programs_were_told_of_a_person_is_left_here(account, clock, settings):
    settings.OUTGOING_PRIVATE_NETWORKS = ["127.0.0.0/8"]
    anns, bens = people.customer(account), people.customer(account, BEN, after=60)
    first = contacts.create(Details(name="Ann Early", numbers=((ANN, ""),)), how=How.SAID, at=AT)
    alone = contacts.create(Details(name="Ann Late", numbers=((ANN, ""),)), how=How.SAID, at=AT)
    contacts.merge(alone.pk, first.pk, by=None, at=AT)
    message_received.send(sender=Message, message=make_received(make_thread(number=ANN), body="It is Ann"), at=AT)
    call_ended.send(sender=Call, call=anns.customer, at=AT)
    call_ended.send(sender=Call, call=bens.customer, at=AT)
    rung = {"call": TYPES["call.started"].example["call"] | {"to_number": ANN}}
    note_event("call.started", conversation=bens.customer.conversation, data=rung, at=AT)
    with receiving() as receiver:
        make_subscription(user(is_superuser=True), receiver.url)
        numbering.number(at=AT)
        receiver.answers.append((500, {"x-number": ANN}))
        sending.send_due(seconds=PATIENCE)
    assert {"crm.Event.data", "crm.Try.request_body", "crm.Try.answer_headers"} <= texts_with(ANN)
    told = Event.objects.count()

    erasure = goes_on(confirmed(clock), clock)

    assert erasure.state == ErasureState.DONE
    assert texts_with(ANN) == set()
    left = [json.dumps(event.data) for event in Event.objects.all()] + list(
        Try.objects.values_list("request_body", flat=True)
    )
    assert [text for text in left if "Ann Early" in text or "Ann Late" in text or "It is Ann" in text] == []
    assert Event.objects.filter(conversation=bens.customer.conversation).count() == 2, "of somebody else"
    assert Event.objects.count() < told
    assert set(Delivery.objects.values_list("event", flat=True)) <= set(Event.objects.values_list("pk", flat=True))
    paper = {section["kind"]: section for section in erasure.certificate["things"]}
    assert paper["event"]["erased"] == paper["event"]["checked"] >= 3
    assert paper["event"]["went"]["crm.Event"] >= 3
    assert paper["call"]["went"]["crm.Event"] >= 1


def test_a_contact_is_erased_by_all_its_numbers_and_a_hold_keeps_the_number_that_it_names(account, clock):
    known = contact("Caller 1", ANN, BEN, at=AT)
    hold = make_hold(caller=BEN)

    both, already = erasures.ask_for_contact(
        known.pk, reason="File 12", by=user(), address=None, at=clock(timedelta(0))
    )
    tasks.sweep()
    for erasure in both:
        erasure.refresh_from_db()
        erasures.confirm(erasure, typed=erasure.number, by=user(), address=None, at=clock(timedelta(0)))
    for _ in range(8):
        tasks.sweep()
        clock(timedelta(minutes=30))

    assert (len(both), already) == (2, 0)
    assert [one.number for one in known.numbers.all()] == [BEN]
    waiting = ErasureItem.objects.get(erasure=both[1], kind=Thing.CONTACT)
    assert (waiting.state, waiting.hold) == (ItemState.HELD, hold)
    assert erasures.ask_for_contact(known.pk, reason="x", by=user(), address=None, at=clock(timedelta(0)))[1] == 1

    lift(hold)
    goes_on(both[1], clock)
    assert not Contact.objects.exists()


def test_set_up_that_names_the_number_stays_and_the_paper_says_so(account, clock):
    flow = Flow.objects.create(name="Main")
    Step.objects.create(flow=flow, name="Ring", kind="ring", settings={"targets": [ANN]})
    agent(endpoints=[("phone", ANN)])

    erasure = goes_on(confirmed(clock), clock)

    assert texts_with(ANN) == {"ivr.Step.settings", "agents.Endpoint.address"}
    kept = {item.key.partition(":")[0]: item.why for item in erasure.items.filter(state=ItemState.KEPT)}
    assert set(kept) == {"ivr.Step", "agents.Endpoint"}
    assert any("set-up" in one["why"] for one in erasure.certificate["remains"])


def test_a_call_of_which_twilio_alone_knows_whose_it_was_goes_too(account, clock):
    unknown = make_call(from_number="", to_number="", status="completed")
    account.call(unknown.sid, caller=ANN)

    goes_on(confirmed(clock), clock)

    assert not Call.objects.exists()
    assert unknown.sid not in account.sids


def test_what_twilio_keeps_and_we_do_not_know_goes_with_its_recordings(account, clock):
    account.call("CA1", caller=OURS, called=ANN)
    account.recording("RE1", call_sid="CA1")

    erasure = goes_on(confirmed(clock), clock)

    assert account.sids == set()
    assert states(erasure, Thing.TWILIO_RECORDING) == ["checked"]
    assert account.deleted == ["CA1", "RE1"]


def test_texts_go_with_their_pictures_here_and_at_twilio(account, clock):
    thread = make_thread(number=ANN)
    received = make_received(thread, body=f"This is {ANN}")
    media = make_media(received)
    kept = files.store(media, b"a picture")
    Media.objects.filter(pk=media.pk).update(name=kept.name, state=MediaState.STORED)
    others = make_received(make_thread(thread.sender, BEN), body=f"She is at {ANN}")
    LineType.objects.create(number=ANN, kind="mobile", asked_at=AT)
    account.message(received.sid, sender=ANN, to=OURS)

    erasure = goes_on(confirmed(clock), clock)

    assert erasure.state == ErasureState.DONE
    assert texts_with(ANN) == set()
    assert list(Thread.objects.values_list("number", flat=True)) == [BEN]
    assert (Media.objects.count(), LineType.objects.count(), Removal.objects.count()) == (0, 0, 0)
    assert not default_storage.exists(kept.name)
    assert states(erasure, Thing.TEXT) == [ItemState.CHECKED]
    others.refresh_from_db()
    assert others.body == "She is at +1415****123"


def test_the_number_for_which_a_rate_was_to_be_asked_goes_with_whatever_is_left_of_the_attempt(account, clock):
    Rate.objects.create(country="US", kind="mobile", sample=ANN)
    called = people.customer(account)
    attempt(ANN, at=AT, call=called.customer)

    goes_on(confirmed(clock), clock)

    assert texts_with(ANN) == set()
    assert Rate.objects.get().sample == ""


def test_wishes_to_call_a_person_and_the_ledger_of_having_done_so_go(account, clock):
    flow = flows.publish("Parcels", {"Bye": flows.hang_up("Bye.")}, at=AT)
    mine = make_order(kind="flow", flow=flow, number=ANN, not_before=AT + timedelta(days=9))
    others = make_order(kind="flow", flow=flow, number=BEN, not_before=AT + timedelta(days=9))
    refused = attempt(ANN, at=AT, rule="hours")
    theirs = attempt(BEN, at=AT)

    goes_on(confirmed(clock), clock)

    assert list(Order.objects.all()) == [others]
    assert list(Attempt.objects.all()) == [theirs]
    found = ErasureItem.objects.filter(kind__in=(Thing.ORDER, Thing.ATTEMPT))
    assert set(found.values_list("kind", "key")) == {("order", str(mine.pk)), ("attempt", str(refused.pk))}
