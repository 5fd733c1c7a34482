"""Flows checked from a shell and by a build server: readable, with a file, and an exit code that tells."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from junitparser import JUnitXml

from ivr.models import Exit
from ivr.trial.conditions import Press
from tests.ivr import rows
from tests.ivr.scenarios.rows import failing, lead_elsewhere, office, scenario

pytestmark = pytest.mark.django_db


def check(*arguments):
    """Give the exit code and what was written."""
    out = StringIO()
    try:
        call_command("check_flows", *arguments, stdout=out, no_color=True)
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}{error}"
    return 0, out.getvalue()


def test_all_is_well():
    scenario(office(), Press("1"), name="Sales")

    code, told = check()

    assert code == 0
    assert "Flow “Office” (draft)" in told
    assert "  passed  Sales (" in told
    assert "1 of 1 scenario passed in " in told
    assert " ms each, reading included)" in told
    assert "1 of 10 exits covered (10%)" in told
    assert told.endswith("All is well.\n")


def test_a_scenario_that_fails_is_told_in_words_and_ends_with_one():
    failing(office())

    code, told = check()

    assert code == 1
    assert "  FAILED  Sales (" in told
    assert (
        "          Expected that the caller is in “Line”; in fact the caller comes to the mailbox “Front desk”." in told
    )
    assert "0 errors, and 1 scenario failed." in told


def test_errors_of_the_draft_are_told_as_well():
    flow = office()
    Exit.objects.filter(step__flow=flow, name="no_input").delete()

    code, told = check("Office")

    assert code == 1
    assert "  error   Exit “No input” of step “Menu” leads nowhere." in told
    assert "  no scenarios" in told
    assert "1 error, and 0 scenarios failed." in told


def test_flows_are_named_and_what_callers_meet_is_checked():
    flow = rows.publish(office())
    scenario(flow, Press("1"), name="Sales")
    lead_elsewhere(flow)
    office("Other")

    assert check("Office")[0] == 1
    code, told = check("--published")
    assert code == 0
    assert "Flow “Office” (version 1)" in told
    assert "Flow “Other”: never published, so nothing to check." in told


def test_what_is_asked_wrongly_ends_with_two(tmp_path):
    office()

    assert check("Nonsense") == (2, "There is no flow Nonsense.")
    assert check("--published", "Office") == (2, "Flow Office has no published version.")
    code, told = check("--junit", str(tmp_path / "nowhere" / "file.xml"))
    assert code == 2
    assert "cannot be written" in told


def test_a_build_server_reads_the_file(tmp_path):
    flow, path = office(), tmp_path / "flows.xml"
    failing(flow)
    scenario(flow, Press("2"), name="Mail")
    rows.simple_flow("Simple")

    check("--junit", str(path))

    suites = {suite.name: suite for suite in JUnitXml.fromfile(str(path))}
    office_suite = suites["Office (draft)"]
    cases = {case.name: case for case in office_suite}
    assert set(suites) == {"Office (draft)", "Simple (draft)"}
    assert (office_suite.tests, office_suite.failures) == (3, 1)
    assert cases["Mail"].is_passed
    assert cases["Checks"].is_passed
    assert cases["Sales"].time > 0
    assert "in fact the caller comes to the mailbox “Front desk”" in str(cases["Sales"].result[-1].message) + str(
        [one.message for one in cases["Sales"].result]
    )
    assert {case.classname for case in office_suite} == {"Office"}
