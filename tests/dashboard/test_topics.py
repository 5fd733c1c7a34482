"""Who may hear that what has changed."""

import pytest
from django.contrib.auth.models import AnonymousUser, Permission

from agents.models import Agent, User
from conferences.models import Conference, Participant
from conferences.room import Role
from dashboard.topics import allowed
from queues.models import Membership, Queue
from tests.agents.factories import AT, agent, team, user

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    """Two teams with a supervisor, an agent and a queue each, and a conversation of Ann's."""
    return Company()


class Company:
    def __init__(self):
        self.supervisor, self.other_supervisor = user("Supervisor"), user("Supervisor")
        self.sales, self.support = team(supervisors=[self.supervisor]), team(supervisors=[self.other_supervisor])
        self.ann = agent("Ann", team=self.sales, account=user("Agent"))
        self.bob = agent("Bob", team=self.support, account=user("Agent"))
        self.sales_queue = Queue.objects.create(name="Sales", team=self.sales)
        self.support_queue = Queue.objects.create(name="Support", team=self.support)
        self.talk = Conference.objects.create(opened_at=AT)
        Participant.objects.create(
            conference=self.talk, role=Role.OWNER, agent=self.ann, endpoint="browser", address="client:x", wanted_at=AT
        )


def may(person: User, *topics: str) -> bool:
    return allowed(User.objects.get(pk=person.pk), topics)  # permissions are remembered on an object


def test_an_agent_hears_of_the_own_desk_and_conversations_and_of_the_teams_queues(company):
    ann = company.ann.user

    assert may(ann, f"agent:{company.ann.pk}", f"conference:{company.talk.pk}", f"queue:{company.sales_queue.pk}")
    assert may(ann, "agents", "queues", "messages")


@pytest.mark.parametrize("topic", ["agent", "conference", "queue"])
def test_an_agent_of_another_team_hears_of_none_of_it(company, topic):
    thing = {"agent": company.ann, "conference": company.talk, "queue": company.sales_queue}[topic]

    assert not may(company.bob.user, f"{topic}:{thing.pk}")
    assert not may(company.bob.user, f"agent:{company.bob.pk}", f"{topic}:{thing.pk}")


def test_an_agent_hears_of_a_queue_that_is_served_for_another_team(company):
    Membership.objects.create(queue=company.sales_queue, agent=company.bob)

    assert may(company.bob.user, f"queue:{company.sales_queue.pk}")


@pytest.mark.parametrize("topic", ["board", "conferences"])
def test_the_board_is_not_for_agents(company, topic):
    assert not may(company.ann.user, topic)
    assert may(company.supervisor, topic)


def test_a_supervisor_hears_of_the_own_teams_and_not_of_others(company):
    things = (f"agent:{company.ann.pk}", f"conference:{company.talk.pk}", f"queue:{company.sales_queue.pk}")

    assert may(company.supervisor, *things)
    assert [may(company.other_supervisor, thing) for thing in things] == [False] * 3


def test_who_sees_every_team_and_may_watch_the_board_hears_of_all(company):
    things = (f"agent:{company.ann.pk}", f"conference:{company.talk.pk}", f"queue:{company.support_queue.pk}")
    watcher = user()
    watcher.user_permissions.add(*Permission.objects.filter(codename__in=["watch_board", "see_every_team"]))

    assert may(watcher, *things)
    assert may(User.objects.create(username="root", is_superuser=True), *things)
    watcher.user_permissions.remove(Permission.objects.get(codename="watch_board"))
    assert not may(watcher, things[0])


def test_whoever_has_left_or_never_came_hears_nothing(company):
    ann = company.ann.user
    ann.is_active = False
    ann.save()

    assert not may(ann, f"agent:{company.ann.pk}")
    assert not allowed(AnonymousUser(), ["agents"])
    assert not may(user("Flow editor"), "agents")


@pytest.mark.parametrize(
    "topic",
    ["", "everything", "agent:", "agent:1", "queue:x", "queue:-1", "queue:１", "queue:" + "9" * 18, "call:1", "live"],
)
def test_what_is_no_topic_of_ours_is_heard_by_nobody(company, topic):
    assert not may(User.objects.create(username="root", is_superuser=True), topic)


def test_ids_are_written_as_they_are_published(company):
    assert not may(company.ann.user, f"agent:{company.ann.pk.hex}")


def test_asking_costs_a_few_statements_however_many_topics(company, django_assert_max_num_queries):
    more = [agent(team=company.sales) for _ in range(5)]
    supervisor = User.objects.get(pk=company.supervisor.pk)
    topics = [f"agent:{one.pk}" for one in Agent.objects.filter(team=company.sales)]

    with django_assert_max_num_queries(6):
        assert allowed(supervisor, [*topics, f"queue:{company.sales_queue.pk}", f"conference:{company.talk.pk}"])
    assert len(topics) == len(more) + 1


def test_whoever_may_see_flows_hears_of_their_drafts():
    editor, agent_ = user("Flow editor"), user("Agent")

    assert may(editor, "flow:12")
    assert not may(editor, "flow:x")
    assert not may(agent_, "flow:12")
