"""Scenarios run when a flow is published or restored; only a reason of somebody who may lets one that fails pass."""

import pytest
from django.urls import reverse

from agents import roles
from ivr import actions
from ivr.actions import releasing
from ivr.models import Flow, Scenario, Version, Wording
from ivr.trial.conditions import Press
from tests.agents.factories import user
from tests.at_once import at_once
from tests.crm.asking import Asking
from tests.ivr import rows
from tests.ivr.scenarios.rows import AT, failing, lead_back, lead_elsewhere, office, scenario


def publish(flow, *, by=None, despite=""):
    return actions.publish(flow, by=by, note="", despite=despite, at=AT)


@pytest.mark.django_db
def test_a_flow_whose_scenarios_pass_is_published():
    flow = office()
    scenario(flow, Press("1"))

    assert publish(flow, despite="not needed").despite == ""


@pytest.mark.django_db
def test_one_that_fails_stops_publishing_and_tells_why():
    flow = office()
    failing(flow)

    with pytest.raises(actions.ScenariosFail) as told:
        publish(flow)

    assert [one.name for one in told.value.results] == ["Sales"]
    assert str(told.value).startswith("Sales: Expected ")
    assert not Version.objects.exists()


@pytest.mark.django_db
def test_a_reason_of_somebody_who_may_is_kept_with_the_version():
    flow, admin = office(), rows.person(roles.ADMINISTRATOR)
    failing(flow)

    assert publish(flow, by=admin, despite=" The menu changes on Monday. ").despite == "The menu changes on Monday."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "reason"), [(roles.FLOW_EDITOR, "I want to."), (roles.ADMINISTRATOR, " "), ("", "So.")]
)
def test_without_permission_or_reason_it_is_not_published(role, reason):
    flow = office()
    failing(flow)

    with pytest.raises(actions.ScenariosFail):
        publish(flow, by=rows.person(role) if role else None, despite=reason)


@pytest.mark.django_db
def test_they_run_on_the_version_that_is_restored():
    flow = office()
    scenario(flow, Press("1"))
    first = publish(flow)
    Scenario.objects.all().delete()
    lead_elsewhere(flow)
    scenario(flow, Press("1"), name="Goes to the mailbox")
    publish(flow)

    with pytest.raises(actions.ScenariosFail):
        actions.restore(first, by=None, note="", at=AT)
    restored = actions.restore(first, by=rows.person(roles.FLOW_EDITOR), note="", despite="As before, at once.", at=AT)

    assert (restored.restored_from, restored.despite) == (first, "As before, at once.")


@pytest.mark.django_db
@pytest.mark.parametrize("needs_approval", [False, True])
def test_scenarios_of_what_was_published_do_not_stop_its_undoing(needs_approval):
    flow, editor, other = office(), rows.person(roles.FLOW_EDITOR), rows.person(roles.FLOW_EDITOR, username="other")
    first = publish(flow)
    lead_elsewhere(flow)
    scenario(flow, Press("1"), name="Goes to the mailbox")
    publish(flow)
    Flow.objects.update(needs_approval=needs_approval)

    outcome = releasing.undo(flow, number=2, by=editor, at=AT)
    if needs_approval:
        outcome = releasing.approve(outcome, by=other, at=AT).version

    assert (outcome.number, outcome.restored_from, outcome.despite) == (3, first, "Undone: version 2")


@pytest.mark.django_db
def test_the_page_tells_what_fails_and_takes_no_reason_from_who_may_not(client):
    flow = office()
    made = failing(flow)
    client.force_login(rows.person(roles.FLOW_EDITOR))
    page = reverse("admin:ivr_flow_publish", args=[flow.pk])

    before = client.get(page).content.decode()
    after = client.post(page, {"note": "", "despite": "I want to."}, follow=True).content.decode()

    assert "1 of 1 scenarios fails." in before
    assert "in fact the caller comes to the mailbox “Front desk”" in before
    assert f"scenario={made.pk}" in before
    assert 'name="despite"' not in before
    assert "disabled" in before
    assert "Not published: scenarios fail." in after
    assert not Version.objects.exists()


