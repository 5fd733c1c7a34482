from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from compliance.models import Hold
from retention import tasks
from tests.agents.factories import user
from tests.calls.factories import AT
from tests.compliance.keepers import CALLER, lift, make_hold

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)


def test_the_owner_of_a_hold_is_told_once_that_it_is_to_be_reviewed():
    owner = user(email="ann@company.example")
    hold = make_hold(owner=owner, review_at=AT.date(), reason="A secret dispute")
    make_hold(owner=owner, review_at=AT.date() + timedelta(days=1))
    lift(make_hold(owner=owner, review_at=AT.date()))

    tasks.keep()
    tasks.keep()

    (message,) = mail.outbox
    assert message.to == ["ann@company.example"]
    assert str(hold.pk) in message.body
    assert CALLER not in message.body
    assert "secret" not in message.body


def test_an_email_that_could_not_be_sent_is_tried_again(monkeypatch):
    make_hold(owner=user(email="ann@company.example"), review_at=AT.date())

    def fails(*_args):
        raise OSError("no mail server")

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", fails)
        tasks.keep()
    assert Hold.objects.get().told_at is None
    tasks.keep()

    assert len(mail.outbox) == 1


def test_who_has_no_address_finds_it_on_the_first_page_alone():
    make_hold(owner=user(email=""), review_at=AT.date())

    tasks.keep()

    assert mail.outbox == []
