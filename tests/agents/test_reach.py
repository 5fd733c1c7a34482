from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db.models import Q

from agents import reach
from agents.models import Agent, Team
from tests.agents.factories import AT, agent, team, user

pytestmark = pytest.mark.django_db


def test_rows_are_few_as_long_as_all_ways_together_lead_to_no_more_than_that(monkeypatch):
    monkeypatch.setattr(reach, "FEW", 3)
    for _ in range(2):
        agent(team=team())

    assert reach.are_few([])
    assert reach.are_few([Agent.objects.all()])
    assert not reach.are_few([Agent.objects.all(), Team.objects.all()])


def test_no_more_rows_are_counted_than_tell_that_they_are_many(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(reach, "FEW", 1)
    for _ in range(3):
        agent()

    with django_assert_num_queries(1) as asked:
        assert not reach.are_few([Agent.objects.all(), Group.objects.all()])
    assert "LIMIT 2" in asked[0]["sql"]


def test_ways_lead_to_each_row_once():
    ann = agent(team=team())
    agent(team=team())
    ways = [Agent.objects.filter(pk=ann.pk).values("pk"), Agent.objects.filter(team=ann.team).values("pk")]

    assert list(reach.listed(Agent.objects.all(), ways, otherwise=Q(), by="pk")) == [ann]


@pytest.mark.parametrize(("is_newest", "begins"), [(True, False), (False, True)])
def test_a_list_begins_with_what_is_theirs_also_where_that_is_much_and_old(monkeypatch, is_newest, begins):
    for name, value in {"FEW": 1, "NEWEST": 2, "PAGE": 2}.items():
        monkeypatch.setattr(reach, name, value)
    led = team()
    teams = [led, led, team()] if not is_newest else [team(), led, led]
    people = [agent(team=one, activity_at=AT + timedelta(minutes=n)) for n, one in enumerate(teams)]
    theirs = Q(team=led)

    rows = reach.listed(
        Agent.objects.all(), [Agent.objects.filter(theirs).values("pk")], otherwise=theirs, by="activity_at"
    )

    assert set(rows) == {one for one in people if one.team == led}
    assert (" = ANY(ARRAY(" in str(rows.query)) is begins


def test_a_condition_asks_whether_there_is_a_row_that_leads_to_the_one_asked_about():
    led, sue = team(), user()
    agent(team=led)
    alone = team(supervisors=[sue])

    assert list(Team.objects.filter(reach.leads(Agent.objects.all(), "team"))) == [led]
    assert list(Team.objects.exclude(reach.leads(Agent.objects.all(), "team"))) == [alone]
