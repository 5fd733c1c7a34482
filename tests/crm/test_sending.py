"""Sending to a real server on this machine; the signature is checked by the independent library."""

import json
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from crm import sending
from crm.actions import delivering, numbering, subscribing
from crm.models import Delivery, Event, Try
from crm.retrying import PATIENCE, TRIES
from crm.states import DeliveryState
from tests import patience
from tests.at_once import beside
from tests.crm.factories import make_subscription, note
from tests.crm.receiver import receiving
from tests.recordings.factories import make_user

pytestmark = pytest.mark.django_db


def send() -> None:
    numbering.number(at=timezone.now())
    sending.send_due(seconds=patience.PATIENCE)


def due_now() -> None:
    Delivery.objects.waiting().update(due_at=timezone.now())


def test_an_event_is_delivered_and_its_signature_holds(boss, receiver):
    subscription = make_subscription(boss, receiver.url)
    event = note(conversation=uuid4())

    send()

    (came,) = receiver.came
    told = Webhook(subscription.secret).verify(came.body, came.headers)
    assert told["id"] == came.headers["webhook-id"] == str(event.key)
    assert (told["type"], told["sequence"]) == ("call.started", 1)
    assert came.headers["content-type"] == "application/json"
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries) == (DeliveryState.DELIVERED, 1)
    with pytest.raises(WebhookVerificationError):
        Webhook(subscription.secret).verify(came.body + b" ", came.headers)


def test_each_try_is_logged_with_all_but_the_secret(boss, receiver):
    subscription = make_subscription(boss, receiver.url)
    receiver.answers.append((500, {"X-Why": "tired"}))
    note()

    send()

    tried = Try.objects.get()
    assert (tried.number, tried.status, tried.failure) == (1, 500, "The answer was 500.")
    assert tried.answer_headers["x-why"] == "tired"
    assert tried.answer_body == "no"
    assert tried.request_headers["webhook-signature"].startswith("v1,")
    assert json.loads(tried.request_body)["type"] == "call.started"
    assert subscription.secret.removeprefix("whsec_") not in json.dumps(tried.request_headers) + tried.request_body


