"""Whom and what supervisors and agents see."""

import pytest
from django.contrib.auth.models import Permission

from conferences.models import Conference
from dashboard import scope
from queues.models import Entry, Membership, Queue
from tests.agents.factories import AT, agent, team, user

pytestmark = pytest.mark.django_db


def test_a_supervisor_sees_agents_and_queues_of_the_own_teams():
    supervisor = user("Supervisor")
    mine, other = team(supervisors=[supervisor]), team()
    ann = agent(team=mine)
    agent(team=other)
    agent()
    queue = Queue.objects.create(name="Mine", team=mine)
    Queue.objects.create(name="Other", team=other)

    assert list(scope.teams(supervisor)) == [mine]
    assert list(scope.agents(supervisor)) == [ann]
    assert list(scope.queues(supervisor)) == [queue]


def test_a_queue_of_no_team_and_its_callers_are_seen_by_every_supervisor():
    supervisor = user("Supervisor")
    team(supervisors=[supervisor])
    queue, talk = Queue.objects.create(name="Nobody's"), Conference.objects.create(opened_at=AT)
    Entry.objects.create(queue=queue, conference=talk, joined_at=AT, aged_from=AT)

    assert list(scope.queues(supervisor)) == [queue]
    assert list(scope.conferences(supervisor)) == [talk]


def test_a_queue_that_agents_of_the_team_serve_is_seen_once():
    supervisor = user("Supervisor")
    mine = team(supervisors=[supervisor])
    queue = Queue.objects.create(name="Served", team=team("Other"))
    for one in (agent(team=mine), agent(team=mine)):
        Membership.objects.create(queue=queue, agent=one)

    assert list(scope.queues(supervisor)) == [queue]


def test_a_conversation_whose_caller_still_waits_is_seen_by_who_watches_the_queue():
    supervisor, other = user("Supervisor"), user("Supervisor")
    queue = Queue.objects.create(name="Mine", team=team(supervisors=[supervisor]))
    talk = Conference.objects.create(opened_at=AT)
    Entry.objects.create(queue=queue, conference=talk, joined_at=AT, aged_from=AT)

    assert list(scope.conferences(supervisor)) == [talk]
    assert list(scope.conferences(other)) == []


def test_who_sees_every_team_sees_all():
    person = user()
    person.user_permissions.add(Permission.objects.get(codename="see_every_team"))
    mine = team()
    one, queue, talk = agent(), Queue.objects.create(name="Nobody's"), Conference.objects.create(opened_at=AT)

    assert list(scope.teams(person)) == [mine]
    assert list(scope.agents(person)) == [one]
    assert list(scope.queues(person)) == [queue]
    assert list(scope.conferences(person)) == [talk]


def test_an_agent_without_a_team_sees_the_queues_that_are_served():
    ann = agent()
    queue = Queue.objects.create(name="Served")
    Queue.objects.create(name="No team's")
    Membership.objects.create(queue=queue, agent=ann)

    assert list(scope.queues_of_agent(ann)) == [queue]
