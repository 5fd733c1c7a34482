"""The e-mails about callbacks that did not come about."""

from datetime import timedelta
from smtplib import SMTPException

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from queues import tasks
from queues.actions import callbacks
from tests.agents import factories as people
from tests.queues.rows import ask, line

pytestmark = pytest.mark.django_db


class Broken(EmailBackend):
    def send_messages(self, _messages):
        raise SMTPException


@pytest.fixture
def expired():
    team = people.team(supervisors=[people.user(email="sue@example.com")])
    callback = ask(line(team=team, callback_hours=1), at=timezone.now() - timedelta(hours=2))
    callbacks.sweep(at=timezone.now())
    return callback


def test_the_supervisors_are_told_once(expired):
    for _repeat in range(2):
        tasks.tell_of_callback(str(expired.pk))

    assert [message.to for message in mail.outbox] == [["sue@example.com"]]
    expired.refresh_from_db()
    assert expired.told_at is not None


def test_what_could_not_be_sent_is_told_later(expired, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Broken"

    tasks.tell_of_callback(str(expired.pk))

    expired.refresh_from_db()
    assert expired.told_at is None
    assert expired.telling_until > timezone.now()


def test_of_a_callback_that_is_gone_nobody_is_told():
    tasks.tell_of_callback("00000000-0000-0000-0000-000000000000")

    assert mail.outbox == []