def test_while_a_secret_is_replaced_both_sign(boss, receiver):
    subscription = make_subscription(boss, receiver.url)
    old = subscription.secret
    new = subscribing.rotate_secret(subscription, at=timezone.now())
    note()
    send()
    subscribing.forget_old_secrets(at=timezone.now() + timedelta(days=2))
    note()
    send()

    during, after = receiver.came
    for secret in (old, new):
        Webhook(secret).verify(during.body, during.headers)
    Webhook(new).verify(after.body, after.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(after.body, after.headers)


def test_a_later_event_of_a_conversation_waits_for_the_earlier(boss, receiver):
    make_subscription(boss, receiver.url)
    one, other = uuid4(), uuid4()
    first, _second, elsewhere = note(conversation=one), note(conversation=one), note(conversation=other)
    receiver.refuses.add(str(first.key))

    send()

    assert {one.event["id"] for one in receiver.came} == {str(first.key), str(elsewhere.key)}
    receiver.refuses.clear()
    receiver.came.clear()
    due_now()
    send()
    assert [came.event["sequence"] for came in receiver.came] == [1, 2]
    assert not Delivery.objects.waiting().exists()


def test_what_is_given_up_lets_the_next_one_go(boss, receiver):
    make_subscription(boss, receiver.url)
    conversation = uuid4()
    first = note(conversation=conversation)
    note(conversation=conversation)
    receiver.refuses.add(str(first.key))
    numbering.number(at=timezone.now())
    Delivery.objects.filter(event=first).update(tries=TRIES - 1)

    send()
    send()  # it fails, and is tried again as the next round begins

    assert list(Delivery.objects.order_by("position").values_list("state", flat=True)) == ["given-up", "delivered"]


def test_one_that_fails_is_tried_as_a_round_begins_and_kept_apart_from_those_that_answer(boss):
    answers, fails = make_subscription(boss), make_subscription(boss, failing_since=timezone.now())
    this = sending.Round()

    assert this.free(begins=True) == {answers.pk: sending.AT_ONCE_EACH, fails.pk: sending.AT_ONCE_FAILING}
    assert this.free(begins=False) == {answers.pk: sending.AT_ONCE_EACH}


def test_one_that_hangs_holds_up_nobody_else(boss, receiver):
    make_subscription(boss, receiver.url)
    for _ in range(20):
        note()
    receiver.holds = threading.Event()
    with receiving() as quick:
        make_subscription(boss, quick.url)
        for _ in range(5):
            note()
        numbering.number(at=timezone.now())

        with beside() as submit:
            had_all = submit(lambda: patience.until(lambda: len(quick.came) == 25))
            had_all.add_done_callback(lambda _: receiver.holds.set())
            sending.send_due(seconds=patience.PATIENCE)

        assert had_all.result()
    assert receiver.most_at_once <= sending.AT_ONCE_EACH


def test_what_its_owner_may_not_see_is_not_sent_and_numbers_are_masked(receiver):
    owner = make_user("ann", "calls.view_call")
    make_subscription(owner, receiver.url)
    note("call.started")
    note("presence.changed")

    send()

    assert receiver.types == ["call.started"]
    assert receiver.came[0].event["data"]["call"]["from_number"] == "+1202****142"
    assert Delivery.objects.count() == 1


def test_only_the_types_that_were_asked_for_are_sent(boss, receiver):
    make_subscription(boss, receiver.url, types=["call.ended"])
    note("call.started")
    note("call.ended")

    send()

    assert receiver.types == ["call.ended"]


def test_a_private_address_is_not_asked(boss, settings):
    with receiving() as inside:
        make_subscription(boss, inside.url)
        settings.OUTGOING_PRIVATE_NETWORKS = []
        note()

        send()

        assert inside.came == []
    assert Try.objects.get().failure == "Only addresses that begin with https:// are asked."


def test_a_redirect_is_not_followed(boss, receiver):
    make_subscription(boss, receiver.url)
    receiver.answers.append((302, {"Location": "/elsewhere"}))
    note()

    send()

    assert [came.path for came in receiver.came] == ["/events"]
    assert Delivery.objects.get().state == DeliveryState.WAITING


def test_who_answers_gone_is_switched_off(boss, receiver, mailoutbox):
    subscription = make_subscription(boss, receiver.url)
    receiver.answers.append((410, {}))
    note()

    send()

    subscription.refresh_from_db()
    assert subscription.disabled_because == "Its address says that it is gone (410)."
    note()
    send()
    assert len(receiver.came) == 1


def test_who_fails_for_days_is_switched_off_and_can_be_switched_on_again(boss, receiver):
    subscription = make_subscription(boss, receiver.url, failing_since=timezone.now() - PATIENCE)
    receiver.answers.append((500, {}))
    note()
    send()
    subscription.refresh_from_db()
    assert subscription.disabled_because == "It has accepted nothing for 5 days."

    subscribing.enable(subscription, at=timezone.now())
    send()

    subscription.refresh_from_db()
    assert (subscription.disabled_because, subscription.failing_since) == ("", None)
    assert Delivery.objects.get().state == DeliveryState.DELIVERED


def test_a_test_goes_to_one_subscription_alone_and_says_so(boss, receiver):
    with receiving() as other:
        subscription = make_subscription(boss, receiver.url, types=["call.ended"])
        make_subscription(boss, other.url)

        subscribing.send_test(subscription, type="call.answered", at=timezone.now())
        send()

        assert other.came == []
    (came,) = receiver.came
    assert (came.event["type"], came.event["test"]) == ("call.answered", True)
    assert not Event.objects.told().exists()


def test_one_is_replayed_under_the_same_id(boss, receiver):
    make_subscription(boss, receiver.url)
    note()
    send()

    delivering.replay(Delivery.objects.get(), at=timezone.now())
    send()

    first, again = receiver.came
    assert first.headers["webhook-id"] == again.headers["webhook-id"]
    assert first.body == again.body


def test_a_killed_workers_claim_runs_out(boss, receiver):
    subscription = make_subscription(boss, receiver.url)
    note()
    now = timezone.now()
    numbering.number(at=now)
    assert len(delivering.claim({subscription.pk: 5}, room=50, at=now)) == 1

    assert delivering.claim({subscription.pk: 5}, room=50, at=now + timedelta(seconds=1)) == []

    assert len(delivering.claim({subscription.pk: 5}, room=50, at=now + delivering.LEASE)) == 1
