from datetime import timedelta

import pytest

from queues import notices
from queues.actions import callbacks
from tests.agents import factories as people
from tests.calls.factories import AT
from tests.queues.rows import ask, line

pytestmark = pytest.mark.django_db


def test_the_notice_has_a_link_and_nothing_of_the_person():
    sue = people.user(email="sue@example.com")
    people.user(email="ben@example.com")
    silent, gone = people.user(), people.user(email="gone@example.com", is_active=False)
    callback = ask(line(name="Sales & <Co>\r\nBcc: eve@example.com", team=people.team(supervisors=[sue, silent, gone])))
    callbacks.sweep(at=AT + timedelta(days=1))
    callback.tries = 3

    message = notices.of_callback(callback)

    assert message.subject == "A callback of Sales & <Co> Bcc: eve@example.com did not come about"
    assert message.to == ["sue@example.com"]
    html = str(message.alternatives[0][0])
    for text in (str(message.body), html):
        assert f"https://contact.example.com/admin/queues/callback/{callback.pk}/change/" in text
        assert "in 3 tries" in text
        assert "0123" not in text
    assert "mailbox" not in html
