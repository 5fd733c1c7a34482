import pytest
from django.utils import timezone

from crm.actions import delivering, numbering
from crm.actions.delivering import Told
from crm.models import Delivery, Event, Subscription
from crm.retrying import Outcome, Verdict
from tests.agents.factories import user
from tests.crm.factories import AT, make_subscription, note

pytestmark = pytest.mark.django_db
LIST = "/admin/crm/subscription/"


@pytest.fixture
def them(client):
    owner = user("Administrator")
    client.force_login(owner)
    client.owner = owner
    return client


def page(subscription: Subscription, *more: str) -> str:
    return "/".join((f"/admin/crm/subscription/{subscription.pk}", *more)) + "/"


def test_a_subscription_is_made_and_its_secret_shown_once(them):
    answer = them.post(f"{LIST}add/", {"name": "CRM", "url": "https://crm.example.com/", "types": ["call.ended"]})

    subscription = Subscription.objects.get()
    assert (subscription.owner, subscription.types) == (them.owner, ["call.ended"])
    assert subscription.secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert subscription.secret not in them.get(f"{page(subscription)}change/").content.decode()


def test_what_cannot_be_is_said_at_its_field(them):
    answer = them.post(f"{LIST}add/", {"name": "CRM", "url": "https://127.0.0.1/"})

    assert "The address lies in a private network." in answer.content.decode()
    assert not Subscription.objects.exists()


def test_a_subscription_is_changed(them):
    subscription = make_subscription(them.owner)

    them.post(page(subscription, "edit"), {"name": "Billing", "url": "https://billing.example.com/", "types": []})

    subscription.refresh_from_db()
    assert (subscription.name, subscription.url, subscription.version) == ("Billing", "https://billing.example.com/", 2)


def test_the_buttons_do_what_they_say(them):
    subscription = make_subscription(them.owner)
    secret = subscription.secret

    them.post(page(subscription, "do", "test"), {"type": "call.answered"})
    them.post(page(subscription, "do", "disable"))
    subscription.refresh_from_db()
    assert not subscription.is_active
    assert Event.objects.get().only == subscription
    them.post(page(subscription, "do", "enable"))
    shown = them.post(page(subscription, "do", "rotate"))
    subscription.refresh_from_db()
    assert subscription.is_active
    assert subscription.secret != secret
    assert subscription.secret in shown.content.decode()
    assert them.get(page(subscription, "do", "rotate")).status_code == 405
    assert them.post(page(subscription, "do", "explode")).status_code == 403


def test_a_stretch_of_time_is_sent_once_more(them):
    note(at=AT)
    numbering.number(at=timezone.now())
    subscription = make_subscription(them.owner)

    them.post(page(subscription, "do", "replay"), {"since": "2026-03-02T09:00", "until": "2026-03-02T10:00"})
    assert subscription.deliveries.count() == 1

    wrong = them.post(page(subscription, "do", "replay"), {"since": "2026-03-02T10:00", "until": "2026-03-02T09:00"})
    assert "It must begin before it ends." in wrong.content.decode()


def test_a_subscription_is_removed_with_all_that_was_sent(them):
    subscription = make_subscription(them.owner)

    them.post(page(subscription, "delete"), {"post": "yes"})

    assert not Subscription.objects.exists()


def delivered(owner) -> Delivery:
    subscription = make_subscription(owner)
    note()
    now = timezone.now()
    numbering.number(at=now)
    (delivery,) = delivering.claim({subscription.pk: 1}, room=50, at=now)
    body = '{"data":{"number":"+12025550142"}}'
    told = Told(delivery, Verdict(Outcome.DELIVERED), now, 12, {"webhook-id": "the-id"}, body, 200, {}, "thanks")
    delivering.note([told], at=now)
    return delivery


def test_a_delivery_shows_its_tries_and_is_sent_once_more(them):
    delivery = delivered(them.owner)

    shown = them.get(f"/admin/crm/delivery/{delivery.pk}/change/").content.decode()
    them.post(f"/admin/crm/delivery/{delivery.pk}/again/")

    assert "webhook-id: the-id" in shown
    assert "thanks" in shown
    assert "+12025550142" in shown
    delivery.refresh_from_db()
    assert delivery.state == "waiting"


def test_who_watches_without_seeing_numbers_sees_them_masked(client):
    delivery = delivered(user("Administrator"))
    client.force_login(user("Auditor"))

    shown = client.get(f"/admin/crm/delivery/{delivery.pk}/change/").content.decode()

    assert "+12025550142" not in shown
    assert client.post(f"/admin/crm/delivery/{delivery.pk}/again/").status_code == 403


def test_others_see_nothing_of_it(client):
    delivery = delivered(user("Administrator"))
    Subscription.objects.update(name="Secret plan")
    client.force_login(user("Supervisor"))

    assert client.get(f"/admin/crm/delivery/{delivery.pk}/change/").status_code == 403
    assert client.get(page(delivery.subscription, "change")).status_code == 403
    assert client.post(page(delivery.subscription, "do", "rotate")).status_code == 403
    assert "Secret plan" not in client.get(LIST).content.decode()


def test_the_lists_ask_the_same_whatever_their_length(them, django_assert_max_num_queries):
    for _ in range(3):
        delivered(them.owner)

    with django_assert_max_num_queries(9):
        them.get(LIST)
    with django_assert_max_num_queries(12):
        them.get("/admin/crm/delivery/")
    with django_assert_max_num_queries(12):
        them.get(page(Subscription.objects.first(), "change"))


def test_a_subscription_that_was_given_up_is_told_on_the_first_page(them):
    make_subscription(them.owner, disabled_at=AT, disabled_because="It has accepted nothing for 5 days.")

    assert "It has accepted nothing for 5 days." in them.get("/admin/").content.decode()
