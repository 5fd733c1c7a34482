"""The pages of agents, teams, skills, reasons and presence: who sees whom, and what a page does beyond saving."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from agents import actions, roles
from agents.models import Agent, PresenceChange, Reason
from agents.states import Chosen
from tests.agents import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    client.user = people.user(roles.ADMINISTRATOR)
    client.force_login(client.user)
    return client


def page(client, name, *args, **query):
    return client.get(reverse(f"admin:agents_{name}", args=args), query)


def inlines(agent=None, *, skills=(), endpoints=()):
    """Give the fields that a browser would send for the two tables below an agent."""
    sent = {}
    for prefix, rows in (("skills", skills), ("endpoints", endpoints)):
        sent |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-MIN_NUM_FORMS": 0, f"{prefix}-MAX_NUM_FORMS": 99}
        sent[f"{prefix}-INITIAL_FORMS"] = sum("id" in row for row in rows)
        for place, row in enumerate(rows):
            sent |= {f"{prefix}-{place}-{name}": value for name, value in row.items()}
            sent[f"{prefix}-{place}-agent"] = agent.pk if agent else ""
    return sent


def sent_for(agent):
    return {"user": agent.user_id, "name": agent.name, "languages": "en-US", "is_active": "on"}


def test_an_administrator_makes_an_agent_with_skill_and_endpoints(administrator):
    user, sales = people.user(roles.AGENT), people.skill("sales")
    endpoints = (
        {"position": 0, "kind": "browser", "address": ""},
        {"position": 1, "kind": "number", "address": "(415) 555-0177"},
    )

    answer = administrator.post(
        reverse("admin:agents_agent_add"),
        {"user": user.pk, "name": "Ann", "languages": "en-US,de-DE", "is_active": "on"}
        | inlines(skills=({"skill": sales.pk, "level": 7},), endpoints=endpoints),
    )

    ann = Agent.objects.get(name="Ann")
    assert answer.status_code == 302
    assert ann.languages == ["en-US", "de-DE"]
    assert [(one.kind, one.address) for one in ann.endpoints_in_order()] == [
        ("browser", ""), ("number", "+14155550177"),
    ]  # fmt: skip
    assert PresenceChange.objects.get(agent=ann).by == administrator.user


@pytest.mark.parametrize(
    ("kind", "address"), [("browser", "+14155550177"), ("number", "ann"), ("sip", "+14155550177"), ("number", "")]
)
def test_an_address_has_to_fit_its_kind(administrator, kind, address):
    agent = people.agent(endpoints=())

    answer = administrator.post(
        reverse("admin:agents_agent_change", args=[agent.pk]),
        sent_for(agent) | inlines(agent, endpoints=({"position": 0, "kind": kind, "address": address},)),
    )

    assert answer.status_code == 200
    assert "address" in str(answer.context["errors"]) or answer.context["errors"]
    assert not agent.endpoints.exists()


def test_a_supervisor_sees_the_own_teams_and_changes_nothing_but_skills(client):
    supervisor = people.user(roles.SUPERVISOR)
    own = people.agent("Ann", team=people.team("Support", supervisors=[supervisor]))
    other = people.agent("Ben", team=people.team("Sales"))
    sales = people.skill("sales")
    client.force_login(supervisor)

    listed = page(client, "agent_changelist").content.decode()
    answer = client.post(
        reverse("admin:agents_agent_change", args=[own.pk]),
        sent_for(own) | {"name": "Annie"} | inlines(own, skills=({"skill": sales.pk, "level": 9},)),
    )

    own.refresh_from_db()
    assert ("Ann" in listed, "Ben" in listed) == (True, False)
    assert answer.status_code == 302
    assert (own.name, [skill.level for skill in own.skills.all()]) == ("Ann", [9])
    assert page(client, "agent_change", other.pk).status_code == 302  # to the list: there is no such agent
    assert page(client, "agent_add").status_code == 403
    assert page(client, "agent_import_file").status_code == 403


def test_an_auditor_reads_all_and_changes_nothing(client):
    agent = people.ready_agent("Ann")
    client.force_login(people.user(roles.AUDITOR))

    answer = client.post(reverse("admin:agents_agent_change", args=[agent.pk]), sent_for(agent) | inlines(agent))

    assert "Ann" in page(client, "agent_change", agent.pk).content.decode()
    assert answer.status_code == 403


def test_who_may_be_rung_is_reviewed_when_the_page_is_saved(administrator):
    agent = people.ready_agent(at=timezone.now())

    administrator.post(
        reverse("admin:agents_agent_change", args=[agent.pk]),
        {"user": agent.user_id, "name": agent.name, "languages": ""} | inlines(agent),
    )

    change = PresenceChange.objects.present().get(agent=agent)
    assert (change.standing, change.cause) == ("unreachable", "set up differently")


def test_the_page_of_an_agent_tells_the_day(administrator):
    agent = people.ready_agent("Ann", at=timezone.now() - timedelta(minutes=1))
    lunch = Reason.objects.get(name="Lunch")
    actions.heartbeat(agent.pk, microphone="allowed", phone_registered=True, at=timezone.now() - timedelta(seconds=9))
    actions.choose(agent.pk, Chosen.NOT_READY, reason=lunch, by=agent.user, at=timezone.now() - timedelta(seconds=5))

    today = page(administrator, "agent_change", agent.pk).content.decode()
    before = page(administrator, "agent_change", agent.pk, day="2020-01-31").content.decode()

    assert "chosen at the desk" in today
    assert "Friday, 31 January 2020" in before
    assert "Nothing was noted on this day." in before


@pytest.mark.parametrize("day", ["9999-12-31", "yesterday", "0001-01-01"])
def test_any_day_can_be_asked_for(administrator, day):
    assert page(administrator, "agent_change", people.agent().pk, day=day).status_code == 200


def test_the_list_of_agents_asks_the_same_number_of_questions_for_many(administrator, django_assert_max_num_queries):
    for _ in range(8):
        agent = people.ready_agent(skills={"sales": 3}, team=people.team())
        actions.heartbeat(agent.pk, microphone="allowed", phone_registered=True, at=timezone.now())

    with django_assert_max_num_queries(14):
        listed = page(administrator, "agent_changelist").content.decode()

    assert listed.count("sales 3") == 8


def test_whoever_has_worked_here_cannot_be_deleted(administrator):
    fresh, worked = people.agent(), people.agent()
    actions.heartbeat(worked.pk, microphone="allowed", phone_registered=True, at=timezone.now())

    answers = [
        administrator.post(reverse("admin:agents_agent_delete", args=[agent.pk]), {"post": "yes"}).status_code
        for agent in (fresh, worked)
    ]

    assert answers == [302, 403]
    assert list(Agent.objects.all()) == [worked]


def test_the_automatic_reason_can_be_renamed_and_not_deleted(administrator):
    reason = Reason.objects.get(is_automatic=True)

    administrator.post(
        reverse("admin:agents_reason_change", args=[reason.pk]), {"name": "Missed", "position": 9, "is_active": "on"}
    )
    answer = administrator.post(reverse("admin:agents_reason_delete", args=[reason.pk]), {"post": "yes"})

    reason.refresh_from_db()
    assert (reason.name, answer.status_code) == ("Missed", 403)


def test_presence_is_listed_for_the_own_teams_and_changed_by_nobody(client):
    supervisor = people.user(roles.SUPERVISOR)
    for name, team in (("Ann", people.team(supervisors=[supervisor])), ("Ben", people.team())):
        agent = people.agent(name, team=team)
        actions.heartbeat(agent.pk, microphone="allowed", phone_registered=True, at=timezone.now())
    change = PresenceChange.objects.get(agent__name="Ann")
    client.force_login(supervisor)

    listed = page(client, "presencechange_changelist", standing="not-ready").content.decode()
    answer = client.post(reverse("admin:agents_presencechange_change", args=[change.pk]), {})

    assert ("Ann" in listed, "Ben" in listed) == (True, False)
    assert answer.status_code == 403


def test_teams_and_skills_tell_how_many_agents_they_have(administrator):
    team = people.team("Support", supervisors=[people.user(first_name="Sue", last_name="Visor")])
    people.agent(team=team, skills={"sales": 2})

    assert "Sue Visor" in page(administrator, "team_changelist").content.decode()
    assert page(administrator, "skill_changelist").status_code == 200
    assert page(administrator, "skill_change", people.skill("sales").pk).status_code == 200


# --- files


def upload(client, text, name="agents.csv"):
    file = SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())
    return client.post(reverse("admin:agents_agent_import_file"), {"file": file})


def confirm(client, preview):
    return client.post(
        reverse("admin:agents_agent_import_file"),
        {"content": preview.context["content"], "fingerprint": preview.context["plan"].fingerprint},
        follow=True,
    )


def test_a_file_is_previewed_and_saved_only_on_confirmation(administrator):
    preview = upload(administrator, "username,name,team\nann,Ann,Support\n")
    before = Agent.objects.count()
    done = confirm(administrator, preview)

    assert before == 0
    assert "New teams:" in preview.content.decode()
    assert "1 agent was saved." in done.content.decode()
    ann = Agent.objects.get(user__username="ann")
    assert ann.team.name == "Support"
    assert LogEntry.objects.filter(object_id=str(ann.pk), user=administrator.user).count() == 1


def test_a_file_with_a_wrong_row_offers_no_saving_and_saves_nothing(administrator):
    preview = upload(administrator, "username,name,skills\nann,Ann,sales:7\nben,Ben,sales:99\n")
    confirm(administrator, preview)

    text = preview.content.decode()
    assert "Row 3, skills: “sales:99” is no skill with a level from 1 to 10" in text
    assert 'name="fingerprint"' not in text
    assert Agent.objects.count() == 0


def test_what_changed_between_preview_and_confirmation_is_shown_again(administrator):
    agent = people.agent("Ann", account=people.user(username="ann"))
    preview = upload(administrator, "username,name\nann,Annie\n")
    Agent.objects.filter(pk=agent.pk).update(name="Anna")

    again = confirm(administrator, preview)
    agent.refresh_from_db()
    between = agent.name
    confirm(administrator, again)

    agent.refresh_from_db()
    assert "Something has changed meanwhile" in again.content.decode()
    assert (between, agent.name) == ("Anna", "Annie")


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"name\nAnn\n", b"username,shoe size\nann,7\n"])
def test_what_is_no_such_file_is_told_in_words(administrator, content):
    answer = upload(administrator, content)

    assert answer.status_code == 200
    assert "plan" not in answer.context


def test_a_forged_confirmation_does_no_harm(administrator):
    address = reverse("admin:agents_agent_import_file")

    answers = [
        administrator.post(address, {"content": "###", "fingerprint": "x"}),
        administrator.post(address, {"content": "dXNlcm5hbWUsbmFtZQphbm4sQW5uCg==", "fingerprint": "x"}),
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert Agent.objects.count() == 0


def test_an_export_is_read_back_without_a_change(administrator):
    people.agent(
        "=HYPERLINK()",
        team=people.team("Support"),
        skills={"sales": 7, "German": 3},
        languages=["en-US"],
        endpoints=(("number", "+14155550177"), people.BROWSER),
    )
    people.agent("Ben", is_active=False)

    file = page(administrator, "agent_export_file")
    preview = upload(administrator, file.content)

    assert b"\n=" not in file.content.replace(b",", b"\n")
    assert file["Content-Type"].startswith("text/csv")
    assert [change.what for change in preview.context["plan"].changes] == ["unchanged", "unchanged"]


def test_who_may_not_see_accounts_finds_no_link_to_one(client):
    supervisor = people.user(roles.SUPERVISOR)
    ann = people.agent("Ann", team=people.team("Support", supervisors=[supervisor]))
    client.force_login(supervisor)

    shown = page(client, "agent_change", ann.pk).content.decode()

    assert ann.user.username in shown
    assert reverse("admin:agents_user_change", args=[ann.user_id]) not in shown
