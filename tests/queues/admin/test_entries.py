"""Who waited: seen by those who may, changed by nobody."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents import roles
from queues import actions
from queues.models import Offer
from tests.agents import factories as people
from tests.calls.factories import AT, make_call
from tests.queues.factories import make_entry, make_queue, member, take

pytestmark = pytest.mark.django_db

LIST = reverse("admin:queues_entry_changelist")


def one(entry):
    return reverse("admin:queues_entry_change", args=[entry.pk])


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_tells_whom_a_caller_was_offered_to_and_what_came_of_it(client):
    queue = make_queue("Support")
    member(queue, "Ann")
    entry = make_entry(queue)
    actions.match(at=AT)
    take(Offer.objects.get())
    client.force_login(people.user(roles.ADMINISTRATOR))

    told = page(client, one(entry))

    assert "Ann" in told
    assert "priority 1" in told
    assert "+1 415-555-0123" in told
    assert 'name="_save"' not in told


def test_an_auditor_sees_no_numbers(client):
    make_entry(make_queue())
    client.force_login(people.user(roles.AUDITOR))

    assert "555-0123" not in page(client, LIST)


def test_a_supervisor_sees_those_of_the_own_teams(client):
    sue = people.user(roles.SUPERVISOR)
    own = make_entry(make_queue(team=people.team(supervisors=[sue])))
    foreign = make_entry(make_queue(team=people.team()))
    client.force_login(sue)

    listed = page(client, LIST)

    assert one(own) in listed
    assert one(foreign) not in listed
    assert client.get(one(foreign)).status_code == 302


def test_an_agent_sees_none(client):
    client.force_login(people.user(roles.AGENT))

    assert client.get(LIST).status_code == 403


def test_the_list_takes_the_same_queries_however_many_waited(client):
    client.force_login(people.user(roles.ADMINISTRATOR))
    queue = make_queue()
    make_entry(queue)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            page(client, LIST)
        return len(seen)

    before = queries()
    for number in range(4):
        make_entry(queue, call=make_call(from_number=f"+1415555020{number}"), agent=people.agent())

    assert queries() == before
