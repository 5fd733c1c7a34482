import pytest
from django.urls import reverse

from agents import roles
from ivr.models import Prompt
from tests.ivr import rows
from tests.ivr.admin.test_publishing import marked

pytestmark = pytest.mark.django_db


@pytest.fixture
def flow():
    made = rows.publish(rows.simple_flow())
    for text in ("Good morning.", "Good evening."):
        Prompt.objects.get(name="Hello").wordings.update(text=text)
        rows.publish(made)
    Prompt.objects.get(name="Hello").wordings.update(text="Good night.")
    return made


@pytest.fixture
def auditor(client):
    client.force_login(rows.person(roles.AUDITOR))
    return client


@pytest.mark.parametrize(
    ("asked", "before", "after"),
    [
        ({}, "evening", "night"),
        ({"old": "1", "new": "2"}, "Hello", "morning"),
        ({"old": "3", "new": "1"}, "evening", "Hello"),
        ({"old": "1", "new": "draft"}, "Hello", "night"),
        ({"new": "3"}, "morning", "evening"),
    ],
)
def test_any_two_are_compared(auditor, flow, asked, before, after):
    page = auditor.get(reverse("admin:ivr_flow_compare", args=[flow.pk]), asked).content.decode()

    removed, added = marked(page, "Message in English (United States)")
    assert before in removed[0]
    assert after in added[0]


def test_who_and_when_and_why_stand_beside_the_difference(auditor, flow):
    page = auditor.get(reverse("admin:ivr_flow_compare", args=[flow.pk]), {"old": "1", "new": "2"}).content.decode()

    assert "published on 2 Mar 2026, 15:00" in page


def test_a_flow_that_was_never_published_is_new_as_a_whole(auditor):
    page = auditor.get(reverse("admin:ivr_flow_compare", args=[rows.simple_flow().pk])).content.decode()

    assert "Nothing: this flow was never published." in page
    assert page.count(">added<") == 2


@pytest.mark.parametrize("asked", [{"old": "9"}, {"new": "x"}])
def test_a_version_that_is_none_is_not_found(auditor, flow, asked):
    assert auditor.get(reverse("admin:ivr_flow_compare", args=[flow.pk]), asked).status_code == 404
