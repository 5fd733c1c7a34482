"""A text of ours: wanted, asked for once, and what becomes of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from calls.models import CallEvent, EventKind
from contacts import optouts
from contacts.actions import opt_out
from contacts.states import Channel, How
from messaging.actions import NotSent, send, sending
from messaging.models import LineType, Message
from messaging.signals import message_changed
from messaging.states import Rule, State, Why
from tests.calls.factories import AT, make_call
from tests.messaging.factories import OURS, THEIRS, make_message, make_sender, make_thread
from tests.queues.factories import make_queue

pytestmark = pytest.mark.django_db
SOON = AT + timedelta(minutes=1)


def wanted(**fields) -> Message:
    return send(**({"to": THEIRS, "body": "Your parcel is here.", "why": Why.AGENT, "at": AT} | fields))


def not_sent(**fields) -> NotSent:
    with pytest.raises(NotSent) as told:
        wanted(**fields)
    return told.value


def claimed(message: Message) -> Message:
    found = sending.claim(message.pk, at=AT)
    assert found is not None
    return found


def test_a_text_is_a_row_before_anybody_is_asked():
    sender = make_sender(is_default=True)
    message = wanted()

    assert (message.state, message.thread.sender, message.thread.number) == (State.WANTED, sender, THEIRS)
    assert (message.segments, message.country, message.thread.last_at) == (1, "US", AT)


def test_whoever_waited_for_an_answer_has_it():
    thread = make_thread(waits_since=AT, unread=2)
    wanted()

    thread.refresh_from_db()
    assert (thread.waits_since, thread.unread) == (None, 0)


def test_a_text_sent_by_itself_answers_nobody():
    thread = make_thread(waits_since=AT, unread=2)
    wanted(why=Why.FLOW, language="de-DE")

    thread.refresh_from_db()
    assert (thread.waits_since, thread.unread, thread.language) == (AT, 2, "de-DE")


def test_it_goes_from_the_queues_number_else_the_called_one_else_the_last_else_the_standard():
    queue = make_queue("Sales")
    standard = make_sender(is_default=True)
    assert wanted().thread.sender == standard
    last = make_thread(make_sender("+15005550101"), last_at=AT + timedelta(days=1)).sender
    assert wanted().thread.sender == last
    called = make_sender("+15005550102")
    assert wanted(call=make_call(to_number="+15005550102")).thread.sender == called
    of_queue = make_sender("+15005550103", queue=queue)
    message = wanted(call=make_call(to_number="+15005550102"), queue=queue)
    assert (message.thread.sender, message.thread.queue) == (of_queue, queue)
    assert wanted(sender=standard, queue=queue).thread.sender == standard


@pytest.mark.parametrize("body", ["", "  \n"])
def test_there_must_be_something_in_it(body):
    make_sender(is_default=True)

    assert not_sent(body=body).rule is Rule.EMPTY
    assert wanted(body=body, media=["https://example.com/map.png"]).media_urls == ["https://example.com/map.png"]


def test_it_may_not_be_too_long():
    make_sender(is_default=True)
    told = not_sent(body="x" * 1601)

    assert (told.rule, told.message, Message.objects.count()) == (Rule.TOO_LONG, None, 0)


@pytest.mark.parametrize("to", ["anonymous", "", "client:ann", "+266696687", "12345"])
def test_nobody_is_texted_who_has_no_number_and_a_row_says_so(to):
    make_sender(is_default=True)
    call = make_call(from_number=to)
    told = not_sent(to=to, call=call)

    assert told.rule is Rule.NO_NUMBER
    assert (told.message.thread, told.message.state) == (None, State.NOT_SENT)
    assert CallEvent.objects.get(call=call, kind=EventKind.TEXT).data["rule"] == "no-number"


def test_who_has_opted_out_gets_nothing():
    make_sender(is_default=True)
    opt_out(THEIRS, Channel.TEXTS, how=How.TEXT, at=AT)
    told = not_sent()

    assert told.rule is Rule.OPTED_OUT
    assert "START" in told.sentence
    assert told.message.thread.number == THEIRS


def test_who_wants_no_calls_may_get_texts():
    make_sender(is_default=True)
    opt_out(THEIRS, Channel.CALLS, how=How.SAID, at=AT)

    assert wanted().state == State.WANTED


def test_a_landline_gets_nothing_and_neither_do_we():
    make_sender(is_default=True)
    sending.note_line(THEIRS, "landline", at=AT)

    assert not_sent().rule is Rule.LANDLINE
    assert not_sent(to=OURS).rule is Rule.OUR_OWN


def test_without_a_number_of_ours_nothing_is_sent():
    told = not_sent()

    assert (told.rule, told.message.thread) == (Rule.NO_SENDER, None)


def test_only_one_worker_asks():
    make_sender(is_default=True)
    message = wanted()

    assert claimed(message).state == State.ASKING
    assert sending.claim(message.pk, at=AT) is None


def test_a_text_that_may_not_go_yet_is_not_claimed():
    make_sender(is_default=True)
    message = wanted(not_before=SOON)

    assert sending.claim(message.pk, at=AT) is None
    assert sending.claim(message.pk, at=SOON) is not None


def test_who_opts_out_before_it_goes_does_not_get_it():
    make_sender(is_default=True)
    message = wanted()
    opt_out(THEIRS, Channel.TEXTS, how=How.TEXT, at=AT)

    assert sending.claim(message.pk, at=AT) is None
    message.refresh_from_db()
    assert (message.state, message.rule) == (State.NOT_SENT, Rule.OPTED_OUT)


def test_who_was_talked_to_meanwhile_needs_no_text_in_place_of_the_call():
    make_sender(is_default=True)
    message = wanted(why=Why.FALLBACK, not_before=SOON)
    make_call(from_number=THEIRS, answered_at=AT + timedelta(seconds=30))

    assert sending.claim(message.pk, at=SOON) is None
    message.refresh_from_db()
    assert message.rule == Rule.TALKED


def test_twilio_has_it():
    make_sender(is_default=True)
    message = claimed(wanted())
    sending.note_asked(message, sid="SM1", status="queued", segments=2, at=SOON)

    message.refresh_from_db()
    assert (message.state, message.sid, message.status, message.segments) == (State.ASKED, "SM1", "queued", 2)


def test_a_lost_answer_is_never_asked_for_again():
    make_sender(is_default=True)
    message = claimed(wanted())
    sending.note_unclear(message.pk, at=AT)

    assert sending.claim(message.pk, at=AT + timedelta(days=1)) is None
    assert list(Message.objects.lost(at=AT + timedelta(minutes=2))) == [message]


def test_a_lost_answer_that_is_found_counts():
    make_sender(is_default=True)
    message = claimed(wanted())
    sending.note_unclear(message.pk, at=AT)
    sending.note_asked(message, sid="SM1", status="delivered", segments=1, at=SOON)

    message.refresh_from_db()
    assert (message.state, message.sid, message.status) == (State.ASKED, "SM1", "delivered")


def test_what_twilio_never_had_is_told_after_some_searches():
    make_sender(is_default=True)
    message = claimed(wanted())
    sending.note_unclear(message.pk, at=AT)
    for _search in range(sending.SEARCHES):
        message.refresh_from_db()
        assert message.state == State.UNCLEAR
        sending.note_not_found(message, at=SOON)

    message.refresh_from_db()
    assert (message.state, message.rule) == (State.NOT_SENT, Rule.LOST)


def test_what_twilio_certainly_has_not_taken_is_tried_again_for_a_while():
    make_sender(is_default=True)
    message, at = wanted(), AT
    pauses = []
    while (found := sending.claim(message.pk, at=at)) is not None:
        sending.note_unsent(found, at=at)
        message.refresh_from_db()
        pauses.append((message.not_before - at).total_seconds() if message.not_before else None)
        at = message.not_before or at

    assert pauses == [30, 60, 120, 240, 480, 960, 1920, None]
    assert (message.state, message.rule) == (State.NOT_SENT, Rule.LOST)


def test_the_ledger_learns_that_twilio_holds_a_stop():
    make_sender(is_default=True)
    message = claimed(wanted())
    sending.note_refused(message, code=21610, why="has texted STOP", at=SOON)

    message.refresh_from_db()
    assert (message.rule, message.error_code) == (Rule.OPTED_OUT, "21610")
    assert optouts.opted_out(THEIRS, Channel.TEXTS).how == How.TWILIO


def test_that_a_number_is_no_mobile_is_kept():
    make_sender(is_default=True)
    message = claimed(wanted())
    sending.note_refused(message, code=21614, why="no mobile", at=SOON)

    message.refresh_from_db()
    assert (message.rule, LineType.objects.get().number) == (Rule.LANDLINE, THEIRS)
    assert not_sent().rule is Rule.LANDLINE


def test_another_no_of_twilios_is_told_in_words():
    make_sender(is_default=True)
    call = make_call()
    message = claimed(wanted(call=call))
    sending.note_refused(message, code=21408, why="region", at=SOON)

    message.refresh_from_db()
    assert (message.rule, message.detail) == (
        Rule.REFUSED,
        "Texts to that country are not allowed in Twilio's settings.",
    )
    assert [event.data["what"] for event in CallEvent.objects.order_by("pk")] == ["wanted", "not-sent"]


@pytest.mark.parametrize(("why", "is_wanted"), [(Why.FALLBACK, True), (Why.FLOW, True), (Why.AGENT, False)])
def test_what_goes_by_itself_asks_first_what_kind_of_line_it_is(why, is_wanted):
    make_sender(is_default=True)
    message = wanted(why=why)

    assert sending.wants_lookup(message, at=AT) is is_wanted
    sending.note_line(THEIRS, "mobile", at=AT)
    assert not sending.wants_lookup(message, at=AT)
    assert sending.wants_lookup(message, at=AT + sending.KEPT_FOR) is is_wanted


def test_what_kind_of_line_nobody_knows_gets_nothing_by_itself():
    make_sender(is_default=True)
    message = wanted(why=Why.FALLBACK)
    for _try in range(sending.TRIES):
        sending.note_no_lookup(message, at=AT)

    message.refresh_from_db()
    assert (message.state, message.rule) == (State.NOT_SENT, Rule.NO_LOOKUP)


def test_late_words_change_nothing():
    message = make_message(status="delivered")
    for late in (
        lambda: sending.note_refused(message, code=30005, why="", at=SOON),
        lambda: sending.note_unclear(message.pk, at=SOON),
        lambda: sending.note_unsent(message, at=SOON),
        lambda: sending.note_not_found(message, at=SOON),
        lambda: sending.note_asked(message, sid="SMother", status="queued", segments=9, at=SOON),
    ):
        late()

    fresh = Message.objects.get()
    assert (fresh.state, fresh.status, fresh.sid, fresh.segments) == (State.ASKED, "delivered", message.sid, 1)


def test_the_packages_above_are_told():
    make_sender(is_default=True)
    told = []

    def note(message, **_):
        told.append(message.state)

    message_changed.connect(note)
    message = claimed(wanted())
    sending.note_asked(message, sid="SM1", status="queued", segments=1, at=SOON)
    message_changed.disconnect(note)

    assert told == [State.WANTED, State.ASKED]


def test_a_text_costs_so_many_statements_however_many_there_are():
    make_sender(is_default=True)
    for _text in range(3):
        wanted()
    with CaptureQueriesContext(connection) as queries:
        wanted()

    assert len(queries) <= 13
