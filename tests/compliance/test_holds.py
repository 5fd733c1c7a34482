from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Func, UUIDField

from calls.models import Call, CallEvent
from compliance import holds
from compliance.models import Hold, Scope
from conferences.models import Conference, Participant
from contacts import actions as contacts
from contacts.actions.forgetting import forget
from contacts.models import Change, Contact, ContactNumber
from messaging.models import Message
from queues.models import Callback
from recordings.models import Recording
from telephony.models import Delivery
from tests.agents.factories import agent
from tests.calls.factories import AT, make_call
from tests.compliance.keepers import (
    CALLER,
    OURS,
    Conversation,
    conversation,
    delete_by_sql,
    lift,
    make_hold,
    make_queue,
)
from tests.contacts.factories import contact as make_contact
from tests.dialing.factories import attempt
from tests.messaging.factories import make_message, make_received, make_sender, make_thread
from tests.outbound.factories import make_order

pytestmark = pytest.mark.django_db

BOUND = (
    "calls_call",
    "calls_callevent",
    "compliance_consent",
    "compliance_scope",
    "conferences_conference",
    "conferences_participant",
    "ivr_visit",
    "queues_callback",
    "queues_entry",
    "queues_handling",
    "recordings_copy",
    "recordings_recorder",
    "recordings_recording",
    "recordings_transcript",
    "recordings_voicemail",
    "telephony_delivery",
)


def held_by(call: Call) -> list[Hold]:
    return holds.covering(call.pk)


@pytest.mark.parametrize("table", BOUND)
def test_what_is_held_is_not_deleted_by_plain_sql_either(table):
    row, hold = conversation().ids()[table], make_hold()

    with pytest.raises(IntegrityError, match=hold.name) as refused, transaction.atomic():
        delete_by_sql(table, row)

    assert holds.holding(refused.value) == hold


def dialed(table: str, number: str = CALLER):
    """Give somebody who was not called, or was to be called, at AT."""
    if table == "dialing_attempt":
        return attempt(number, at=AT, rule="hours").pk
    return make_order(number=number, made_at=AT, agent=agent()).pk


