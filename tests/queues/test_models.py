"""What the database itself holds to, whatever the code does."""

import pytest
from django.db import IntegrityError, transaction

from agents import roles
from queues.models import Entry, Handling, Offer, Queue
from queues.states import EntryState, OfferState
from tests.agents import factories as people
from tests.calls.factories import AT
from tests.queues.factories import make_entry, make_queue

pytestmark = pytest.mark.django_db


def refused(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()
    return True


def make_offer(entry, agent, state):
    return Offer.objects.create(entry=entry, agent=agent, state=state, offered_at=AT, ends_at=AT)


def test_an_agent_has_one_ringing_offer_and_a_caller_one_accepted():
    ann, bob, entry = people.agent(), people.agent(), make_entry(make_queue())
    make_offer(entry, ann, OfferState.RINGING)
    make_offer(entry, bob, OfferState.ACCEPTED)

    assert refused(lambda: make_offer(make_entry(make_queue()), ann, OfferState.RINGING))
    assert refused(lambda: make_offer(entry, ann, OfferState.ACCEPTED))
    assert make_offer(entry, people.agent(), OfferState.RINGING)
    assert make_offer(entry, bob, OfferState.RETURNED)


def test_a_call_is_in_one_line():
    entry = make_entry(make_queue())

    assert refused(lambda: make_entry(make_queue(), call=entry.call, state=EntryState.TALKING))
    assert make_entry(make_queue(), call=entry.call, state=EntryState.LEFT)


def test_an_agent_has_one_part_in_a_conversation_at_a_time():
    ann, entry = people.agent(), make_entry(make_queue())
    Handling.objects.create(entry=entry, agent=ann, began_at=AT, ended_at=AT, done_at=AT)
    Handling.objects.create(entry=entry, agent=ann, began_at=AT, ended_at=AT)

    assert refused(lambda: Handling.objects.create(entry=entry, agent=ann, began_at=AT))
    assert Handling.objects.open().count() == Handling.objects.wrapping_up().count() == 1
    assert not Handling.objects.talking().exists()


def test_people_see_the_queues_of_their_teams_and_those_of_none():
    sue = people.user(roles.SUPERVISOR)
    led, worked_in = people.team(supervisors=[sue]), people.team()
    people.agent(account=sue, team=worked_in)
    of_none, of_led, of_worked = make_queue(), make_queue(team=led), make_queue(team=worked_in)
    foreign = make_queue(team=people.team())
    entry = make_entry(of_led)
    make_entry(foreign)

    assert set(Queue.objects.visible_to(sue)) == {of_none, of_led, of_worked}
    assert list(Entry.objects.visible_to(sue)) == [entry]
    assert set(Queue.objects.visible_to(people.user(roles.AUDITOR))) == {of_none, of_led, of_worked, foreign}


def test_those_who_wait_are_waiting_or_offered():
    queue = make_queue()
    for state in EntryState:
        make_entry(queue, state=state)

    assert set(Entry.objects.waiting().values_list("state", flat=True)) == {EntryState.WAITING, EntryState.OFFERED}
    assert Entry.objects.live().count() == 3
