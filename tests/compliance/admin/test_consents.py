"""The ledger, to find and to read."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents import roles
from compliance.actions import consent
from compliance.models import Consent
from compliance.states import Answer, Mode, Party
from tests.agents.factories import user
from tests.calls.factories import AT, make_call
from tests.compliance.rows import entry, policy, scope

pytestmark = pytest.mark.django_db

LIST = reverse("admin:compliance_consent_changelist")


@pytest.fixture
def supervisor(client):
    client.force_login(user(roles.SUPERVISOR))
    return client


def rows(client, **asked):
    answer = client.get(LIST, asked)
    assert answer.status_code == 200
    return list(answer.context["cl"].result_list)


def page_of(row):
    return reverse("admin:compliance_consent_change", args=[row.pk])


def text(answer):
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_list_tells_who_answered_what_in_words(supervisor):
    made = policy("Sales", consent=Mode.ASK_EVERY)
    call = scope().call
    entry(call, made, Answer.AGREED, wording="May we?", version=3, language="en-US")
    entry(call, made, Answer.TOLD, party=Party.COLLEAGUE, name="Ann", participant=uuid4())
    consent.note_said(call, [made], consent.Speaker(Party.CUSTOMER), Answer.WITHDRAWN, by=user(username="ben"), at=AT)

    page = text(supervisor.get(LIST))

    for words in ("agreed", "colleague: Ann", "took consent back", "said to an agent", "ben", "en-US, version 3"):
        assert words in page
    assert "everybody is asked" in page
    assert "+1 415-555-0123" in page


def test_it_is_filtered_by_answer_party_mode_policy_and_day(supervisor):
    sales, support = policy("Sales", consent=Mode.ASK_ONE), policy("Support", consent=Mode.ASK_EVERY)
    call = scope().call
    yes = entry(call, sales, Answer.AGREED)
    no = entry(call, support, Answer.REFUSED, party=Party.OUTSIDE, at=AT + timedelta(days=3))

    assert rows(supervisor, answer="agreed") == [yes]
    assert rows(supervisor, party="outside") == [no]
    assert rows(supervisor, mode="ask-one") == [yes]
    assert rows(supervisor, policy__id__exact=support.pk) == [no]
    assert rows(supervisor, at_from="2026-03-05") == [no]
    assert rows(supervisor, at_to="2026-03-02") == [yes]
    assert rows(supervisor) == [no, yes]


@pytest.mark.parametrize("typed", ["+14155550123", "415 555 0123", "(415) 555-0123", "0123", "14155550123"])
def test_an_entry_is_found_by_its_customers_number_however_it_is_written(supervisor, typed):
    made = policy()
    mine = entry(scope(make_call(from_number="+14155550123")).call, made)
    entry(scope(make_call(from_number="+14155550999", to_number="+15005550888")).call, made)

    assert rows(supervisor, q=typed) == [mine]


def test_an_entry_is_found_by_the_call_and_by_the_leg_on_which_it_was_heard(supervisor):
    made = policy()
    call = scope().call
    mine = entry(call, made, leg="CA" + "ab" * 16)
    entry(scope(make_call()).call, made)

    assert rows(supervisor, q=call.sid) == [mine]
    assert rows(supervisor, q="CA" + "ab" * 16) == [mine]


def test_numbers_are_hidden_from_those_who_may_not_see_them(client):
    row = entry(scope().call, policy())
    client.force_login(user(roles.AUDITOR))

    for page in (text(client.get(LIST)), text(client.get(page_of(row)))):
        assert "+1415****123" in page
        assert "555-0123" not in page


def test_of_a_call_that_we_made_the_called_number_is_the_customers(supervisor):
    call = make_call(direction="outbound-api", from_number="+15005550100", to_number="+14155550177")
    entry(scope(call).call, policy())

    assert "+1 415-555-0177" in text(supervisor.get(LIST))


def test_an_entry_tells_the_words_that_were_heard_and_the_key(supervisor):
    row = entry(scope().call, policy(), Answer.AGREED, wording="May we record this?", key="1", version=2)

    page = text(supervisor.get(page_of(row)))

    for words in ("May we record this?", "agreed", str(row.pk)):
        assert words in page
    assert 'name="_save"' not in page


def test_nobody_changes_the_ledger(client):
    row = entry(scope().call, policy())
    client.force_login(user(is_superuser=True))

    assert client.post(page_of(row), {"answer": "refused"}).status_code == 403
    assert client.get(reverse("admin:compliance_consent_add")).status_code == 403
    assert client.post(reverse("admin:compliance_consent_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    assert Consent.objects.get().answer == Answer.AGREED


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (roles.ADMINISTRATOR, 200),
        (roles.SUPERVISOR, 200),
        (roles.AUDITOR, 200),
        (roles.FLOW_EDITOR, 403),
        (roles.AGENT, 403),
    ],
)
def test_who_may_read_it(client, role, status):
    row = entry(scope().call, policy())
    client.force_login(user(role))

    assert client.get(LIST).status_code == status
    assert client.get(page_of(row)).status_code == status


def test_many_entries_ask_the_database_as_often_as_one(supervisor):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            rows(supervisor)
        return len(seen)

    entry(scope().call, policy(), noted_by=user())
    queries()
    one = queries()
    for _ in range(5):
        entry(scope(make_call()).call, policy(), noted_by=user())

    assert queries() == one
