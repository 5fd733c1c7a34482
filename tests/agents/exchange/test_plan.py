"""What a file of people would change, and what it costs to tell."""

import pytest

from agents.exchange import plan
from tests.agents import factories as people
from tests.agents.exchange.files import read

pytestmark = pytest.mark.django_db


def told(text, by):
    return [(change.what, change.lines) for change in plan.of(read(text), by=by).changes]


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


def test_a_plan_asks_the_same_number_of_questions_for_many(boss, django_assert_max_num_queries):
    for place in range(9):
        people.agent(f"A{place}", account=people.user(username=f"a{place}"), skills={"sales": 1}, team=people.team())
    content = read("username,name\n" + "".join(f"a{place},B\n" for place in range(9)))

    with django_assert_max_num_queries(7):
        found = plan.of(content, by=boss)

    assert len(found.effective) == 9
