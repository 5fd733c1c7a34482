"""The panel of scenarios: how they went, changed and deleted, kept from a trial, suggested."""

import html
import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents import roles
from ivr.admin.workshop.scenarios import _next_tuesday
from ivr.models import Scenario, Step
from ivr.trial.conditions import Press, StaySilent, inputs_to_json
from tests.calls.factories import make_call
from tests.ivr import rows
from tests.ivr.scenarios.rows import CALLER, conditions, failing, lead_elsewhere, office, scenario

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    client.force_login(rows.person(roles.FLOW_EDITOR))
    return client


def address(name, flow, *more):
    return reverse(f"admin:ivr_flow_{name}", args=[flow.pk, *more])


def panel(client, flow, **more):
    return html.unescape(client.get(address("scenarios", flow), **more).content.decode())


def test_an_empty_panel_says_how_to_begin(editor):
    page = panel(editor, office())

    assert "There is none yet." in page
    assert "0 of 10 exits" in page
    assert "Suggest scenarios" in page


def test_passed_and_failed_are_told_in_words_with_what_differs(editor):
    flow = office()
    scenario(flow, StaySilent(), name="Silent")
    failing(flow)

    page = panel(editor, flow)

    assert "1 of 2 scenarios fails." in page
    assert ">passed<" in page
    assert ">failed<" in page
    assert "Expected that the caller is in “Line”; in fact the caller comes to the mailbox “Front desk”." in page
    assert f"?step={Step.objects.get(name='Message').pk}" in page
    assert "The caller stays silent." in page
    assert page.index("<strong>Sales</strong>") < page.index("<strong>Silent</strong>"), "those that fail come first"


def test_each_scenario_opens_in_try_it(editor):
    flow = office()
    made = scenario(flow, Press("1"))

    assert f"{reverse('admin:ivr_flow_change', args=[flow.pk])}?panel=try&scenario={made.pk}" in panel(editor, flow)


def test_a_page_asks_for_the_panel_alone(editor):
    flow = office()

    whole, part = panel(editor, flow), panel(editor, flow, headers={"HX-Request": "true"})

    assert "<html" in whole
    assert "<html" not in part
    assert part.strip().startswith("<section")
    assert "<script" not in part
    assert editor.get(address("scenarios", flow))["Vary"].count("HX-Request") == 1


def test_coverage_is_a_number_a_list_and_a_picture(editor):
    flow = office()
    scenario(flow, Press("1"))
    menu = str(Step.objects.get(name="Menu").pk)

    page = panel(editor, flow)

    assert "1 of 10 exits" in page
    assert "“Menu”: Mail → “Message”" in page
    line = str(Step.objects.get(name="Line").pk)
    assert json.dumps({"steps": [menu, line], "exits": [[menu, "Sales"]]}) in page, "the way of the call"
    assert f'["{menu}", "Mail"]' in page, "what nothing takes"


def test_the_panel_asks_as_often_for_many_scenarios_as_for_one(editor):
    flow = office()
    scenario(flow, Press("1"), name="A")

    def asked():
        with CaptureQueriesContext(connection) as context:
            panel(editor, flow, headers={"HX-Request": "true"})
        return len(context)

    panel(editor, flow)
    once = asked()
    for number in range(10):
        scenario(flow, Press("1"), name=f"B{number}")

    assert asked() == once
    assert once <= 32


def test_a_trial_is_kept_and_what_it_expects_is_shown(editor):
    flow = office()
    sent = {
        "name": "To sales",
        "conditions": json.dumps(conditions().to_json()),
        "inputs": json.dumps(inputs_to_json([Press("1")])),
    }

    answer = editor.post(address("scenario_add", flow), sent, follow=True)

    page = html.unescape(answer.content.decode())
    assert answer.redirect_chain[-1][0] == address("scenario", flow, Scenario.objects.get().pk) + "?new=yes"
    assert "The scenario is kept" in page
    assert "the words may change" in page
    assert "<li>Welcome.</li>" in page
    assert "Real callers' numbers do not belong into scenarios" in page


def test_a_real_number_is_told_to_be_replaced(editor):
    make_call(from_number="+4915112345678")
    sent = {"conditions": json.dumps(conditions(caller="+4915112345678").to_json()), "inputs": "[]"}

    page = editor.post(address("scenario_add", office()), sent, follow=True).content.decode()

    assert "so a made-up caller takes the place" in page
    assert "4915112345678" not in page


@pytest.mark.parametrize("sent", [{}, {"conditions": "{}", "inputs": "[]"}, {"conditions": "nonsense", "inputs": "[]"}])
def test_what_is_no_trial_is_refused(editor, sent):
    assert editor.post(address("scenario_add", office()), sent).status_code == 400
    assert not Scenario.objects.exists()


