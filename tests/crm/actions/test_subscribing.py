from datetime import timedelta

import pytest

from crm.actions import subscribing
from crm.models import Subscription
from tests.crm.factories import AT, make_subscription

pytestmark = pytest.mark.django_db


def subscribe(owner, **values) -> Subscription:
    return subscribing.subscribe(
        owner=owner, **({"name": "CRM", "url": "https://crm.example.com/events", "at": AT} | values)
    )


def test_a_subscription_has_a_secret_of_its_own(boss):
    one, other = subscribe(boss, types=["call.ended", "call.ended"]), subscribe(boss)

    assert one.types == ["call.ended"]
    assert one.secret.startswith("whsec_")
    assert one.secret != other.secret


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"url": "http://crm.example.com/"}, "url"),
        ({"url": "https://169.254.169.254/latest"}, "url"),
        ({"url": "https://user:secret@crm.example.com/"}, "url"),
        ({"url": "crm"}, "url"),
        ({"types": ["call.exploded"]}, "types"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(boss, values, field):
    with pytest.raises(subscribing.NotPossible) as refused:
        subscribe(boss, **values)

    assert refused.value.field == field
    assert not Subscription.objects.exists()


def test_nobody_has_more_subscriptions_than_can_be_looked_after(boss, monkeypatch):
    monkeypatch.setattr(subscribing, "MOST", 1)
    subscribe(boss)

    with pytest.raises(subscribing.NotPossible):
        subscribe(boss)


def test_a_change_counts_as_a_version(boss):
    subscription = subscribe(boss)

    subscribing.change(subscription, name="Billing", types=["call.ended"], at=AT)

    assert (subscription.name, subscription.types, subscription.version) == ("Billing", ["call.ended"], 2)
    with pytest.raises(subscribing.NotPossible):
        subscribing.change(subscription, url="https://127.0.0.1/", at=AT)


def test_the_old_secret_ends_by_itself(boss):
    subscription = subscribe(boss)
    old = subscription.secret

    new = subscribing.rotate_secret(subscription, at=AT)

    assert (subscription.old_secret, subscription.secret) == (old, new)
    assert subscription.old_secret_until == AT + timedelta(hours=24)
    subscribing.forget_old_secrets(at=AT + timedelta(hours=23))
    subscription.refresh_from_db()
    assert subscription.old_secret == old
    subscribing.forget_old_secrets(at=AT + timedelta(hours=24))
    subscription.refresh_from_db()
    assert (subscription.old_secret, subscription.old_secret_until) == ("", None)


def test_who_is_given_up_is_told_once(boss):
    subscription = make_subscription(boss)
    subscribing.disable(subscription, because="It has accepted nothing for 5 days.", at=AT)

    assert subscribing.claim_telling(subscription.pk, at=AT)
    assert not subscribing.claim_telling(subscription.pk, at=AT)
    subscribing.note_told(subscription.pk, at=AT)
    assert not subscribing.claim_telling(subscription.pk, at=AT + timedelta(days=1))


def test_nobody_is_told_of_what_they_did_themselves(boss):
    subscription = make_subscription(boss)

    subscribing.disable(subscription, at=AT)

    assert not subscribing.claim_telling(subscription.pk, at=AT)


def test_what_is_switched_off_is_not_tried_out(boss):
    subscription = make_subscription(boss, disabled_at=AT)

    with pytest.raises(subscribing.NotPossible):
        subscribing.send_test(subscription, type="call.ended", at=AT)


def test_a_subscription_is_forgotten_with_what_was_sent(boss):
    subscription = make_subscription(boss)

    subscribing.unsubscribe(subscription)

    assert not Subscription.objects.exists()
