from datetime import timedelta
from uuid import uuid4

import pytest

from crm.actions import delivering
from crm.actions.delivering import Told
from crm.actions.numbering import number
from crm.models import Delivery, Subscription, Try
from crm.retrying import Outcome, Verdict
from tests.crm.factories import AT, make_subscription, note

pytestmark = pytest.mark.django_db
SOON = AT + timedelta(seconds=10)


def told(delivery: Delivery, outcome: Outcome, pause: timedelta = timedelta()) -> Told:
    return Told(
        delivery, Verdict(outcome, pause), at=AT, milliseconds=3, request_headers={}, request_body="{}", status=200
    )


def claimed(subscription: Subscription, *, most: int = 10, at=AT) -> list[int]:
    return [one.position for one in delivering.claim({subscription.pk: most}, room=50, at=at)]


def test_deliveries_are_made_for_those_who_want_the_type(boss):
    everything, ends = make_subscription(boss), make_subscription(boss, types=["call.ended"])
    make_subscription(boss, disabled_at=AT)
    note("call.started")
    note("call.ended")

    number(at=AT)

    assert everything.deliveries.count() == 2
    assert ends.deliveries.count() == 1
    assert Delivery.objects.count() == 3


def test_who_has_left_the_company_is_told_nothing(boss):
    make_subscription(boss)
    boss.is_active = False
    boss.save()
    note()

    number(at=AT)

    assert not Delivery.objects.exists()


def test_of_a_conversation_the_next_one_is_claimed_alone(boss):
    subscription = make_subscription(boss)
    one, other = uuid4(), uuid4()
    for conversation in (one, one, other, None, None):
        note(conversation=conversation)
    number(at=AT)

    assert claimed(subscription) == [1, 3, 4, 5]
    assert claimed(subscription) == []


def test_no_more_are_claimed_than_there_is_room_for(boss):
    subscription = make_subscription(boss)
    for _ in range(5):
        note()
    number(at=AT)

    assert claimed(subscription, most=2) == [1, 2]
    assert claimed(subscription, most=2) == [3, 4]


def test_the_next_one_is_woken_when_the_first_is_done(boss):
    subscription = make_subscription(boss)
    conversation = uuid4()
    note(conversation=conversation)
    note(conversation=conversation)
    number(at=AT)
    (first,) = delivering.claim({subscription.pk: 10}, room=50, at=AT)

    delivering.note([told(first, Outcome.DELIVERED)], at=AT)

    assert claimed(subscription) == [2]


def test_who_waits_for_one_that_is_tried_much_later_is_not_looked_at_before(boss):
    subscription = make_subscription(boss)
    conversation = uuid4()
    note(conversation=conversation)
    note(conversation=conversation)
    number(at=AT)
    (first,) = delivering.claim({subscription.pk: 1}, room=50, at=AT)
    delivering.note([told(first, Outcome.AGAIN, timedelta(hours=2))], at=AT)

    assert claimed(subscription, at=AT + delivering.LEASE) == []

    assert set(Delivery.objects.values_list("due_at", flat=True)) == {AT + timedelta(hours=2)}
    assert claimed(subscription, at=AT + timedelta(hours=2)) == [1]


def test_a_claim_that_was_lost_moves_nothing(boss):
    subscription = make_subscription(boss)
    note()
    number(at=AT)
    (slow,) = delivering.claim({subscription.pk: 1}, room=50, at=AT)
    (fast,) = delivering.claim({subscription.pk: 1}, room=50, at=AT + delivering.LEASE)
    delivering.note([told(fast, Outcome.DELIVERED)], at=SOON)

    delivering.note([told(slow, Outcome.AGAIN)], at=SOON)

    assert Delivery.objects.get().state == "delivered"
    assert Try.objects.count() == 2


def test_what_is_noted_of_a_subscription_that_is_gone_is_dropped(boss):
    subscription = make_subscription(boss)
    note()
    number(at=AT)
    (delivery,) = delivering.claim({subscription.pk: 1}, room=50, at=AT)
    subscription.delete()

    delivering.note([told(delivery, Outcome.DELIVERED)], at=AT)

    assert not Try.objects.exists()


def test_a_stretch_of_time_is_replayed_also_from_before_the_subscription(boss):
    note(at=AT - timedelta(days=2))
    note(at=AT - timedelta(hours=1))
    number(at=AT)
    subscription = make_subscription(boss)
    note(at=AT)
    number(at=AT)
    (delivery,) = delivering.claim({subscription.pk: 9}, room=50, at=AT)
    delivering.note([told(delivery, Outcome.DELIVERED)], at=AT)

    count = delivering.replay_range(subscription, since=AT - timedelta(hours=2), until=AT + timedelta(hours=1), at=SOON)

    assert count == 2
    assert claimed(subscription, at=SOON) == [2, 3]


def test_too_many_are_not_replayed_at_once(boss, monkeypatch):
    monkeypatch.setattr(delivering, "MOST_REPLAYED", 1)
    subscription = make_subscription(boss)
    note()
    note()
    number(at=AT)

    with pytest.raises(delivering.TooMany):
        delivering.replay_range(subscription, since=AT, until=AT + timedelta(hours=1), at=AT)


def test_claiming_and_noting_take_the_same_statements_for_many(boss, django_assert_max_num_queries):
    subscription = make_subscription(boss)
    for _ in range(30):
        note(conversation=uuid4())
    number(at=AT)

    with django_assert_max_num_queries(6):
        many = delivering.claim({subscription.pk: 30}, room=50, at=AT)
    with django_assert_max_num_queries(8):
        delivering.note([told(one, Outcome.DELIVERED) for one in many], at=AT)

    assert Delivery.objects.filter(state="delivered").count() == 30


def test_a_little_room_is_shared_by_turns(boss):
    one, other = make_subscription(boss), make_subscription(boss)
    for _ in range(5):
        note()
    number(at=AT)

    found = delivering.claim({one.pk: 8, other.pk: 8}, room=4, at=AT)

    assert sorted(delivery.subscription_id for delivery in found) == sorted([one.pk, one.pk, other.pk, other.pk])
    assert delivering.claim({one.pk: 8}, room=0, at=AT) == []
