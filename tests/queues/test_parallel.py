"""Several connections at once, each really committing: what nobody's locks foresaw, the constraints hold."""

import random
from collections import Counter
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction

from agents.models import Agent
from calls.models import Call
from conferences.actions.steering import conversation
from conferences.room import Left, Took
from conferences.states import Outcome
from queues import actions
from queues.models import Entry, Handling, Offer
from queues.states import EntryState, OfferState
from tests.at_once import at_once, beside
from tests.calls.factories import AT, make_call
from tests.locks import waiting
from tests.patience import until
from tests.queues.factories import make_entry, make_queue, member

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("nobody_works")]

THREADS, ROUNDS = 4, 12


def agents_with_two_offers():
    rings = Offer.objects.filter(state=OfferState.RINGING).values_list("agent", flat=True)
    return [agent for agent, count in Counter(rings).items() if count > 1]


def callers_with_two_agents():
    accepted = Offer.objects.filter(state=OfferState.ACCEPTED).values_list("entry", flat=True)
    return [entry for entry, count in Counter(accepted).items() if count > 1]


@transaction.atomic
def answer(offer, event, outcome=Outcome.NONE):
    talk = conversation(offer.participant.conference_id)
    if event is Left:
        talk.leave(talk.row(offer.participant_id), outcome, on_purpose=True)
    else:
        talk.happen(event(offer.participant.label))
    talk.settle(at=AT)


def test_many_matches_at_once_offer_each_caller_and_each_agent_once():
    queue = make_queue()
    for _ in range(5):
        member(queue)
        make_entry(queue)

    counts = at_once(*[lambda: actions.match(at=AT)] * THREADS)

    assert sum(counts) == 5
    assert Offer.objects.filter(state=OfferState.RINGING).count() == 5
    assert agents_with_two_offers() == []


def test_a_match_that_waits_for_its_turn_stands_for_all_that_come_meanwhile():
    queue = make_queue()
    member(queue), make_entry(queue)

    with connection.cursor() as cursor, beside() as submit:
        cursor.execute("SELECT pg_advisory_lock(%s)", [actions.offering.DECIDING])
        try:
            waits = submit(lambda: actions.match(at=AT))
            until(lambda: waiting() == 1, lambda: waits)
            assert at_once(*[lambda: actions.match(at=AT)] * 2) == [0, 0]
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [actions.offering.DECIDING])
        assert waits.result() == 1


def test_of_two_agents_who_accept_at_once_one_has_the_caller():
    queue = make_queue(order="ring-several", several=4)
    for _ in range(4):
        member(queue)
    entry = make_entry(queue)
    actions.match(at=AT)
    offers = list(Offer.objects.select_related("participant"))

    at_once(*[lambda offer=offer: answer(offer, Took) for offer in offers])

    entry.refresh_from_db()
    assert entry.state == EntryState.TALKING
    assert Counter(Offer.objects.values_list("state", flat=True)) == {OfferState.ACCEPTED: 1, OfferState.WITHDRAWN: 3}
    assert Handling.objects.count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_the_same_call_joins_once_however_often_it_is_told(_round):
    queue, call = make_queue(), make_call()

    def join():
        return actions.join(queue.pk, call_id=call.pk, language="", onward="", at=AT).pk

    assert len(set(at_once(*[join] * THREADS))) == 1
    assert Entry.objects.count() == 1


def test_while_all_happens_at_once_no_agent_has_two_offers_and_no_caller_two_agents():
    """Matches, answers, refusals, and callers who hang up, from several connections; then the sweep finds nothing."""
    queues = [make_queue(order=order, wrap_up="none") for order in ("longest-idle", "ring-several")]
    for queue in queues:
        for _ in range(3):
            member(queue)
        for after in range(8):
            make_entry(queue, after=after)
    wrong: list[object] = []

    def churn(seed):
        chance = random.Random(seed)
        for _ in range(ROUNDS):
            try:
                actions.match(at=AT)
                ringing = list(Offer.objects.filter(state=OfferState.RINGING).select_related("participant"))
                if ringing:
                    event, outcome = chance.choice([(Took, Outcome.NONE), (Left, Outcome.DECLINED)])
                    answer(chance.choice(ringing), event, outcome)
                if chance.random() < 0.2:
                    waiting = Entry.objects.waiting().values_list("call", flat=True)
                    if waiting:
                        actions.call_over(chance.choice(list(waiting)), at=AT)
            except OperationalError as error:
                wrong.append(error)  # a deadlock
            wrong.extend(agents_with_two_offers() + callers_with_two_agents())

    at_once(*[lambda seed=seed: churn(seed) for seed in range(THREADS)])

    assert wrong == []
    assert Offer.objects.filter(state=OfferState.ACCEPTED).exists()
    rung = Offer.objects.filter(state=OfferState.RINGING).values("entry")
    assert not Entry.objects.filter(state=EntryState.OFFERED).exclude(pk__in=rung).exists()
    assert Entry.objects.filter(state=EntryState.TALKING).count() == Handling.objects.talking().count()
    assert not Agent.objects.filter(offers__state=OfferState.RINGING).exclude(activity="ringing").exists()
    Call.objects.filter(entries__state=EntryState.ABANDONED).update(status="completed")
    assert actions.sweep(at=AT + timedelta(seconds=1)) == 0