@pytest.mark.django_db
def test_who_may_publishes_with_a_reason_which_the_versions_show(client):
    flow = office()
    failing(flow)
    client.force_login(rows.person(roles.ADMINISTRATOR))
    page = reverse("admin:ivr_flow_publish", args=[flow.pk])
    assert 'name="despite"' in client.get(page).content.decode()

    client.post(page, {"note": "", "despite": "The menu changes on Monday."})

    told = client.get(reverse("admin:ivr_flow_version", args=[flow.pk, 1])).content.decode()
    assert "scenarios failed" in told
    assert "The menu changes on Monday." in told


@pytest.mark.django_db
@pytest.mark.parametrize("role", [roles.ADMINISTRATOR, roles.FLOW_EDITOR])
def test_an_old_version_is_restored_with_a_reason(client, role):
    flow = office()
    lead_elsewhere(flow)
    publish(flow)
    lead_back(flow)
    scenario(flow, Press("1"), name="Sales")
    publish(flow)
    client.force_login(rows.person(role))
    page = reverse("admin:ivr_flow_version", args=[flow.pk, 1])

    assert "1 of 1 scenarios fails." in client.get(page).content.decode()
    assert "Not published: scenarios fail." in client.post(page, {"note": ""}).content.decode()
    client.post(page, {"note": "", "despite": "At once."})

    assert Version.objects.get(number=3).despite == "At once."


@pytest.mark.django_db
def test_the_api_names_what_fails():
    flow = office()
    failing(flow)
    editor = Asking("flows:read", "flows:write", owner=user("Flow editor"))

    refused = editor.post(f"/flows/{flow.pk}/publish", {})
    forbidden = editor.post(f"/flows/{flow.pk}/publish", {"despite": "I want to."})

    assert refused.status_code == 422
    assert {fault["field"] for fault in refused.json()["errors"]} == {"scenarios.Sales"}
    assert "Expected that the caller is in “Line”; in fact the caller comes to the mailbox “Front desk”." in [
        fault["message"] for fault in refused.json()["errors"]
    ]
    assert forbidden.status_code == 403
    assert forbidden.json()["errors"][0]["field"] == "despite"
    assert not Version.objects.exists()


@pytest.mark.django_db
def test_the_api_publishes_and_restores_with_a_reason():
    flow = office()
    failing(flow)
    admin = Asking("flows:read", "flows:write", owner=user("Administrator"))

    version = admin.post(f"/flows/{flow.pk}/publish", {"despite": "Monday."})
    Wording.objects.filter(text="Welcome.").update(text="Good morning.")
    admin.post(f"/flows/{flow.pk}/publish", {"despite": "Monday."})
    again = admin.post(f"/flow-versions/{version.json()['id']}/restore", {})
    restored = admin.post(f"/flow-versions/{version.json()['id']}/restore", {"despite": "Tuesday."})

    assert (version.status_code, version.json()["despite"]) == (201, "Monday.")
    assert again.status_code == 422
    assert (restored.status_code, restored.json()["despite"]) == (201, "Tuesday.")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_the_same_at_once_one_does():
    flow = office()
    scenario(flow, Press("1"))

    def work():
        try:
            return publish(Flow.objects.get(pk=flow.pk)).number
        except actions.NothingChanges:
            return 0

    numbers = at_once(work, work)

    assert sorted(numbers) == [0, 1]
    flow.refresh_from_db()
    assert flow.published.number == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_neither_slips_by_a_scenario_that_fails():
    flow = office()
    failing(flow)

    def work():
        with pytest.raises(actions.ScenariosFail):
            publish(Flow.objects.get(pk=flow.pk))

    at_once(work, work)

    assert not Version.objects.exists()
