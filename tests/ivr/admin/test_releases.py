"""The page of what was proposed or planned: who may decide, what they see, and what becomes of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from agents import roles
from ivr import actions
from ivr.actions import releasing
from ivr.models import Flow, Prompt, Release, Version
from tests.ivr import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann():
    return rows.person(roles.FLOW_EDITOR, username="ann")


@pytest.fixture
def ben(client):
    client.force_login(rows.person(roles.FLOW_EDITOR, username="ben"))
    return client


@pytest.fixture
def release(ann):
    flow = rows.publish(rows.simple_flow())
    Flow.objects.update(needs_approval=True)
    Prompt.objects.get(name="Hello").wordings.update(text="Good morning.")
    return releasing.propose(flow, by=ann, note="Kinder", at=now())


def page_of(release):
    return reverse("admin:ivr_flow_release", args=[release.flow_id, release.pk])


def shown(client, release) -> str:
    return client.get(page_of(release)).content.decode()


def test_who_may_approve_sees_what_it_changes_and_approves_it(ben, release):
    page = shown(ben, release)
    answer = ben.post(page_of(release), {"what": "approve"}, follow=True).content.decode()

    assert "Approve and publish" in page
    assert "Good morning." in page
    assert "By ann" in page
    assert "Approved: new calls now meet Main version 2." in answer
    assert Version.objects.latest("number").release.approved_by.username == "ben"


def test_a_draft_that_changed_since_is_told_and_not_published(ben, release):
    assert "The draft has changed since" not in shown(ben, release)
    Prompt.objects.get(name="Hello").wordings.update(text="Nobody has seen this.")

    assert "The draft has changed since" in shown(ben, release)
    assert "Nobody has seen this." not in shown(ben, release)


def test_a_version_that_came_between_is_told(ben, release):
    Flow.objects.update(needs_approval=False)
    actions.publish(release.flow, by=None, note="", at=now())

    assert "Version 2 was published since" in shown(ben, release)


def test_a_proposal_is_declined_with_a_reason_only(ben, release):
    page = ben.post(page_of(release), {"what": "decline", "reason": ""}).content.decode()
    assert "This field is required" in page

    ben.post(page_of(release), {"what": "decline", "reason": "Too cheerful."})

    release.refresh_from_db()
    assert (release.state, release.ended_because) == ("declined", "Too cheerful.")
    assert "Too cheerful." in shown(ben, release)


def test_nobody_is_shown_a_button_for_their_own_and_none_works(client, ann, release):
    client.force_login(ann)

    page = shown(client, release)
    answer = client.post(page_of(release), {"what": "approve"}, follow=True).content.decode()

    assert "You have proposed this yourself" in page
    assert 'value="approve"' not in page
    assert "somebody else decides" in answer
    assert Version.objects.count() == 1


def test_a_proposal_is_taken_back_and_decided_about_once(ben, release):
    ben.post(page_of(release), {"what": "withdraw"})
    answer = ben.post(page_of(release), {"what": "approve"}, follow=True).content.decode()

    assert "Nothing is changed" in answer
    assert Release.objects.get().state == "withdrawn"


def test_a_plan_shows_how_long_it_takes_and_is_cancelled(ben):
    flow = rows.simple_flow("Other")
    plan = releasing.propose(flow, by=None, note="", at=now(), publish_at=now() + timedelta(hours=3))

    page = shown(ben, plan)
    ben.post(page_of(plan), {"what": "withdraw"})

    assert 'class="ticking" data-left="10' in page
    plan.refresh_from_db()
    assert plan.state == "withdrawn"


@pytest.mark.parametrize("what", ["approve", "decline", "withdraw", "", "publish"])
def test_who_only_looks_decides_nothing(client, release, what):
    client.force_login(rows.person(roles.AUDITOR))

    assert client.get(page_of(release)).status_code == 200
    assert client.post(page_of(release), {"what": what, "reason": "No."}).status_code == 403
    assert Release.objects.get().state == "proposed"


def test_administrators_say_which_flows_need_a_second_person(client):
    flow = rows.simple_flow()
    address = reverse("admin:ivr_flow_approval", args=[flow.pk])

    client.force_login(rows.person(roles.FLOW_EDITOR))
    assert client.post(address, {"wanted": "yes"}).status_code == 403
    client.force_login(rows.person(roles.ADMINISTRATOR))
    assert client.get(address).status_code == 405
    client.post(address, {"wanted": "yes"})

    flow.refresh_from_db()
    assert flow.needs_approval
    client.post(address, {"wanted": "no"})
    flow.refresh_from_db()
    assert not flow.needs_approval
