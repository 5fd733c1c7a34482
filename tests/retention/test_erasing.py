"""A person is erased: everywhere, in any order of troubles, and with a paper that says what remains."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection

from calls.models import Call, CallEvent, EventKind
from calls.signals import call_ended
from compliance.models import AccessEntry, Consent, Hold
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
from queues.models import Callback, Handling
from recordings.indexing import vector
from recordings.models import MissedCall, Recording, Transcript
from retention import certificate, tasks
from retention.actions import erasures, items
from retention.models import Erasure, ErasureItem
from retention.places import OBJECTION
from retention.states import ErasureState, ItemState
from retention.things import Thing
from retention.traces import pattern
from telephony import client
from telephony.models import Delivery as TwilioRequest
from tests.agents.factories import agent, user
from tests.calls.factories import AT, make_call
from tests.compliance.keepers import lift, make_hold, make_queue
from tests.contacts.factories import contact
from tests.crm.factories import make_subscription
from tests.crm.receiver import receiving
from tests.dialing.factories import attempt
from tests.messaging.factories import make_media, make_received, make_thread
from tests.outbound.factories import make_order
from tests.retention import people
from tests.retention.account import BROKEN, BUSY, TOO_MANY, Account, Silent
from tests.retention.people import ANN, BEN, OURS
from tests.scenarios import flows
from tests.telephony.adapter import reached

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], datetime]:
    """Give what moves the time on."""
    now = [AT + timedelta(days=1)]
    monkeypatch.setattr("django.utils.timezone.now", lambda: now[0])

    def wait(so_long: timedelta) -> datetime:
        now[0] += so_long
        return now[0]

    return wait


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch, clock) -> Iterator[Account]:
    monkeypatch.setattr(client, "PAUSES", (0.0,))
    account = Account()
    with reached(account, Silent):
        yield account


def asked(clock, number: str = ANN) -> Erasure:
    """Ask for an erasure and let it be looked at."""
    erasure = erasures.ask(number, reason="File 12", by=user(), address=None, at=clock(timedelta(0)))
    tasks.sweep()
    erasure.refresh_from_db()
    return erasure


def confirmed(clock, number: str = ANN) -> Erasure:
    erasure = asked(clock, number)
    erasures.confirm(erasure, typed=number, by=user(), address=None, at=clock(timedelta(0)))
    return erasure


def goes_on(erasure: Erasure, clock, *, days: float = 0.5, each: timedelta = timedelta(minutes=30)) -> Erasure:
    """Let so much time pass, with the sweep of each minute, or what of it can have an effect."""
    for _ in range(int(timedelta(days=days) / each)):
        tasks.sweep()
        erasure.refresh_from_db()
        if erasure.state == ErasureState.DONE:
            break
        clock(each)
    return erasure


def texts_with(number: str) -> set[str]:
    """Name all columns of the database in which the number stands, in any spelling."""
    found = set()
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            for field in model._meta.concrete_fields:
                cursor.execute(
                    f'SELECT count(*) FROM {model._meta.db_table} WHERE "{field.column}"::text ~ %s', [pattern(number)]
                )
                if cursor.fetchone()[0]:
                    found.add(f"{model._meta.label}.{field.name}")
    return found


def states(erasure: Erasure, kind: Thing) -> list[str]:
    return sorted(erasure.items.filter(kind=kind).values_list("state", flat=True))


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


def test_before_somebody_has_seen_what_was_found_and_typed_the_number_nothing_goes(account, clock):
    people.customer(account)
    before = account.sids

    erasure = asked(clock)
    goes_on(erasure, clock)

    assert erasure.state == ErasureState.FOUND
    assert {kind: erasure.items.filter(kind=kind).count() for kind in (Thing.CALL, Thing.RECORDING)} == {
        Thing.CALL: 1,
        Thing.RECORDING: 1,
    }
    assert account.sids == before
    with pytest.raises(erasures.OtherNumber):
        erasures.confirm(erasure, typed=BEN, by=user(), address=None, at=AT)
    assert Recording.objects.kept().count() == 1


@pytest.mark.parametrize("typed", ["+1 (415) 555-0123", "415 555 0123", "0014155550123"[2:]])
def test_the_number_is_known_in_any_spelling(account, clock, typed):
    people.customer(account)

    erasure = asked(clock, typed)

    assert states(erasure, Thing.CALL) == ["found"]
    with pytest.raises(erasures.AlreadyAsked):
        erasures.ask(ANN, reason="again", by=user(), address=None, at=AT)


@pytest.mark.parametrize("typed", ["", "anonymous", "Ann", "client:ann", "12"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(erasures.NoNumber):
        erasures.ask(typed, reason="-", by=user(), address=None, at=AT)


def test_an_erasure_that_was_dropped_erases_nothing_and_forgets_the_number(account, clock):
    people.customer(account)
    erasure = asked(clock)

    erasures.drop(erasure, by=user(), address=None, at=AT)
    goes_on(erasure, clock)

    erasure.refresh_from_db()
    assert (erasure.state, erasure.number, erasure.items.count()) == (ErasureState.DROPPED, "", 0)
    assert Recording.objects.kept().count() == 1
    with pytest.raises(erasures.NotNow):
        erasures.confirm(erasure, typed=ANN, by=user(), address=None, at=AT)


# ---- in the conversations of others


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
        sending.send_due(seconds=2)
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


def test_a_contact_without_a_number_cannot_be_looked_for(account, clock):
    made = contacts.create(Details(name="Caller 1"), how=How.SAID, at=AT)

    with pytest.raises(erasures.NoNumber):
        erasures.ask_for_contact(made.pk, reason="x", by=user(), address=None, at=AT)


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


# ---- what may not go yet


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


# ---- Twilio refuses


@pytest.mark.parametrize("answer", [BUSY, TOO_MANY, BROKEN, Silent])
def test_what_twilio_refuses_is_asked_for_again_until_it_goes(account, clock, answer):
    anns = people.customer(account)
    recording = anns.rows["recordings_recording"]
    account.refuses(anns.customer.sid, *[answer] * 3)
    account.refuses(recording.sid, *[answer] * 3)

    erasure = confirmed(clock)
    tasks.sweep()
    refused = erasure.items.get(kind=Thing.TWILIO_CALL, key=anns.customer.sid)
    assert (refused.state, refused.retry_at > clock(timedelta(0))) == (ItemState.REFUSED, True)
    assert refused.why.startswith("Twilio: ")
    goes_on(erasure, clock)

    assert erasure.state == ErasureState.DONE
    assert account.sids == set()
    assert account.refusals[anns.customer.sid] == account.refusals[recording.sid] == []
    assert account.deleted.count(anns.customer.sid) == account.deleted.count(recording.sid) == 1


def test_while_the_storage_cannot_be_asked_the_recording_waits_and_all_else_goes(account, clock, settings):
    people.customer(account)
    people.wants_callback()
    kept = settings.STORAGES
    settings.STORAGES = kept | {"default": kept["default"] | {"BACKEND": "tests.retention.storages.Away"}}

    erasure = goes_on(confirmed(clock), clock)

    assert erasure.state == ErasureState.WORKING
    assert "our storage does not do its part" in erasure.items.get(kind=Thing.RECORDING).why
    assert "still to be seen" in erasure.items.get(kind=Thing.CALL).why
    assert states(erasure, Thing.CALLBACK) == [ItemState.DONE] * 2
    settings.STORAGES = kept
    clock(timedelta(days=20))
    goes_on(erasure, clock)
    assert erasure.state == ErasureState.DONE


def test_what_twilio_refuses_for_longer_than_it_may_stays_and_the_paper_names_it(account, clock):
    account.call("CA1", caller=ANN)
    account.refuses("CA1", *[BUSY] * 1000)

    erasure = confirmed(clock)
    goes_on(erasure, clock, days=14, each=timedelta(hours=6))
    assert erasure.state == ErasureState.WORKING
    goes_on(erasure, clock, days=3, each=timedelta(hours=6))

    assert erasure.state == ErasureState.DONE
    (kept,) = erasure.certificate["things"][0]["kept"]
    assert (kept["number"], "20009" in kept["why"]) == (1, True)
    assert kept["why"] in {one["why"] for one in erasure.certificate["remains"]}


def test_while_twilio_cannot_be_asked_what_it_keeps_the_erasure_says_so_and_looks_later(account, clock):
    people.customer(account)
    erasure = erasures.ask(ANN, reason="File 12", by=user(), address=None, at=clock(timedelta(0)))

    def away(*_args):
        raise Silent

    kept, account.rest = account.rest, away
    tasks.sweep()
    erasure.refresh_from_db()
    assert (erasure.state, "Twilio" in erasure.trouble, erasure.leased_until) == (ErasureState.LOOKING, True, None)
    account.rest = kept
    goes_on(erasure, clock, days=0.1)

    assert (erasure.state, erasure.trouble) == (ErasureState.FOUND, "")


# ---- killed, and found again


def test_who_is_killed_after_any_item_is_followed_by_one_that_goes_on(account, clock, monkeypatch):
    people.customer(account)
    people.wants_callback()
    account.message("SM1", sender=ANN)
    erasure = confirmed(clock)
    total = erasure.items.count()
    done = [0]

    class Killed(BaseException):
        pass

    real = items.note_done

    def killed_before_the_note(*args, **kwargs):
        done[0] += 1
        if done[0] % 2:
            raise Killed
        real(*args, **kwargs)

    monkeypatch.setattr(items, "note_done", killed_before_the_note)
    kills = 0
    for _ in range(100):
        try:
            tasks.sweep()
        except Killed:
            kills += 1
        erasure.refresh_from_db()
        if erasure.state == ErasureState.DONE:
            break
        clock(erasures.LEASE)

    assert erasure.state == ErasureState.DONE
    assert kills >= 3
    assert erasure.items.count() >= total
    assert len(account.deleted) == len(set(account.deleted)), "nothing was deleted twice"
    assert texts_with(ANN) == set()


def test_what_came_meanwhile_is_found_by_the_last_look(account, clock):
    people.customer(account)
    erasure = confirmed(clock)
    tasks.sweep()
    erasure.refresh_from_db()
    assert erasure.state == ErasureState.CHECKING

    late = people.customer(account, after=999)
    goes_on(erasure, clock)

    assert erasure.state == ErasureState.DONE
    assert erasure.looks == 3
    assert not Call.objects.filter(pk=late.customer.pk).exists()
    assert account.sids == set()


def test_what_was_thought_gone_and_is_there_again_is_deleted_again(account, clock):
    account.message("SM1", sender=ANN)
    account.call("CA1", caller=ANN)
    erasure = confirmed(clock)
    tasks.sweep()
    assert states(erasure, Thing.TWILIO_MESSAGE) == ["done"]

    account.message("SM1", sender=ANN)
    account.call("CA1", caller=ANN)
    goes_on(erasure, clock)

    assert account.sids == set()
    assert account.deleted == ["CA1", "SM1", "CA1", "SM1"]
    assert set(erasure.items.values_list("state", flat=True)) == {ItemState.CHECKED}


def test_a_second_worker_leaves_an_erasure_alone_that_one_has(account, clock):
    erasure = asked(clock)
    erasures.confirm(erasure, typed=ANN, by=user(), address=None, at=clock(timedelta(0)))
    first = erasures.claim(erasure.pk, at=clock(timedelta(0)))

    assert erasures.claim(erasure.pk, at=clock(timedelta(0))) is None
    assert erasures.claim(erasure.pk, at=clock(erasures.LEASE)) is not None
    assert not erasures.renew(first, at=clock(timedelta(0)))


# ---- the paper


def test_the_certificate_says_what_went_how_it_was_checked_and_what_remains(account, clock):
    people.customer(account)
    people.missed()
    account.message("SM1", sender=ANN)

    erasure = goes_on(confirmed(clock), clock)

    paper = erasure.certificate
    things = {thing["kind"]: thing for thing in paper["things"]}
    assert things["call"]["found"] == things["call"]["erased"] == things["call"]["checked"] == 2
    assert things["call"]["went"]["compliance.Consent"] == 1
    assert things["recording"]["went"] == {
        "recordings.Copy": 1,
        "recordings.Transcript": 1,
        "recordings.Voicemail": 1,
    }
    remains = {one["what"]: one["until"] for one in paper["remains"]}
    metadata = next(until for what, until in remains.items() if "description of the deleted recordings" in what)
    assert metadata == (AT + timedelta(days=41)).date().isoformat()
    assert "E-mails that had been sent about messages and calls: 1" in remains
    assert any("log of messages" in what for what in remains)


def test_the_certificate_names_the_person_only_to_who_has_the_number(account, clock):
    people.customer(account)

    erasure = goes_on(confirmed(clock), clock)

    text = certificate.canonical(erasure.certificate)
    assert not re.search(pattern(ANN), text)
    person = erasure.certificate["person"]
    assert person["number"] == "+1415****123"
    assert person["hash"] == erasures.digest_of(ANN, person["salt"]) != erasures.digest_of(BEN, person["salt"])
    assert (erasure.number, erasure.masked) == ("", "+1415****123")


def test_the_seal_is_in_the_log_of_access_with_each_step(account, clock):
    erasure = goes_on(confirmed(clock), clock)

    assert erasure.sha256 == certificate.seal(erasure.certificate)
    told = [entry.detail for entry in AccessEntry.objects.filter(action="erased").order_by("id")]
    assert [one["what"] for one in told] == ["asked for", "confirmed", "done"]
    assert told[-1]["sha256"] == erasure.sha256


def test_an_erasure_of_somebody_who_is_not_known_ends_with_a_paper_too(account, clock):
    erasure = goes_on(confirmed(clock), clock)

    assert erasure.state == ErasureState.DONE
    assert erasure.certificate["things"] == []
    assert not ErasureItem.objects.exists()


def test_a_reason_with_the_number_is_kept_without_it(account, clock):
    erasure = erasures.ask(ANN, reason=f"asked by {ANN}", by=user(), address=None, at=AT)

    assert erasure.reason == "asked by +1415****123"


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
