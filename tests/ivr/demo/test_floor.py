"""The demo company's agents can take the calls of its queues."""

from datetime import timedelta

import pytest

from agents.models import Agent, Team, User
from contacts.reading import known
from ivr import knowing
from ivr.demo import content, floor, load
from ivr.document import parse
from ivr.drafting.drafts import compile_draft
from ivr.models import Flow
from queues.models import Queue
from tests.ivr.rows import AT

pytestmark = pytest.mark.django_db


def test_nothing_keeps_the_callers_of_a_queue_from_being_taken():
    load.load(at=AT)

    assert Queue.objects.count() == 2
    known = [knowing.knowledge(parse(compile_draft(flow)), at=AT).queues for flow in Flow.objects.all()]
    assert {one.name for queues in known for one in queues.values()} == set(
        Queue.objects.values_list("name", flat=True)
    )
    assert all(one.members and not one.lacking for queues in known for one in queues.values())


def test_there_are_three_agents_and_a_supervisor_who_sees_both_teams():
    load.load(at=AT)

    assert Agent.objects.count() == 4
    assert all(agent.user.check_password(load.PASSWORD) for agent in Agent.objects.select_related("user"))
    supervisor = User.objects.get(username="supervisor")
    assert set(supervisor.supervised_teams.all()) == set(Team.objects.all())


def test_whoever_logs_in_as_the_agent_can_take_a_caller_of_each_queue():
    load.load(at=AT)

    agent = Agent.objects.get(user__username="agent")

    assert set(agent.memberships.values_list("queue__name", flat=True)) == set(content.QUEUES)
    for queue in Queue.objects.prefetch_related("skills"):
        for asked in queue.skills.all():
            assert agent.skills.get(skill=asked.skill).level >= asked.level


def test_nobody_is_at_a_desk_before_somebody_opens_one():
    load.load(at=AT)

    assert not Agent.objects.available(AT + timedelta(seconds=1)).exists()


def test_without_people_the_queues_are_there_for_others():
    load.load(at=AT, people=False)

    assert Queue.objects.count() == 2
    assert not Agent.objects.exists()


def test_some_of_the_callers_are_known_and_one_is_a_vip():
    floor.contacts(at=AT)

    found = [known(number, at=AT) for _name, number, _id, _more in content.CONTACTS]
    assert [(one.name, one.is_vip) for one in found] == [("Caller 1", True), ("Caller 2", False)]
    assert {number for _name, number, _id, _more in content.CONTACTS} <= {number for number, _name in content.PHONES}
