"""Calls that go on in another flow, are hung up on, or are refused before they are answered."""

import pytest

from tests.scenarios import flows
from tests.scenarios.desk import COMPANY, Desk
from tests.scenarios.flows import Choice

SUPPORT = "+15005550101"


def support(desk: Desk, text: str) -> None:
    flow = flows.publish("Support", {"Bye": flows.hang_up(text)}, at=desk.clock.now())
    if not flow.lines.exists():
        flows.line(SUPPORT, flow)


def test_a_flow_goes_on_in_the_version_of_another_that_is_published_at_that_moment(desk: Desk) -> None:
    support(desk, "Old support.")
    other = flows.draft("Support", {"Bye": flows.hang_up("Old support.")})
    steps = {
        "Menu": flows.menu("Press 1.", {"Support": Choice("To support", "1")}, no_input="Bye", wrong_input="Bye"),
        "To support": flows.go_to(other),
        "Bye": flows.hang_up("Goodbye."),
    }
    flows.line(COMPANY, flows.publish("Main", steps, at=desk.clock.now()))
    caller = desk.dial().hears("Press 1.")

    support(desk, "New support.")
    caller.press("1").hears("New support.").is_hung_up_on()

    assert (caller.visit.version.flow.name, caller.visit.version.number) == ("Support", 2)
    assert "left by Support" in caller.story


def test_a_flow_that_is_not_published_any_more_is_gone_round(desk: Desk) -> None:
    support(desk, "Support.")
    other = flows.draft("Support", {"Bye": flows.hang_up("Support.")})
    steps = {"To support": flows.go_to(other, unavailable="Bye"), "Bye": flows.hang_up("Nobody here.")}
    flows.line(COMPANY, flows.publish("Main", steps, at=desk.clock.now()))
    other.published = None
    other.save(update_fields=["published"])

    caller = desk.dial().hears("Nobody here.").is_hung_up_on()

    assert "left by unavailable" in caller.story


@pytest.mark.parametrize("reason", ["completed", "closed", "abuse", "other"])
def test_the_reason_of_a_hang_up_is_kept(desk: Desk, reason: str) -> None:
    flows.line(COMPANY, flows.publish("Main", {"Bye": flows.hang_up("Goodbye.", reason)}, at=desk.clock.now()))

    caller = desk.dial().hears("Goodbye.").is_hung_up_on()

    assert (caller.visit.ending, caller.row.status) == (reason, "completed")
    assert caller.visit.ended_at is not None


@pytest.mark.parametrize(("reason", "status"), [("busy", "busy"), ("rejected", "no-answer")])
def test_a_call_is_refused_before_it_is_answered(desk: Desk, reason: str, status: str) -> None:
    flows.line(COMPANY, flows.publish("Main", {"No": flows.reject(reason)}, at=desk.clock.now()))

    caller = desk.dial().is_hung_up_on()

    assert caller.leg.answered is None
    assert (caller.row.status, caller.row.answered_at, caller.visit.ending) == (status, None, reason)


def test_a_call_is_refused_by_the_hours_before_anything_is_said(desk: Desk) -> None:
    schedule = flows.office_hours(opens=1, closes=2)
    steps = {
        "Open?": flows.hours(schedule, opened="Bye", closed="No", holiday="No"),
        "Bye": flows.hang_up("Goodbye."),
        "No": flows.reject("busy"),
    }
    flows.line(COMPANY, flows.publish("Main", steps, at=desk.clock.now()))

    assert desk.dial().is_hung_up_on().leg.status == "busy"
