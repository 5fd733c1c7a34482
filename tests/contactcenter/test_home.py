"""The first page: what lines do, what happened, and what needs somebody."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents import roles
from recordings.models import Mailbox
from recordings.states import State
from telephony.models import Delivery
from tests.calls.factories import make_call
from tests.ivr import rows
from tests.recordings.factories import make_recording, make_voicemail

pytestmark = pytest.mark.django_db


def home(client, role):
    client.force_login(rows.person(role))
    answer = client.get(reverse("admin:index"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_line_is_told_with_what_it_does_now(client):
    rows.line("Front", "+15005550100", rows.publish(rows.simple_flow()))

    page = home(client, roles.SUPERVISOR)

    assert "+1 500-555-0100" in page
    assert "Message “Greeting”, then hang up “The end”" in page


def test_a_line_that_answers_nothing_needs_attention(client):
    rows.line("Front", "+15005550100", rows.simple_flow())

    page = home(client, roles.SUPERVISOR)

    assert "Needs attention" in page
    assert "Front: Flow Main was never published: this line answers nothing." in page


def test_failed_requests_and_recordings_need_attention_of_those_who_may_see_them(client):
    Delivery.objects.create(
        identity="1", path="/voice/inbound", state=Delivery.State.FAILED, received_at=datetime.now(UTC)
    )
    Delivery.objects.create(
        identity="2",
        path="/voice/inbound",
        state=Delivery.State.FAILED,
        received_at=datetime.now(UTC) - timedelta(days=2),
    )
    make_recording(state=State.READY, failure="no audio", retry_at=datetime.now(UTC))
    make_recording(state=State.STORED, clears=True, failure="no time")

    administrator, editor = home(client, roles.ADMINISTRATOR), home(client, roles.FLOW_EDITOR)

    assert "1 request from Twilio failed within a day." in administrator
    assert "1 recording has failed on the way; it is tried again." in administrator
    assert "1 recording needs somebody: what comes next has failed again and again." in administrator
    assert "Needs attention" not in editor


def test_numbers_of_callers_are_whole_only_for_those_who_may_see_them(client):
    make_call(from_number="+14155551234")

    assert "+1 415-555-1234" in home(client, roles.SUPERVISOR)
    auditor = home(client, roles.AUDITOR)
    assert "555-1234" not in auditor
    assert "****234" in auditor


def test_an_agent_sees_the_new_voicemail_of_the_own_mailboxes_only(client):
    mine, other = Mailbox.objects.create(name="My desk"), Mailbox.objects.create(name="Other desk")
    make_voicemail(mailbox=mine)
    make_voicemail(mailbox=other)
    agent = rows.person(roles.AGENT)
    mine.members.add(agent)
    client.force_login(agent)

    page = client.get(reverse("admin:index")).content.decode()

    assert "My desk" in page
    assert "Other desk" not in page
    assert "What callers meet now" not in page


def test_the_way_to_the_simulator_is_shown_where_there_is_one(client, settings):
    without = home(client, roles.AUDITOR)
    settings.SIMULATOR_URL = "http://127.0.0.1:8001"
    client.get(reverse("admin:index"))

    assert "Try it" not in without
    assert 'href="http://127.0.0.1:8001"' in client.get(reverse("admin:index")).content.decode()


def test_the_page_takes_as_many_queries_for_many_rows_as_for_few(client):
    client.force_login(rows.person(roles.ADMINISTRATOR))
    mailbox = Mailbox.objects.create(name="Desk")

    def fill(indexes):
        for index in indexes:
            rows.line(f"Line {index}", f"+1500555{index:04}", rows.publish(rows.simple_flow(f"Flow {index}")))
            make_call()
            make_voicemail(mailbox=mailbox)

    def queries():
        client.get(reverse("admin:index"))  # fills the caches of the process
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("admin:index"))
        return len(captured)

    fill(range(2))
    few = queries()
    fill(range(2, 10))

    assert queries() == few <= 24
