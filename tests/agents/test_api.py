import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agents.models import Agent, PresenceChange
from tests.agents.factories import agent, ready_agent, reason, team, user
from tests.crm.asking import Asking

pytestmark = pytest.mark.django_db

ALL = ("agents:read", "agents:presence")


def names(answer) -> list[str]:
    return [item["name"] for item in answer.json()["items"]]


def test_an_agent_is_told_with_team_skills_and_standing():
    one = ready_agent("Ann", at=timezone.now(), team=team("Sales"), skills={"Bicycles": 7}, languages=["en-US"])

    told = Asking(*ALL).get(f"/agents/{one.pk}").json()

    assert (told["name"], told["user"], told["username"]) == ("Ann", one.user_id, one.user.username)
    assert told["team"] == {"id": one.team_id, "name": "Sales"}
    assert [(skill["name"], skill["level"]) for skill in told["skills"]] == [("Bicycles", 7)]
    assert (told["standing"], told["chosen"], told["reason"], told["why_not"]) == ("ready", "ready", None, [])


def test_a_supervisors_key_sees_the_own_teams_and_no_other():
    supervisor = user("Supervisor")
    agent("Ann", team=team(supervisors=[supervisor]))
    other = agent("Cy", team=team())

    asker = Asking(*ALL, owner=supervisor)

    assert names(asker.get("/agents")) == ["Ann"]
    assert asker.get(f"/agents/{other.pk}").status_code == 404


def test_an_agents_key_sees_the_agent_that_its_owner_is():
    one = agent("Ann", account=user("Agent"), team=team("Sales"))
    agent("Bob", team=one.team)

    asker = Asking(*ALL, owner=one.user)

    assert names(asker.get("/agents")) == ["Ann"]
    assert names(asker.get("/teams")) == ["Sales"]


def test_agents_are_found_by_team_log_in_and_skill():
    one = agent("Ann", team=team("Sales"), skills={"Bicycles": 5})
    agent("Bob")
    asker = Asking(*ALL)

    assert names(asker.get("/agents", {"team": one.team_id})) == ["Ann"]
    assert names(asker.get("/agents", {"username": one.user.username})) == ["Ann"]
    assert names(asker.get("/agents", {"skill": one.skills.get().skill_id})) == ["Ann"]
    assert names(asker.get("/agents", {"takes_calls": "true"})) == ["Ann", "Bob"]


def test_an_agent_chooses_to_be_ready_and_not_to_be():
    one, lunch = ready_agent(account=user("Agent"), at=timezone.now()), reason("Dentist")
    asker = Asking(*ALL, owner=one.user)

    paused = asker.put(f"/agents/{one.pk}/presence", {"chosen": "not-ready", "reason": lunch.pk}).json()
    back = asker.put(f"/agents/{one.pk}/presence", {"chosen": "ready"}).json()

    assert (paused["standing"], paused["reason"]["name"]) == ("not-ready", "Dentist")
    assert paused["why_not"] == ["You chose not to be ready: Dentist."]
    assert (back["standing"], back["reason"]) == ("ready", None)
    assert back["since"] is not None
    assert PresenceChange.objects.filter(agent=one, by=one.user).count() == 2


def test_a_supervisor_sets_how_an_agent_of_the_team_stands():
    supervisor = user("Supervisor")
    one = agent(team=team(supervisors=[supervisor]))

    answer = Asking(*ALL, owner=supervisor).put(f"/agents/{one.pk}/presence", {"chosen": "ready"})

    assert answer.status_code == 200
    assert Agent.objects.get(pk=one.pk).chosen == "ready"
    assert PresenceChange.objects.get(agent=one).by == supervisor


def test_an_agent_sets_nobody_elses_presence():
    shared = team()
    one, other = agent(account=user("Agent"), team=shared), agent(team=shared)
    lead = user("Agent")
    shared.supervisors.set([lead])  # sees them, without the permission to supervise

    assert Asking(*ALL, owner=one.user).put(f"/agents/{other.pk}/presence", {"chosen": "ready"}).status_code == 404
    assert Asking(*ALL, owner=lead).put(f"/agents/{other.pk}/presence", {"chosen": "ready"}).status_code == 403


@pytest.mark.parametrize("body", [{"chosen": "not-ready"}, {"chosen": "ready", "reason": 1}, {"chosen": "gone"}, {}])
def test_a_presence_that_cannot_be_names_its_field(body):
    one = agent(account=user("Agent"))
    if "reason" in body:
        body = body | {"reason": reason().pk}

    answer = Asking(*ALL, owner=one.user).put(f"/agents/{one.pk}/presence", body)

    assert answer.status_code == 400
    assert [fault["field"] for fault in answer.json()["errors"]] in (["reason"], ["chosen"])


def test_reasons_are_those_that_can_be_chosen():
    reason("Dentist", warn_minutes=20, limit_minutes=30)
    reason("Old", is_active=False)

    told = Asking(*ALL, owner=user("Agent")).get("/reasons").json()["items"]

    assert [(one["name"], one["warn_minutes"], one["limit_minutes"]) for one in told if one["name"] == "Dentist"] == [
        ("Dentist", 20, 30)
    ]
    assert "Old" not in [one["name"] for one in told]


def test_skills_are_listed():
    agent(skills={"Bicycles": 5})

    assert names(Asking(*ALL).get("/skills")) == ["Bicycles"]


def test_a_list_costs_as_many_queries_for_many_as_for_one():
    asker = Asking(*ALL)

    def queries() -> int:
        asker.get("/agents")  # the first request of a key notes that it is used
        with CaptureQueriesContext(connection) as captured:
            asker.get("/agents")
        return len(captured)

    agent(team=team(), skills={"Bicycles": 5})
    one = queries()
    for _number in range(4):
        agent(team=team(), skills={"Bicycles": 5, "Repairs": 4})

    assert queries() == one
