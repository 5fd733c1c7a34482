"""A text in place of a call: once for a person in a period, at a decent hour, never against an opt-out."""

from datetime import timedelta

import pytest

from compliance.models import Scope
from contacts.actions import opt_out
from contacts.states import Channel, How
from dialing.models import Attempt
from dialing.states import Purpose
from messaging.actions import fall_back, falling_back
from messaging.actions.sending import note_line
from messaging.models import Message
from messaging.states import Rule, State, Why
from queues.states import EntryState
from tests.calls.factories import AT, make_call
from tests.messaging.factories import THEIRS, make_rule, make_sender
from tests.queues.factories import make_entry, make_queue

pytestmark = pytest.mark.django_db
ANYTIME = {"opens": "00:00", "closes": "00:00"}


@pytest.fixture(autouse=True)
def sender():
    return make_sender(is_default=True)


def unreached(status: str = "busy", number: str = THEIRS, ended_at=AT, **fields):
    call = make_call(
        direction="outbound-api",
        from_number="+15005550100",
        to_number=number,
        status=status,
        ended_at=ended_at,
        **fields,
    )
    Attempt.objects.create(number=number, purpose=Purpose.CLICK, at=AT, call=call)
    return call


def gave_up(queue, language: str = "", number: str = THEIRS):
    call = make_call(status="completed", from_number=number, ended_at=AT)
    make_entry(queue, call=call, state=EntryState.ABANDONED, ended_at=AT + timedelta(minutes=1))
    Scope.objects.create(call=call, number=call.to_number, direction="inbound", queue=queue, language=language)
    return call


def test_without_a_rule_nothing_is_sent():
    assert fall_back(unreached().pk, at=AT) is None
    make_rule(is_active=False)
    assert fall_back(unreached().pk, at=AT) is None
    assert Message.objects.count() == 0


def test_who_was_busy_gets_a_text():
    rule = make_rule(body="We called from {number}.", **ANYTIME)
    call = unreached()
    message = fall_back(call.pk, at=AT)

    assert (message.state, message.why, message.call, message.fallback) == (State.WANTED, Why.FALLBACK, call, rule)
    assert message.body == "We called from +1 500-555-0100."


def test_who_gave_up_waiting_gets_that_of_the_queue_and_language():
    sales, support = make_queue("Sales"), make_queue("Support")
    make_rule("All", body="Sorry.", **ANYTIME)
    make_rule("Sales", body="Sorry from {queue}.", queue=sales, **ANYTIME)
    make_rule("German", body="Entschuldigung von {queue}.", queue=sales, language="de", **ANYTIME)

    first = fall_back(gave_up(sales, "en-US", "+14155550131").pk, at=AT)
    second = fall_back(gave_up(sales, "de-DE", "+14155550132").pk, at=AT)
    third = fall_back(gave_up(support, "de-DE", "+14155550133").pk, at=AT)

    assert [one.body for one in (first, second, third)] == ["Sorry from Sales.", "Entschuldigung von Sales.", "Sorry."]
    assert (second.thread.queue, second.language) == (sales, "de-DE")


def test_what_the_rule_does_not_want_to_follow_is_followed_by_nothing():
    make_rule(after_busy=False, **ANYTIME)

    assert fall_back(unreached("busy").pk, at=AT) is None
    assert fall_back(unreached("no-answer").pk, at=AT).state == State.WANTED


def test_a_call_leads_to_one_text_whoever_looks_and_however_often():
    make_rule(**ANYTIME)
    call = unreached()
    fall_back(call.pk, at=AT)

    assert fall_back(call.pk, at=AT) is None
    assert Message.objects.count() == 1


def test_a_person_gets_one_in_a_period_and_a_row_tells_of_the_others():
    make_rule(every_hours=24, **ANYTIME)
    first = fall_back(unreached().pk, at=AT)
    second = fall_back(unreached().pk, at=AT + timedelta(hours=23))
    third = fall_back(unreached().pk, at=AT + timedelta(hours=24))

    assert (first.state, second.state, third.state) == (State.WANTED, State.NOT_SENT, State.WANTED)
    assert (second.rule, second.thread) == (Rule.ALREADY, first.thread)


def test_what_was_not_sent_does_not_count_as_sent():
    make_rule(**ANYTIME)
    entry = opt_out(THEIRS, Channel.TEXTS, how=How.TEXT, at=AT)
    refused = fall_back(unreached().pk, at=AT)
    entry.ended_at, entry.ended_how = AT, How.TEXT
    entry.save(update_fields=["ended_at", "ended_how"])

    assert (refused.state, refused.rule) == (State.NOT_SENT, Rule.OPTED_OUT)
    assert fall_back(unreached().pk, at=AT).state == State.WANTED


def test_a_landline_gets_none():
    make_rule(**ANYTIME)
    note_line(THEIRS, "landline", at=AT)

    assert fall_back(unreached().pk, at=AT).rule == Rule.LANDLINE


def test_who_withholds_the_number_gets_none():
    make_rule(**ANYTIME)
    message = fall_back(gave_up(make_queue(), number="anonymous").pk, at=AT)

    assert (message.rule, message.thread) == (Rule.NO_NUMBER, None)


def test_it_waits_for_a_decent_hour():
    make_rule(opens="08:00", closes="21:00", waits_hours=12)  # it is seven in the morning there at AT
    message = fall_back(unreached().pk, at=AT)

    assert (message.state, message.not_before) == (State.WANTED, AT + timedelta(hours=1))


def test_or_is_not_sent_where_that_is_too_long():
    make_rule(opens="08:00", closes="21:00", waits_hours=0)
    message = fall_back(unreached().pk, at=AT)

    assert (message.state, message.rule) == (State.NOT_SENT, Rule.HOURS)


def test_it_goes_from_the_number_of_the_rule():
    other = make_sender("+15005550101")
    make_rule(sender=other, **ANYTIME)

    assert fall_back(unreached().pk, at=AT).thread.sender == other


def test_the_sweep_finds_calls_that_nobody_looked_at():
    soon = AT + timedelta(minutes=5)
    call, given_up = unreached(), gave_up(make_queue())
    make_call(status="completed", ended_at=AT)
    assert falling_back.sweep_missed(at=soon) == []

    make_rule(**ANYTIME)
    assert set(falling_back.sweep_missed(at=soon)) == {call.pk, given_up.pk}
    fall_back(call.pk, at=soon)
    assert falling_back.sweep_missed(at=soon) == [given_up.pk]
    assert falling_back.sweep_missed(at=AT + timedelta(hours=1)) == []
    assert falling_back.sweep_missed(at=AT + timedelta(seconds=30)) == []
