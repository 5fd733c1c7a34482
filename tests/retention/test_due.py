"""What the database finds due is what the pure rules say."""

import random
from datetime import timedelta

import pytest

from calls.models import Call
from compliance import keeping
from compliance.endings import RulesNow
from compliance.states import Kept, Subject
from conferences.models import Conference, Participant
from queues.models import Callback
from recordings.models import Recording
from retention import due
from tests.agents.factories import agent, team
from tests.calls.factories import AT, make_call
from tests.compliance.keepers import CALLER, OURS, make_hold, make_queue, make_rule
from tests.contacts.factories import contact
from tests.retention import rows

pytestmark = pytest.mark.django_db


def found(kind: Kept):
    rule = next(rule for rule in RulesNow.read().rules if rule.kind == kind)
    return set(due.due(rule, RulesNow.read().rules, at=AT))


def test_each_recording_is_due_by_the_rule_that_the_pure_rules_name():
    chance = random.Random(1)
    teams = [team(), team()]
    queues = [make_queue(team=teams[0]), make_queue(team=teams[1]), make_queue(), None]
    agents = [agent(team=teams[0]), agent(), None]
    items = [
        rows.recording(
            chance.choice((10, 40, 70)),
            queue=chance.choice(queues),
            agent=chance.choice(agents),
            number=chance.choice(("", OURS)),
            call=None,
        )
        for _ in range(60)
    ]
    for scope in (
        {},
        {"number": OURS},
        {"queue": queues[0]},
        {"queue": queues[2]},
        {"team": teams[0]},
        {"team": teams[1], "number": OURS},
    ):
        make_rule(Kept.RECORDING, chance.choice((None, 20, 30, 60)), **scope)
    rules = RulesNow.read().rules

    by_database = {item: rule for rule in rules if rule.kind == Kept.RECORDING for item in due.due(rule, rules, at=AT)}

    expected = {}
    for item in items:
        of_queue = item.queue.team_id if item.queue else None
        its_team = of_queue or (item.agent.team_id if item.agent else None)
        rule = keeping.ruling(rules, Kept.RECORDING, number=item.number, queue=item.queue_id, team=its_team)
        goes_at = keeping.goes_at(item.announced_at, rule)
        if goes_at is not None and goes_at < AT:
            expected[item] = rule
    assert by_database == expected
    assert len(expected) > 10


def test_what_a_recording_does_not_say_itself_its_call_says():
    sales = make_queue()
    by_queue = rows.recording(call=rows.call(queue=sales))
    by_number = rows.recording(call=rows.call(number=OURS))
    rows.recording()
    make_rule(Kept.RECORDING, 30, queue=sales)
    make_rule(Kept.RECORDING, 30, number=OURS)
    rules = RulesNow.read().rules

    assert [set(due.due(rule, rules, at=AT)) for rule in rules if rule.kind == Kept.RECORDING] == [
        {by_queue},
        {by_number},
    ]


def test_voicemails_and_recordings_of_talks_have_rules_of_their_own():
    talk, message = rows.recording(), rows.recording(subject=Subject.VOICEMAIL)
    make_rule(Kept.RECORDING)
    make_rule(Kept.VOICEMAIL)

    assert found(Kept.RECORDING) == {talk}
    assert found(Kept.VOICEMAIL) == {message}


def test_what_is_deleted_has_no_sound_or_is_worked_on_is_not_due():
    make_rule(Kept.RECORDING)
    rows.recording(state="deleted")
    rows.recording(state="absent")
    worked_on = rows.recording(leased_until=AT + timedelta(seconds=5))
    left_behind = rows.recording(leased_until=AT - timedelta(seconds=5))

    assert found(Kept.RECORDING) == {left_behind}
    assert worked_on in Recording.objects.all()


def test_copies_and_transcripts_are_due_where_there_are_some():
    make_rule(Kept.REDACTED)
    make_rule(Kept.TRANSCRIPT)
    plain, with_copy, with_text = rows.recording(), rows.recording(), rows.recording()
    rows.redacted(with_copy)
    rows.transcript(with_text)

    assert found(Kept.REDACTED) == {with_copy}
    assert found(Kept.TRANSCRIPT) == {with_text}
    assert plain not in found(Kept.REDACTED) | found(Kept.TRANSCRIPT)


