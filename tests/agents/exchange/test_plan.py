"""What a file would change, and that exactly this is saved, all or nothing."""

import pytest

from agents import actions, roles
from agents.exchange import plan, sheet
from agents.models import Agent, PresenceChange, Skill, Team, User
from tests.agents import factories as people
from tests.agents.factories import AT

pytestmark = pytest.mark.django_db


def read(text):
    return sheet.read(text.encode(), country="US")


@pytest.fixture
def boss():
    return people.user(roles.ADMINISTRATOR)


def save(text, by):
    content = read(text)
    return actions.import_agents(content, fingerprint=plan.of(content, by=by).fingerprint, by=by, at=AT)


def told(text, by):
    return [(change.what, change.lines) for change in plan.of(read(text), by=by).changes]


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


def test_differences_are_told_as_old_and_new(boss):
    people.agent(
        "Ann",
        account=people.user(username="ann"),
        team=people.team("Support"),
        skills={"sales": 7, "German": 3},
        languages=["en-US"],
    )

    lines = told(
        "username,name,team,languages,skills,endpoints,active\n"
        "ann,Anna,SUPPORT,de-DE,GERMAN:4;sales:7,sip:a@b.example;browser,no\n",
        boss,
    )

    assert lines == [
        (
            "changed",
            (
                "name: Ann → Anna",
                "languages: en-US → de-DE",
                "skills: German 3, sales 7 → GERMAN 4, sales 7",
                "endpoints: browser → sip:a@b.example, browser",
                "active: yes → no",
            ),
        )
    ]


def test_columns_that_are_not_there_and_cells_that_say_nothing_change_nothing(boss):
    people.agent("Ann", account=people.user(username="ann", email="a@b.example"), skills={"sales": 1}, is_active=False)

    assert told("username\nann\n", boss) == [("unchanged", ())]
    assert told("username,name,active\nann,,\n", boss) == [("unchanged", ())]


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


def test_a_plan_asks_the_same_number_of_questions_for_many(boss, django_assert_max_num_queries):
    for place in range(9):
        people.agent(f"A{place}", account=people.user(username=f"a{place}"), skills={"sales": 1}, team=people.team())
    content = read("username,name\n" + "".join(f"a{place},B\n" for place in range(9)))

    with django_assert_max_num_queries(7):
        found = plan.of(content, by=boss)

    assert len(found.effective) == 9
