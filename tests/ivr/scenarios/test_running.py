"""The scenarios of a flow, run on a draft or version: the world is read once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ivr.models import Scenario, Step
from ivr.scenarios.running import of_document, of_draft
from ivr.trial.conditions import Press, StaySilent
from tests.ivr import rows
from tests.ivr.scenarios.rows import failing, lead_elsewhere, office, scenario

pytestmark = pytest.mark.django_db


def test_all_that_goes_as_expected_passes():
    flow = office()
    scenario(flow, Press("1"), name="Sales")
    scenario(flow, *[StaySilent()] * 3, name="Nobody says anything")

    report = of_draft(flow)

    assert [(one.name, one.passed) for one in report.results] == [("Nobody says anything", True), ("Sales", True)]
    assert (report.failed, report.broken) == ((), "")
    assert report.milliseconds >= sum(one.milliseconds for one in report.results)


def test_what_a_change_breaks_is_told_in_words_with_its_step():
    flow = office()
    failing(flow)

    (result,) = of_draft(flow).failed

    assert "Expected that the caller is in “Line”; in fact the caller comes to the mailbox “Front desk”." in [
        one.text for one in result.differences
    ]
    assert {one.step for one in result.differences} == {str(Step.objects.get(name="Message").pk)}


def test_scenarios_run_on_an_older_version_as_well():
    flow = office()
    rows.publish(flow)
    scenario(flow, Press("1"), name="Sales")
    lead_elsewhere(flow)

    assert of_document(flow, flow.published.document).failed == ()
    assert len(of_draft(flow).failed) == 1


def test_exits_are_covered_by_what_scenarios_take():
    flow = office()
    menu = str(Step.objects.get(name="Menu").pk)
    scenario(flow, Press("1"))

    report = of_draft(flow)

    assert report.covered == {(menu, "Sales")}
    assert len(report.exits) == 10
    assert report.percent == 10
    assert (menu, "Mail") in report.uncovered


def test_what_has_gone_fails_with_its_name():
    flow = office()
    scenario(flow, Press("2"), name="Mail")
    message, menu = Step.objects.get(name="Message"), Step.objects.get(name="Menu")
    menu.exits.filter(target=message).delete()
    Step.objects.get(name="Line").exits.filter(target=message).delete()
    message.delete()

    (result,) = of_draft(flow).failed

    assert [one.text for one in result.differences] == [
        f"The scenario is about the {what}, which is gone: it was deleted, or the flow does not use it any more."
        for what in ("mailbox “Front desk”",)
    ]


def test_a_flow_that_cannot_be_read_fails_them_all():
    flow = office()
    scenario(flow, Press("1"))
    Step.objects.filter(name="Menu").update(settings={"nonsense": 1})

    report = of_draft(flow)

    assert "nonsense" in report.broken
    assert [one.passed for one in report.results] == [False]
    assert report.percent == 100


def test_a_scenario_that_cannot_be_read_fails_alone():
    flow = office()
    scenario(flow, Press("1"), name="A")
    broken = scenario(flow, Press("2"), name="B")
    Scenario.objects.filter(pk=broken.pk).update(inputs=[{"do": "dance"}])

    first, second = of_draft(flow).results

    assert first.passed
    assert second.differences[0].text.startswith("The scenario cannot be read: ")


def test_many_scenarios_are_asked_for_as_few_times_as_one():
    flow = office()
    scenario(flow, Press("1"), name="A")

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as context:
            of_draft(flow)
        return len(context)

    once = asked()
    for number in range(20):
        scenario(flow, Press("1"), name=f"B{number}")

    assert asked() == once


def test_a_flow_without_scenarios_has_nothing_that_fails():
    assert of_draft(office()).results == ()