def test_a_call_goes_when_nothing_of_it_has_its_own_time_any_more():
    make_rule(Kept.CALL)
    bare = rows.call()
    with_sound = rows.recording().call
    purged = rows.recording(state="deleted", purged_at=AT).call
    purging = rows.recording(state="deleted").call
    absent = rows.recording(state="absent").call
    rows.call(status="in-progress")
    waited_on = rows.call()
    Callback.objects.create(
        queue=make_queue(), number=CALLER, call=waited_on, asked_at=AT, expires_at=AT, state="waiting"
    )

    assert found(Kept.CALL) == {bare, purged, absent}
    assert {with_sound, purging} & found(Kept.CALL) == set()


def test_the_legs_of_a_conversation_are_not_calls_of_their_own():
    make_rule(Kept.CALL)
    customer = rows.call()
    leg = make_call(direction="outbound-api", status="completed", started_at=AT - 60 * rows.DAY)
    make_call(parent=customer, direction="outbound-dial", status="completed", started_at=AT - 60 * rows.DAY)
    room = Conference.objects.create(customer=customer, opened_at=AT)
    Participant.objects.create(
        conference=room, role="owner", endpoint="browser", address="client:a", call=leg, wanted_at=AT
    )
    recorded_leg = rows.call()
    rows.recording(call=make_call(parent=recorded_leg))

    assert found(Kept.CALL) == {customer}


def test_histories_go_whatever_lies_beside_them():
    make_rule(Kept.EVENT)
    told, without = rows.recording().call, rows.call()
    without.events.all().delete()

    assert found(Kept.EVENT) == {told}


def test_a_delivery_follows_the_customer_in_whose_conversation_its_call_is():
    sales = make_queue()
    customer = rows.call(queue=sales)
    dialed = make_call(parent=customer)
    room = Conference.objects.create(customer=customer, opened_at=AT)
    rung = make_call()
    Participant.objects.create(
        conference=room,
        role="owner",
        endpoint="browser",
        address="client:a",
        call=rung,
        call_sid=rung.sid,
        wanted_at=AT,
    )
    of_sales = {rows.delivery(call_sid=call.sid) for call in (customer, dialed, rung)}
    other = rows.delivery()
    make_rule(Kept.DELIVERY, 30, queue=sales)
    make_rule(Kept.DELIVERY, 50)
    of_queue, every = (rule for rule in RulesNow.read().rules if rule.kind == Kept.DELIVERY)

    assert set(due.due(of_queue, (of_queue, every), at=AT)) == of_sales
    assert set(due.due(every, (of_queue, every), at=AT)) == {other}


@pytest.mark.parametrize("kind", list(Kept))
def test_what_is_held_is_counted_and_is_not_due(kind, django_assert_max_num_queries):
    make_rule(kind, 30)
    for caller in (CALLER, "+14155550999"):
        call = rows.call(from_number=caller)
        if kind not in (Kept.CALL, Kept.EVENT, Kept.DELIVERY):
            subject = Subject.VOICEMAIL if kind == Kept.VOICEMAIL else Subject.CONVERSATION
            made = rows.recording(call=call, subject=subject)
            rows.transcript(made)
            rows.redacted(made)
        rows.delivery(call_sid=call.sid)
        rows.text(number=caller)
        rows.sent(conversation=call.conversation)
    make_hold(caller=CALLER)
    rule = next(rule for rule in RulesNow.read().rules if rule.kind == kind)

    with django_assert_max_num_queries(3):
        counted = due.count(rule, RulesNow.read().rules, at=AT)

    assert counted == due.Due(1, 1, AT - 60 * rows.DAY)
    assert len(found(kind)) == 1


@pytest.mark.parametrize("kind", [Kept.TOLD, Kept.SENT])
def test_what_programs_were_told_of_a_contact_is_held_by_the_number_of_that(kind):
    make_rule(kind, 30)
    for number in (CALLER, "+14155550999"):
        rows.sent(contact=contact("Ann", number).pk)
    make_hold(caller=CALLER)
    rules = RulesNow.read().rules
    rule = next(rule for rule in rules if rule.kind == kind)

    assert due.count(rule, rules, at=AT) == due.Due(1, 1, AT - 60 * rows.DAY)
    assert len(found(kind)) == 1


def test_a_rule_without_days_ends_nothing():
    make_rule(Kept.CALL, None)
    rows.call()

    assert found(Kept.CALL) == set()
    assert Call.objects.exists()
