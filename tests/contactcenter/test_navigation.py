"""The menu holds what a person may open, and nothing else."""

import pytest
from django.test import RequestFactory

from agents import roles
from contactcenter import navigation
from tests.ivr import rows

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "titles"),
    [
        (
            roles.AGENT,
            [
                *("Home", "Contacts", "Opt-outs", "Conversations by text", "All texts", "Orders"),
                *("Calls", "Voicemail", "Missed calls", "Callbacks", "Recordings"),
            ],
        ),
        (
            roles.FLOW_EDITOR,
            [
                "Home",
                "Lines",
                "Flows",
                "Prompts",
                "Prompts by language",
                "Sounds",
                "Opening hours",
                "Close now",
                "Who closed when",
                "Sources to ask",
                "Queues",
                "Words and answers",
                "Texts in place of calls",
                "Numbers for texts",
                "Calls",
                "Mailboxes",
                "Conference rooms",
                "Phone numbers",
                "Subscriptions to events",
                "Events sent",
                "API keys",
            ],
        ),
    ],
)
def test_a_person_finds_what_the_role_may_open(client, role, titles):
    request = RequestFactory().get("/admin/")
    request.user = rows.person(role)
    client.force_login(request.user)

    items = [item for section in navigation.sections(request) for item in section["items"]]

    assert [str(item["title"]) for item in items] == titles
    assert {client.get(item["link"]).status_code for item in items} == {200}


def test_the_simulator_is_in_the_menu_where_there_is_one(settings):
    settings.SIMULATOR_URL = "http://127.0.0.1:8001"
    request = RequestFactory().get("/admin/")
    request.user = rows.person(roles.AGENT)

    first = navigation.sections(request)[0]["items"]

    assert [item["link"] for item in first] == ["/admin/", "http://127.0.0.1:8001"]
