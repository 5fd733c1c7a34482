"""A file of people is saved as it was shown, or not at all."""

import pytest

from agents import actions
from agents.exchange import plan
from agents.models import Agent, PresenceChange, Skill, Team, User
from tests.agents import factories as people
from tests.agents.exchange.files import read
from tests.agents.factories import AT

pytestmark = pytest.mark.django_db


def save(text, by):
    content = read(text)
    return actions.import_agents(content, fingerprint=plan.of(content, by=by).fingerprint, by=by, at=AT)


def test_a_new_person_gets_a_log_in_a_role_and_a_browser_phone(boss):
    save("username,name,email,skills\nann,Ann,ann@company.example,sales:7\n", boss)

    ann = User.objects.get(username="ann")
    assert (ann.email, ann.is_staff, ann.has_usable_password()) == ("ann@company.example", True, False)
    assert ann.has_perm("agents.use_desk")
    assert (ann.agent.name, [str(skill) for skill in ann.agent.skills.all()]) == ("Ann", ["Ann: sales 7"])
    assert [one.kind for one in ann.agent.endpoints_in_order()] == ["browser"]
    assert PresenceChange.objects.get(agent=ann.agent).by == boss


def test_an_account_that_is_there_becomes_an_agent(boss):
    user = people.user(username="ann", email="ann@company.example")

    save("username,name\nann,Ann\n", boss)

    user.refresh_from_db()
    assert (user.agent.name, user.email) == ("Ann", "ann@company.example")


def test_skills_and_endpoints_become_what_the_file_says_and_keep_their_rows(boss):
    agent = people.agent(
        "Ann", account=people.user(username="ann"), skills={"sales": 7, "german": 3}, endpoints=(people.BROWSER,)
    )
    kept = agent.endpoints.get().pk

    save('username,skills,endpoints\nann,sales:9;french:2,"sip:a@b.example;browser"\n', boss)

    assert sorted(str(skill) for skill in agent.skills.all()) == ["Ann: french 2", "Ann: sales 9"]
    endpoints = Agent.objects.get(pk=agent.pk).endpoints_in_order()
    assert [str(one) for one in endpoints] == ["sip:a@b.example", "browser"]
    assert endpoints[1].pk == kept


def test_teams_and_skills_that_do_not_exist_are_announced_and_made_once(boss):
    Skill.objects.create(name="Sales")
    text = "username,name,team,skills\nann,Ann,Support,sales:1;German:2\nben,Ben,SUPPORT,german:3\n"

    wanted = plan.of(read(text), by=boss)
    save(text, boss)

    assert (wanted.new_teams, wanted.new_skills) == (("Support",), ("German",))
    assert (list(Team.objects.values_list("name", flat=True)), Skill.objects.count()) == (["Support"], 2)
    assert Team.objects.get().agents.count() == 2


def test_a_file_never_touches_a_superuser_unless_a_superuser_says_so(boss):
    root = User.objects.create_superuser("root", email="root@company.example")
    text = "username,name,email\nroot,Root,mine@company.example\n"

    with pytest.raises(actions.HasProblems):
        save(text, boss)
    save(text, root)

    root.refresh_from_db()
    assert root.email == "mine@company.example"


def test_one_wrong_row_saves_nothing(boss):
    text = "username,name\nann,Ann\nben,\n"

    with pytest.raises(actions.HasProblems):
        save(text, boss)

    assert [(one.row, one.column) for one in plan.of(read(text), by=boss).problems] == [(3, "name")]
    assert not Agent.objects.exists()


def test_only_what_was_shown_is_saved(boss):
    with pytest.raises(actions.Different):
        actions.import_agents(read("username,name\nann,Ann\n"), fingerprint="another", by=boss, at=AT)

    assert not User.objects.filter(username="ann").exists()