def test_what_is_expected_is_changed(editor):
    flow = office()
    made = scenario(flow, Press("1"))
    menu = Step.objects.get(name="Menu")

    answer = editor.post(
        address("scenario", flow, made.pk),
        {"name": "Sales", "said": "welcome", "reached": "", "exits": [f"{menu.pk}:Sales"], "variables": ""},
    )

    assert answer.status_code == 302
    made.refresh_from_db()
    assert (made.name, made.expected["said"], made.expected["reached"]) == ("Sales", ["welcome"], "")


def test_a_name_that_is_taken_is_told_at_its_field(editor):
    flow = office()
    scenario(flow, name="A")
    made = scenario(flow, name="B")

    page = editor.post(address("scenario", flow, made.pk), {"name": "A"}).content.decode()

    assert "Another scenario of this flow has this name." in page


def test_what_happens_now_is_accepted_with_one_press(editor):
    flow = office()
    made = failing(flow)
    assert "Expect what happens now" in panel(editor, flow)

    editor.post(address("scenario_accept", flow, made.pk))

    assert "The only scenario passes." in panel(editor, flow)


def test_a_scenario_is_deleted_once_and_again(editor):
    flow = office()
    made = scenario(flow)

    statuses = [editor.post(address("scenario_delete", flow, made.pk)).status_code for _ in range(2)]

    assert statuses == [302, 302]
    assert not Scenario.objects.exists()


def test_suggestions_are_shown_and_added_one_by_one_or_all(editor):
    flow = office()

    page = html.unescape(editor.get(address("scenario_suggestions", flow)).content.decode())

    assert "Line: Nobody staffed" in page
    offered = editor.get(address("scenario_suggestions", flow)).context["suggestions"]
    editor.post(address("scenarios_take_up", flow), {"suggestion": offered[0]["json"]})
    assert Scenario.objects.count() == 1
    editor.post(address("scenarios_take_up", flow), {"suggestion": [one["json"] for one in offered[1:]]})
    page = panel(editor, flow)
    assert "10 of 10 exits" in page
    assert "scenarios pass." in page
    assert "Every exit that callers can come to" in editor.get(address("scenario_suggestions", flow)).content.decode()


@pytest.mark.parametrize("sent", ["nonsense", "{}", '{"name": "A", "conditions": {}, "inputs": [], "expected": {}}'])
def test_what_is_no_suggestion_is_refused(editor, sent):
    assert editor.post(address("scenarios_take_up", office()), {"suggestion": sent}).status_code == 400


def test_a_flow_that_cannot_be_read_says_so(editor):
    flow = office()
    made = scenario(flow, Press("1"))
    Step.objects.filter(name="Menu").update(settings={"nonsense": 1})

    assert "the flow cannot be read" in panel(editor, flow)
    assert "nonsense" in editor.get(address("scenario", flow, made.pk)).content.decode()
    assert "nonsense" in editor.get(address("scenario_suggestions", flow)).content.decode()
    assert editor.post(address("scenario_accept", flow, made.pk)).status_code == 400


def test_who_may_only_look_sees_no_button_and_changes_nothing(client):
    flow = office()
    made = failing(flow)
    client.force_login(rows.person(roles.AUDITOR))

    page = panel(client, flow)

    assert "1 of 1 scenarios fails." in page
    for text in ("Delete", "Expect what happens now", "Change what is expected", "Suggest"):
        assert text not in page
    for name in ("scenario_accept", "scenario_delete"):
        assert client.post(address(name, flow, made.pk)).status_code == 403
    assert client.get(address("scenario", flow, made.pk)).status_code == 403
    assert client.get(address("scenario_suggestions", flow)).status_code == 403
    assert client.post(address("scenario_add", flow)).status_code == 403
    assert client.post(address("scenarios_take_up", flow)).status_code == 403


def test_who_may_not_see_flows_sees_no_scenarios(client):
    client.force_login(rows.person(roles.AGENT))

    assert client.get(address("scenarios", office())).status_code == 403


def test_a_scenario_of_another_flow_is_none_of_this_one(editor):
    made = scenario(office("Other"))

    assert editor.get(address("scenario", office(), made.pk)).status_code == 404


def test_a_suggested_call_comes_on_a_tuesday_to_come():
    berlin = ZoneInfo("Europe/Berlin")

    for day in range(1, 15):
        at = datetime(2026, 3, day, 23, 30, tzinfo=UTC)
        told = _next_tuesday(at, "Europe/Berlin")
        assert (told.weekday(), told.hour, told.tzinfo) == (1, 10, berlin)
        assert 0 < (told - at).total_seconds() < 8 * 86_400


def test_the_numbers_that_are_made_up_are_masked(editor):
    flow = office()
    made = scenario(flow)

    assert CALLER not in editor.get(address("scenario", flow, made.pk)).content.decode()


def test_a_change_elsewhere_shows_when_scenarios_run_again(editor):
    flow = office()
    scenario(flow, Press("1"))
    assert "The only scenario passes." in panel(editor, flow)

    lead_elsewhere(flow)

    assert "1 of 1 scenarios fails." in panel(editor, flow)