@pytest.mark.parametrize("table", ["dialing_attempt", "outbound_order"])
def test_who_was_to_be_called_is_held_by_the_number_though_there_is_no_call(table):
    row, other, hold = dialed(table), dialed(table, "+14155550999"), make_hold()

    with pytest.raises(IntegrityError, match=hold.name) as refused, transaction.atomic():
        delete_by_sql(table, row)

    assert holds.holding(refused.value) == hold
    assert delete_by_sql(table, other) == 1
    with pytest.raises(IntegrityError, match=hold.name), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET number = '+14155550000' WHERE id = %s", [row])
    with pytest.raises(IntegrityError, match="legal hold"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {table} CASCADE")
    lift(hold)
    assert delete_by_sql(table, row) == 1


@pytest.mark.parametrize(
    "criteria",
    [{"until": AT}, {"caller": CALLER, "since": AT + timedelta(seconds=1)}, {"number": OURS}],
)
def test_who_was_to_be_called_is_not_held_by_what_does_not_apply(criteria):
    make_hold(**criteria)

    assert delete_by_sql("dialing_attempt", dialed("dialing_attempt")) == 1


@pytest.mark.parametrize("table", BOUND)
def test_no_table_that_a_hold_binds_is_truncated_while_one_is_active(table):
    make_hold(caller="+14155550999")

    with pytest.raises(IntegrityError, match="legal hold"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {table} CASCADE")


def test_every_table_of_the_conversation_is_bound():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'hold_binds'")
        bound = {row[0] for row in cursor.fetchall()}

    assert bound >= set(BOUND)
    assert set(conversation().ids()) == set(BOUND)


def test_after_the_hold_is_lifted_its_rows_can_go():
    row, hold = conversation().ids()["telephony_delivery"], make_hold()
    lift(hold)

    assert delete_by_sql("telephony_delivery", row) == 1


@pytest.mark.parametrize(
    "criteria",
    [
        {"caller": CALLER},
        {"number": OURS},
        {"since": AT},
        {"until": AT + timedelta(seconds=1)},
        {"caller": CALLER, "number": OURS, "since": AT, "until": AT + timedelta(hours=1)},
    ],
)
def test_a_hold_covers_the_calls_to_which_all_that_it_names_applies(criteria):
    talk, hold = conversation(), make_hold(**criteria)

    assert held_by(talk.customer) == [hold]


@pytest.mark.parametrize(
    "criteria",
    [
        {"caller": "+14155550999"},
        {"number": "+15005550999"},
        {"since": AT + timedelta(seconds=1)},
        {"until": AT},
        {"caller": CALLER, "number": "+15005550999"},
        {"caller": CALLER, "until": AT},
    ],
)
def test_a_hold_does_not_cover_a_call_to_which_something_does_not_apply(criteria):
    talk = conversation()
    make_hold(**criteria)

    assert held_by(talk.customer) == []


def test_a_hold_of_a_queue_covers_every_call_that_was_ever_in_it():
    sales, support = make_queue(), make_queue()
    talk = conversation(queue=sales)
    Scope.objects.filter(call=talk.customer).update(queue=support, queues=[sales.pk, support.pk])
    hold = make_hold(queue=sales)
    make_hold(queue=make_queue())

    assert held_by(talk.customer) == [hold]


def test_a_hold_of_a_call_covers_the_whole_conversation_from_each_of_its_ends():
    talk, other = conversation(), conversation(after=60)
    dialed = make_call(parent=talk.customer, direction="outbound-dial")
    hold = make_hold(call=talk.leg)

    assert [held_by(call) for call in (talk.customer, talk.leg, dialed)] == [[hold]] * 3
    assert held_by(other.customer) == []


def test_a_hold_of_somebody_who_was_asked_in_covers_the_conversation_of_the_customer():
    talk = conversation(caller="+14155550999")
    asked_in = make_call(from_number=OURS, to_number=CALLER, direction="outbound-api")
    Participant.objects.create(
        conference=talk.rows["conferences_conference"], role="target", endpoint="phone", address=CALLER, call=asked_in,
        state="left", wanted_at=AT,
    )  # fmt: skip
    hold = make_hold(caller=CALLER)

    assert held_by(talk.customer) == [hold]


def test_the_caller_is_known_by_the_scope_where_the_ends_of_the_call_say_nothing():
    talk = conversation()
    Call.objects.filter(pk=talk.customer.pk).update(from_number="")
    hold = make_hold(caller=CALLER)

    assert held_by(talk.customer) == [hold]


def test_a_callback_is_held_by_its_number_where_the_call_is_not_known():
    talk = conversation()
    callback = Callback.objects.get(pk=talk.rows["queues_callback"].pk)
    Callback.objects.filter(pk=callback.pk).update(call=None)
    make_hold()

    with pytest.raises(IntegrityError, match="legal hold"), transaction.atomic():
        callback.delete()

    held = Callback.objects.annotate(
        hold=Func("call", "number", "queue", "asked_at", function="compliance_held_callback", output_field=UUIDField())
    )
    assert held.exclude(hold=None).get() == callback


def losses(talk: Conversation):
    calls = Call.objects.filter(pk=talk.customer.pk)
    recordings = Recording.objects.filter(call=talk.customer)
    rooms = Conference.objects.filter(customer=talk.customer)
    beside = Participant.objects.filter(call=talk.leg)
    scopes = Scope.objects.filter(call=talk.customer)
    events = CallEvent.objects.filter(call=talk.customer)
    return {
        "the caller's number is wiped": lambda: calls.update(from_number=""),
        "the number becomes another": lambda: calls.update(from_number="+14155550000"),
        "a recording is marked as deleted": lambda: recordings.update(state="deleted"),
        "a recording is taken off its call": lambda: recordings.update(call=None),
        "a transcript is emptied": lambda: recordings.get().transcripts.update(text=""),
        "the room forgets its customer": lambda: rooms.update(customer=None),
        "a leg is taken out of the room": lambda: beside.update(call=None),
        "somebody's address is wiped": lambda: beside.update(address=""),
        "the scope forgets the caller": lambda: scopes.update(caller=""),
        "the history is changed": lambda: events.update(data={}),
        "the callback forgets the number": lambda: Callback.objects.filter(call=talk.customer).update(number=""),
    }


@pytest.mark.parametrize("what", list(losses(Conversation(Call(), Call(), {}))))
def test_no_update_takes_away_what_is_held(what):
    talk = conversation()
    make_hold()

    with pytest.raises(IntegrityError, match="legal hold"), transaction.atomic():
        losses(talk)[what]()


def test_an_ordinary_change_of_a_held_row_goes_on():
    talk = conversation()
    make_hold()

    Call.objects.filter(pk=talk.customer.pk).update(status="completed", seconds=12)
    Recording.objects.filter(call=talk.customer).update(state="absent")

    assert talk.rows["recordings_voicemail"].delete()[0] == 1, "of what has no sound nothing is lost"


def test_what_was_deleted_before_the_hold_was_placed_goes_to_its_end():
    talk = conversation()
    Recording.objects.filter(call=talk.customer).update(state="deleted")
    make_hold()

    talk.rows["recordings_transcript"].delete()

    assert talk.rows["recordings_recording"].transcripts.count() == 0


def test_the_refusal_becomes_a_sentence_and_undoes_all_that_was_done_with_it():
    talk, hold = conversation(), make_hold()
    other = Delivery.objects.create(identity="other", path="/", received_at=AT)

    def delete_both():
        with holds.refusing():
            other.delete()
            talk.rows["telephony_delivery"].delete()

    with pytest.raises(holds.Held, match=hold.name) as held:
        delete_both()

    assert held.value.hold == hold
    assert Delivery.objects.count() == 2


def test_another_refusal_of_the_database_stays_what_it_is():
    with pytest.raises(IntegrityError, match="one_line_of_this"), holds.refusing(), connection.cursor() as cursor:
        cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'one_line_of_this' USING ERRCODE = 'unique_violation'; END $$")


@pytest.mark.parametrize(
    "change",
    [{"caller": "+14155550999"}, {"until": AT}, {"number": "+15005550199"}],
)
def test_what_a_hold_covers_never_changes(change):
    hold = make_hold()

    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Hold.objects.filter(pk=hold.pk).update(**change)


def test_an_active_hold_is_not_deleted_and_a_lifted_one_does_not_come_back():
    hold = make_hold()

    with pytest.raises(IntegrityError, match="is lifted, not deleted"), transaction.atomic():
        hold.delete()
    lift(hold)
    with pytest.raises(IntegrityError, match="was lifted"), transaction.atomic():
        Hold.objects.filter(pk=hold.pk).update(lifted_at=None)


def test_a_lifted_hold_outlives_its_call_and_may_forget_the_number():
    talk = conversation()
    hold = make_hold(call=talk.leg, caller=CALLER)
    lift(hold)

    Call.objects.filter(pk=talk.leg.pk).delete()
    Hold.objects.filter(pk=hold.pk).update(caller="")

    hold.refresh_from_db()
    assert hold.call is None


def test_calls_and_recordings_under_a_hold_are_counted():
    conversation()
    conversation(after=60)
    conversation(caller="+14155550999")
    hold = make_hold()

    assert holds.covered(hold.pk) == holds.Covered(calls=4, recordings=2, texts=0)


@pytest.mark.parametrize(
    "criteria", [{"number": OURS}, {"since": AT, "until": AT + timedelta(minutes=1)}, {"caller": CALLER, "since": AT}]
)
def test_the_count_agrees_with_what_is_held_whichever_way_it_is_found(criteria):
    talks = [conversation(), conversation(caller="+14155550999", ours="+15005550199", after=120)]
    hold = make_hold(**criteria)

    held = [call for talk in talks for call in (talk.customer, talk.leg) if held_by(call)]

    assert holds.covered(hold.pk).calls == len(held) == 2


@pytest.mark.parametrize(
    ("criteria", "texts"),
    [
        ({"caller": CALLER}, 3),
        ({"number": OURS}, 3),
        ({"caller": CALLER, "since": AT, "until": AT + timedelta(minutes=1)}, 2),
        ({"caller": "+14155550999"}, 1),
        ({"call": True}, 1),
    ],
)
def test_texts_under_a_hold_are_counted_as_the_database_keeps_them(criteria, texts):
    talk, ours = conversation(), make_sender(OURS)
    thread = make_thread(ours, CALLER)
    make_received(thread)
    make_message(thread, call=talk.customer)
    make_message(thread, at=AT + timedelta(hours=1))
    make_received(make_thread(make_sender("+15005550199"), "+14155550999"))
    hold = make_hold(**(criteria | ({"call": talk.leg, "caller": ""} if "call" in criteria else {})))

    asked = ("call", "thread__number", "thread__sender__number", "thread__queue", "at")
    kept = Message.objects.annotate(is_free=holds.TextIsFree(*asked)).filter(is_free=False)

    assert holds.covered(hold.pk).texts == kept.count() == texts


def test_calls_that_are_held_can_be_left_out_of_a_query():
    kept, free = conversation(), conversation(caller="+14155550999", ours="+15005550199")
    make_hold()

    left = Call.objects.annotate(hold=holds.HeldBy("id")).filter(hold=None)

    assert set(left) == {free.customer, free.leg}
    assert holds.conversation(kept.leg.pk) == {kept.customer.pk, kept.leg.pk}


def losses_of(contact):
    numbers = ContactNumber.objects.filter(contact=contact)
    other = "+14155550777"
    return {
        "the contact is deleted": lambda: contacts.delete(contact.pk, at=AT),
        "its number is deleted": lambda: numbers.filter(number=CALLER).delete(),
        "its number becomes another": lambda: numbers.filter(number=CALLER).update(number=other),
        "it is merged into another": lambda: contacts.merge(make_contact("B", other).pk, contact.pk, by=None, at=AT),
        "an erasure takes it": lambda: forget(contact.pk, CALLER, by=None, at=AT),
    }


@pytest.mark.parametrize("what", list(losses_of(Contact())))
@pytest.mark.parametrize("of", ["the person", "one of their calls"])
def test_the_contact_of_a_held_number_stays(what, of):
    contact = make_contact("Caller 1", CALLER, "+14155550888")
    hold = make_hold() if of == "the person" else make_hold(call=conversation().customer)

    with pytest.raises(holds.Held) as held, holds.refusing():
        losses_of(contact)[what]()

    assert held.value.hold == hold
    assert sorted(contact.numbers.values_list("number", flat=True)) == [CALLER, "+14155550888"]
    assert not Change.objects.exists()


def test_a_contact_without_a_held_number_goes_and_one_with_it_still_changes():
    held, free = make_contact("Caller 1", CALLER, "+14155550888"), make_contact("Caller 2", "+14155550999")
    make_hold()

    contacts.delete(free.pk, at=AT)
    ContactNumber.objects.filter(number="+14155550888").delete()
    ContactNumber.objects.filter(number=CALLER).update(label="home")

    assert Contact.objects.get() == held
    assert held.numbers.get().label == "home"


def test_after_the_hold_is_lifted_its_contact_can_go():
    contact = make_contact("Caller 1", CALLER)
    lift(make_hold())

    contacts.delete(contact.pk, at=AT)

    assert not Contact.objects.exists()
