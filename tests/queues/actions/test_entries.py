"""What the actions on entries share."""

import pytest
from django.db import transaction

from conferences.models import Conference
from queues import actions
from queues.actions.entries import end_offer, locked, step
from queues.models import Offer
from queues.states import EntryState, ImpossibleMove, OfferState
from tests.calls.factories import AT
from tests.queues.factories import make_entry, make_queue, member

pytestmark = pytest.mark.django_db


def test_the_conversation_is_locked_before_the_entry(django_assert_num_queries):
    entry = make_entry(make_queue(), conference=Conference.objects.create(opened_at=AT))

    with transaction.atomic(), django_assert_num_queries(5) as seen:
        assert locked(entry.pk) == entry

    locks = [query["sql"] for query in seen.captured_queries if "FOR NO KEY UPDATE" in query["sql"]]
    assert ["conferences_conference" in lock.partition("WHERE")[0] for lock in locks] == [True, False]


def test_an_impossible_move_raises_and_changes_nothing():
    entry = make_entry(make_queue(), state=EntryState.LEFT, ended_at=AT)

    with pytest.raises(ImpossibleMove):
        step(entry, EntryState.WAITING, at=AT)

    entry.refresh_from_db()
    assert entry.state == EntryState.LEFT


def test_an_offer_ends_once():
    queue = make_queue()
    member(queue), make_entry(queue)
    actions.match(at=AT)
    offer = Offer.objects.get()

    assert end_offer(offer, OfferState.MISSED, outcome="no-answer", at=AT)
    assert not end_offer(offer, OfferState.DECLINED, outcome="declined", at=AT)

    offer.refresh_from_db()
    assert offer.state == OfferState.MISSED
