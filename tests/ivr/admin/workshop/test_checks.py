"""The panel of checks."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from agents import roles
from tests.ivr import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    client.force_login(rows.person(roles.FLOW_EDITOR))
    return client


def panel(client, flow, **headers):
    return client.get(reverse("admin:ivr_flow_checks", args=[flow.pk]), **headers).content.decode()


def test_a_good_flow_is_told_so_with_its_figures(editor):
    page = panel(editor, rows.simple_flow(), HTTP_HX_REQUEST="true")

    assert page.lstrip().startswith('<div class="cc-checks"')
    assert "Checked: no problems found." in page
    assert "every way ends well" in page
    assert "2 steps" in page
    assert "No line leads here yet" in page
    assert "nowhere: no step is met twice" in page


def test_errors_come_first_each_with_its_step_and_what_to_do(editor):
    flow = rows.simple_flow()
    rows.step(flow, "Forgotten")
    greeting = flow.steps.get(name="Greeting")
    greeting.exits.all().delete()

    page = panel(editor, flow, HTTP_HX_REQUEST="true")

    assert page.index("1 error stops publishing") < page.index("2 things to look at")
    assert escape("Exit “Next” of step “Greeting” leads nowhere.") in page
    assert "Open the step and choose where this exit leads." in page
    assert f'data-step="{greeting.pk}"' in page
    assert "a way is open" in page


def test_a_line_has_its_row(editor):
    flow = rows.publish(rows.simple_flow())
    rows.line("Main line", "+15005550100", flow)

    page = panel(editor, flow, HTTP_HX_REQUEST="true")

    assert "Main line" in page
    assert "No way leads to a person." in page
    assert "data-picture=" in page


def test_it_is_a_page_of_its_own_too(editor):
    page = panel(editor, rows.simple_flow())

    assert "<!DOCTYPE html>" in page
    assert 'class="cc-checks"' in page


def test_a_draft_that_cannot_be_read_is_told(editor):
    flow = rows.simple_flow()
    flow.steps.filter(name="The end").update(settings={"reason": "no such reason"})

    page = panel(editor, flow, HTTP_HX_REQUEST="true")

    assert "The flow cannot be read" in page
    assert "What is certain" not in page


def test_who_may_not_see_flows_sees_no_checks(client):
    client.force_login(rows.person(roles.AGENT))

    assert client.get(reverse("admin:ivr_flow_checks", args=[rows.simple_flow().pk])).status_code == 403


def test_the_panel_asks_as_often_for_many_steps_as_for_few(editor, django_assert_max_num_queries):
    flow = rows.simple_flow()
    for number in range(30):
        rows.says(rows.step(flow, f"Step {number}", "message"), "message", rows.prompt())

    with django_assert_max_num_queries(40):
        panel(editor, flow, HTTP_HX_REQUEST="true")
