import pytest

from crm import notices, tasks
from crm.actions import subscribing
from tests.crm.factories import AT, make_subscription

pytestmark = pytest.mark.django_db


def test_the_owner_is_told_once_that_nothing_is_sent_any_more(boss, mailoutbox):
    subscription = make_subscription(boss, name="CRM\r\nof ours")
    subscribing.disable(subscription, because="It has accepted nothing for 5 days.", at=AT)

    tasks.sweep.delay()
    tasks.sweep.delay()

    (mail,) = mailoutbox
    assert mail.to == ["boss@example.com"]
    assert mail.subject == "CRM of ours receives no events any more"
    assert "It has accepted nothing for 5 days." in mail.body
    assert str(subscription.pk) in mail.body
    assert subscription.secret not in str(mail.message())


def test_the_text_names_no_secret(boss):
    subscription = make_subscription(boss, disabled_at=AT, disabled_because="It is gone.")

    assert subscription.secret not in str(notices.of_subscription(subscription).message())
