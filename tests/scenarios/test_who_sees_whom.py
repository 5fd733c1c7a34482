"""Whom and what supervisors and agents see."""

import pytest
from django.contrib.auth.models import Permission

from agents.models import Agent, Team
from conferences.models import Conference, Participant
from queues.models import Entry, Handling, Membership, Queue
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

    assert list(Team.objects.supervised_by(supervisor)) == [mine]
    assert list(Agent.objects.supervised_by(supervisor)) == [ann]
    assert list(Queue.objects.supervised_by(supervisor)) == [queue]


def test_a_queue_of_no_team_and_its_callers_are_seen_by_every_supervisor():
    supervisor = user("Supervisor")
    team(supervisors=[supervisor])
    queue, talk = Queue.objects.create(name="Nobody's"), Conference.objects.create(opened_at=AT)
    Entry.objects.create(queue=queue, conference=talk, joined_at=AT, aged_from=AT)

    assert list(Queue.objects.supervised_by(supervisor)) == [queue]
    assert list(Conference.objects.supervised_by(supervisor)) == [talk]


def test_a_queue_that_agents_of_the_team_serve_is_seen_once():
    supervisor = user("Supervisor")
    mine = team(supervisors=[supervisor])
    queue = Queue.objects.create(name="Served", team=team("Other"))
    for one in (agent(team=mine), agent(team=mine)):
        Membership.objects.create(queue=queue, agent=one)

    assert list(Queue.objects.supervised_by(supervisor)) == [queue]


def test_a_conversation_whose_caller_still_waits_is_seen_by_who_watches_the_queue():
    supervisor, other = user("Supervisor"), user("Supervisor")
    queue = Queue.objects.create(name="Mine", team=team(supervisors=[supervisor]))
    talk = Conference.objects.create(opened_at=AT)
    Entry.objects.create(queue=queue, conference=talk, joined_at=AT, aged_from=AT)

    assert list(Conference.objects.supervised_by(supervisor)) == [talk]
    assert list(Conference.objects.supervised_by(other)) == []


def test_who_sees_every_team_sees_all():
    person = user()
    person.user_permissions.add(Permission.objects.get(codename="see_every_team"))
    mine = team()
    one, queue, talk = agent(), Queue.objects.create(name="Nobody's"), Conference.objects.create(opened_at=AT)

    assert list(Team.objects.supervised_by(person)) == [mine]
    assert list(Agent.objects.supervised_by(person)) == [one]
    assert list(Queue.objects.supervised_by(person)) == [queue]
    assert list(Conference.objects.supervised_by(person)) == [talk]


def test_an_agent_without_a_team_sees_the_queues_that_are_served():
    ann = agent()
    queue = Queue.objects.create(name="Served")
    Queue.objects.create(name="No team's")
    Membership.objects.create(queue=queue, agent=ann)

    assert list(Queue.objects.of_agent(ann)) == [queue]


def test_an_agent_sees_what_is_their_own_and_what_they_serve():
    ann = agent(account=user("Agent"), team=team("Sales"))
    bob = agent(team=ann.team)
    own, served = Queue.objects.create(name="Own", team=ann.team), Queue.objects.create(name="Served", team=team())
    Queue.objects.create(name="Others'", team=team())
    Membership.objects.create(queue=served, agent=ann)
    mine, theirs = Conference.objects.create(opened_at=AT), Conference.objects.create(opened_at=AT)
    for talk, one in ((mine, ann), (theirs, bob)):
        talk.participants.create(role="owner", agent=one, endpoint="browser", address="client:x", wanted_at=AT)

    assert list(Team.objects.visible_to(ann.user)) == [ann.team]
    assert list(Agent.objects.visible_to(ann.user)) == [ann]
    assert set(Queue.objects.visible_to(ann.user)) == {own, served}
    assert list(Conference.objects.visible_to(ann.user)) == [mine]
    assert [one.agent for one in Participant.objects.visible_to(ann.user)] == [ann]


def test_that_a_queue_is_of_no_team_makes_no_agent_its_supervisor():
    ann, bob = agent(account=user("Agent")), agent(account=user("Agent"))
    queue, talk = Queue.objects.create(name="Nobody's"), Conference.objects.create(opened_at=AT)
    talk.participants.create(role="owner", agent=bob, endpoint="browser", address="client:x", wanted_at=AT)
    entry = Entry.objects.create(queue=queue, conference=talk, joined_at=AT, aged_from=AT)
    Handling.objects.create(entry=entry, agent=bob, conference=talk, began_at=AT, notes="Asks for blue.")

    assert list(Queue.objects.visible_to(ann.user)) == [queue]
    for rows in (Queue.objects, Entry.objects, Conference.objects):
        assert list(rows.supervised_by(ann.user)) == []
    for rows in (Conference.objects, Participant.objects, Handling.objects):
        assert list(rows.visible_to(ann.user)) == []
    assert list(Conference.objects.visible_to(bob.user)) == [talk]
    assert list(Handling.objects.visible_to(user("Supervisor"))) != []


def test_a_supervisor_who_takes_calls_too_sees_both():
    sue = agent(account=user("Supervisor"), team=team())
    ann = agent(team=team(supervisors=[sue.user]))

    assert set(Agent.objects.visible_to(sue.user)) == {sue, ann}
    assert set(Team.objects.visible_to(sue.user)) == {sue.team, ann.team}
    assert list(Agent.objects.supervised_by(sue.user)) == [ann]
